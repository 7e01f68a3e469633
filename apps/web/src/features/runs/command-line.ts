// Arguments as one line, in the way that a shell takes words apart. Pure.

type Words =
  | { readonly ok: true; readonly words: readonly string[] }
  /** What is wrong with the line, in a sentence. */
  | { readonly ok: false; readonly problem: string };

/** Inside double quotes a backslash stands for itself unless it comes before one of these. */
const ESCAPED_IN_QUOTES = '"\\$`';

/**
 * The words of a line, by the quoting of the POSIX shell (IEEE 1003.1, 2.2): backslash, single and double quotes.
 * Nothing is expanded: a `*` and a `$HOME` stand for themselves. A line break ends a word, as a space does.
 */
export function wordsOf(line: string): Words {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    const next = line[i + 1];
    if (quote === "'") {
      if (char === quote) quote = null;
      else word += char;
    } else if (
      char === '\\' &&
      (quote === null || (next !== undefined && ESCAPED_IN_QUOTES.includes(next)))
    ) {
      if (next === undefined) {
        return { ok: false, problem: 'A backslash stands at the end. Write two of them for one.' };
      }
      word = (word ?? '') + next;
      i++;
    } else if (quote === '"') {
      if (char === quote) quote = null;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== null) return { ok: false, problem: `A quote is still open. Close it with ${quote}.` };
  if (word !== null) words.push(word);
  return { ok: true, words };
}

/** A line whose words these are. */
export function lineOf(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

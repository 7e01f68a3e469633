// Finds matches in a text. Pure.

/** Every match of `pattern`, which has the flag `g`, first to last. One that would cut a character is left out. */
export function* matchesOf(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  for (const match of text.matchAll(pattern)) {
    if (!splitsPair(text, match.index) && !splitsPair(text, match.index + match[0].length)) yield match;
  }
}

/** Whether a position is inside of a character of two units. */
export function splitsPair(text: string, at: number): boolean {
  return (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

// Finding runs in the history. Pure.
import { LANGUAGES, type Run } from '@codesync/protocol';
import { wordsOf } from './command-line.ts';
import { givenWords } from './configuration-words.ts';
import { plainText } from './transcript.ts';
import { pathOfRun, resultWords } from './words.ts';

/** How a run went, for those who look for such ones. */
export type ResultKind = 'succeeded' | 'failed' | 'stopped' | 'going';

function resultKind({ end }: Run): ResultKind {
  if (end === null) return 'going';
  if (end.reason === 'stopped') return 'stopped';
  return end.reason === 'exit' && end.exitCode === 0 ? 'succeeded' : 'failed';
}

/** All that a run is found by: who, what, given what, how it ended, and what it printed as far as that is known. */
function textOf(run: Run, by: string): string {
  return [
    by,
    pathOfRun(run),
    LANGUAGES[run.language].label,
    ...givenWords(run),
    resultWords(run),
    run.end?.message ?? '',
    plainText(run.output),
  ]
    .join('\n')
    .toLowerCase();
}

/**
 * Whether a run has every word of `words`, whatever their case, and went like that; null: however it went. What stands in
 * quotes is one word, with its spaces.
 * @param printed the words that are known to be in its output, where that is not here.
 */
export function isSought(
  run: Run,
  by: string,
  words: string,
  result: ResultKind | null,
  printed: readonly string[] = [],
): boolean {
  if (result !== null && resultKind(run) !== result) return false;
  const sought = soughtIn(words);
  if (sought.length === 0) return true;
  const text = textOf(run, by);
  return sought.every((word) => text.includes(word) || printed.includes(word));
}

/** The words in small letters, each once. While a quote is still open it is a mark like any other. */
export function soughtIn(typed: string): readonly string[] {
  const words = typed.toLowerCase();
  const read = wordsOf(words);
  return [...new Set(read.ok ? read.words : words.split(/\s+/))].filter((word) => word !== '');
}

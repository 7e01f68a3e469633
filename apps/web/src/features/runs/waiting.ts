// Whether a program waits for input, as far as that can be seen from outside. Pure.
import type { Language, Run } from '@codesync/protocol';

/** A program that asks prints a line without its end, and then nothing for so long. */
const ASKED_MS = 300;
/** A program that reads without asking prints nothing for so long. */
const SILENT_MS = 1_200;

const READS: Readonly<Record<Language, RegExp>> = {
  python: /\binput\s*\(|\bstdin\b|\bfileinput\b/,
  javascript: /\bstdin\b|\breadline\b|\/dev\/stdin/,
  go: /\bos\.Stdin\b|\bfmt\.Scan/,
  rust: /\bstdin\s*\(/,
};

/** Whether a program with this text may read its input at all. */
export function readsInput(language: Language, text: string): boolean {
  return READS[language].test(text);
}

/**
 * How long, in milliseconds, a run must print nothing before it is taken to wait for input. Null if it does not wait.
 * `reads`: its program may read its input.
 */
export function quietUntilWaiting(run: Run, reads: boolean): number | null {
  if (run.phase !== 'running' || run.inputEnded !== undefined) return null;
  const last = run.output.at(-1);
  const asks = last !== undefined && last.stream !== 'stdin' && !last.text.endsWith('\n');
  if (asks) return ASKED_MS;
  return reads ? SILENT_MS : null;
}

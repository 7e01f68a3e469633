// Whether a program waits for its input, as far as it can be seen from outside. Pure.
import type { Language, Run } from '@codesync/protocol';

/** A question stands on its line without an end, and nothing follows it. */
const ASKED_MS = 300;
/** A program that reads without a question is only known by its silence. */
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
 * For how many milliseconds a run has to print nothing more to be taken for one that waits for input; null where it
 * does not wait. `reads`: its program may read its input.
 */
export function quietUntilWaiting(run: Run, reads: boolean): number | null {
  if (run.phase !== 'running') return null;
  const last = run.output.at(-1);
  const asks = last !== undefined && last.stream !== 'stdin' && !last.text.endsWith('\n');
  if (asks) return ASKED_MS;
  return reads ? SILENT_MS : null;
}

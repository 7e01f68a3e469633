// Refusals that belong to no single control. Pure: each function returns the next list.
import type { RefusalCode } from '@codesync/protocol';

/** `code`: of the refusal that it is; null where it is none of the server's. */
export type Problem = { readonly id: number; readonly code: RefusalCode | null; readonly message: string };

const MOST = 3;

/** The same one is not said twice; the oldest give way. */
export function addProblem(
  before: readonly Problem[],
  message: string,
  code: RefusalCode | null,
): readonly Problem[] {
  if (before.some((problem) => problem.message === message)) return before;
  return [...before, { id: (before.at(-1)?.id ?? 0) + 1, code, message }].slice(-MOST);
}

/** Those that are still so; the same list when all are. */
export function keepProblems(
  before: readonly Problem[],
  isStill: (code: RefusalCode) => boolean,
): readonly Problem[] {
  const kept = before.filter(({ code }) => code === null || isStill(code));
  return kept.length === before.length ? before : kept;
}

import { useCallback, useState } from 'react';

export type Problem = { readonly id: number; readonly message: string };

/** Refusals that belong to no single control. Each stays until it is dismissed; the same one is not said twice. */
export function useProblems(): {
  readonly problems: readonly Problem[];
  readonly report: (message: string) => void;
  readonly dismiss: (id: number) => void;
} {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const report = useCallback((message: string) => {
    setProblems((before) =>
      before.some((problem) => problem.message === message)
        ? before
        : [...before, { id: (before.at(-1)?.id ?? 0) + 1, message }].slice(-3),
    );
  }, []);
  const dismiss = useCallback((id: number) => {
    setProblems((before) => before.filter((problem) => problem.id !== id));
  }, []);
  return { problems, report, dismiss };
}

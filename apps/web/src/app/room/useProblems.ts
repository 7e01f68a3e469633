import type { RefusalCode } from '@codesync/protocol';
import { useCallback, useEffect, useState } from 'react';
import { isStill } from '../../room-source/still.ts';
import type { SteadyView } from './useRoomView.ts';

/** `code`: of the refusal that it is; null where it is none of the server's. */
export type Problem = { readonly id: number; readonly code: RefusalCode | null; readonly message: string };

export type Report = (message: string, code?: RefusalCode | null) => void;

/**
 * Refusals that belong to no single control. Each stays until it is dismissed or no longer so; the same one is not said
 * twice.
 */
export function useProblems(view: SteadyView): {
  readonly problems: readonly Problem[];
  readonly report: Report;
  readonly dismiss: (id: number) => void;
} {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const report = useCallback<Report>((message, code = null) => {
    setProblems((before) =>
      before.some((problem) => problem.message === message)
        ? before
        : [...before, { id: (before.at(-1)?.id ?? 0) + 1, code, message }].slice(-3),
    );
  }, []);
  const dismiss = useCallback((id: number) => {
    setProblems((before) => before.filter((problem) => problem.id !== id));
  }, []);
  useEffect(() => {
    setProblems((before) => {
      const now = before.filter(({ code }) => code === null || isStill(code, view));
      return now.length === before.length ? before : now;
    });
  }, [view]);
  return { problems, report, dismiss };
}

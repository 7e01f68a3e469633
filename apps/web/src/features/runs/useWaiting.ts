import type { Run } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { quietUntilWaiting } from './waiting.ts';

/** Whether `run` most likely waits for input; `reads` as in `quietUntilWaiting`. */
export function useWaiting(run: Run | null, reads: boolean): boolean {
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    setWaiting(false);
    const quietMs = run === null ? null : quietUntilWaiting(run, reads);
    if (quietMs === null) return;
    const timer = setTimeout(() => setWaiting(true), quietMs);
    return () => clearTimeout(timer);
  }, [run, reads]);
  return waiting;
}

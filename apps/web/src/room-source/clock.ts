// Time and chance as the live driver sees them, so that tests can hold them.
import type { Clock as Time } from '@codesync/protocol';

export type Clock = Time & {
  /** At least 0, below 1: for jitter. */
  readonly random: () => number;
};

/**
 * A clock that never goes back. A machine's clock goes back when it is set right, for example after a sleep. Whatever
 * waits for a moment would then wait for it a second time. Where `read` goes back, this clock goes on from where it
 * was.
 */
export function steady(read: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let ahead = 0;
  return () => {
    const now = read() + ahead;
    if (now < last) ahead += last - now;
    last = Math.max(last, now);
    return last;
  };
}

export const systemClock: Clock = {
  now: steady(() => Date.now()),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

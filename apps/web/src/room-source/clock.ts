// Time as the live driver sees it, so that tests can hold it.

export type Clock = {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls `run` once after `ms`; the returned function calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** At least 0, below 1: for jitter. */
  readonly random: () => number;
};

/**
 * A clock that goes on where `read` goes back, as a machine's does that is set right after a sleep: else whatever
 * waits until a moment would wait for it a second time.
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

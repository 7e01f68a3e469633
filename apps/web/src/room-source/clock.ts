// Time as the live driver sees it, so that tests can hold it.

export type Clock = {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls `run` once after `ms`; the returned function calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** At least 0, below 1: for jitter. */
  readonly random: () => number;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Time as the logic sees it, so that a test can control it. */
export type Clock = {
  /** Milliseconds: Unix time on the server and the page, a monotonic clock with any zero on the runner. */
  readonly now: () => number;
  /** Calls `run` once after `ms`. The returned function cancels that. */
  readonly after: (ms: number, run: () => void) => () => void;
};

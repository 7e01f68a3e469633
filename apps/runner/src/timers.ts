/** Time as the runner's logic sees it: a test gives its own. Milliseconds. */

export type Timer = { cancel(): void };

export type Timers = {
  /** A clock that only goes forward; its zero means nothing. */
  readonly now: () => number;
  readonly after: (ms: number, call: () => void) => Timer;
};

export const realTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

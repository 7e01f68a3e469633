import type { Clock } from '@codesync/protocol';

/** The process's own time, which no setting of the machine's clock moves. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

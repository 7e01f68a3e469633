// Time that a test moves.
import type { Clock } from '../src/index.ts';

declare function setImmediate(run: (value: unknown) => void): unknown;

/** Lets everything go on that waits for promises, and nothing else. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

type Timer = { readonly at: number; readonly run: () => void };

/** A clock that moves when the test says so. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  /** In the order in which they were asked for. */
  #timers: readonly Timer[] = [];

  readonly now = (): number => this.#now;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers = [...this.#timers, timer];
    return () => this.#drop(timer);
  };

  /** Lets `ms` pass, running what falls due in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.#runNext(end));
    this.#now = end;
  }

  /** Lets `ms` pass, running what falls due in order, with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    do await settle();
    while (this.#runNext(end));
    this.#now = end;
  }

  /** The machine sleeps: time passes, and timers run late. */
  sleep(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }

  /** Runs the next timer that is due by `end`. False if there was none. */
  #runNext(end: number): boolean {
    const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    if (next === undefined) return false;
    this.#drop(next);
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }

  #drop(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}

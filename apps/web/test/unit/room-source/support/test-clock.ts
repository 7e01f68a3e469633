// Time that the test moves, and chance from a seed.
import type { Clock } from '../../../../src/room-source/clock.ts';

type Timer = { readonly at: number; readonly order: number; readonly run: () => void };

/** A small seeded generator (mulberry32 by Tommy Ettinger, public domain): at least 0, below 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class TestClock implements Clock {
  #now = 1_700_000_000_000;
  #order = 0;
  #timers: Timer[] = [];
  readonly random: () => number;

  constructor(random: () => number = seeded(1)) {
    this.random = random;
  }

  now = (): number => this.#now;

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Lets `ms` pass, running what falls due in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
  }

  /** The machine sleeps: time passes, and timers run late. */
  sleep(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }
}

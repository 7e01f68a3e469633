import type { Timers } from '../../src/timers.ts';

/** A clock that moves only when the test says so. */
export class FakeTimers implements Timers {
  #now = 0;
  #due: { at: number; call: () => void }[] = [];

  readonly now = () => this.#now;

  readonly after = (ms: number, call: () => void) => {
    const entry = { at: this.#now + ms, call };
    this.#due.push(entry);
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== entry);
      },
    };
  };

  /** Lets time pass; what falls due is called in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }
}

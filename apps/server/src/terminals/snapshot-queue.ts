// Snapshots one after the other. Somebody who asks for many holds up others who ask, and no shell.
import type { Clock } from '../ports.ts';
import type { Snapshot } from './screen.ts';

/** After a snapshot, the thread is left to the shells for so many times as long as it took. */
const REST = 3;

type Asked = { readonly screen: number; lines: number; readonly by: number[] };

export type SnapshotQueueOptions = {
  readonly clock: Pick<Clock, 'after'>;
  /** Takes a snapshot of a screen; null if there is no such screen any more. */
  readonly take: (screen: number, lines: number) => Promise<Snapshot | null>;
  readonly answer: (asked: number, snapshot: Snapshot | null) => void;
};

export class SnapshotQueue {
  readonly #options: SnapshotQueueOptions;
  readonly #waiting: Asked[] = [];
  #busy = false;

  constructor(options: SnapshotQueueOptions) {
    this.#options = options;
  }

  /** Those who wait for the same screen get the same snapshot, with as many lines as any of them wants. */
  ask(screen: number, lines: number, asked: number): void {
    const same = this.#waiting.find((other) => other.screen === screen);
    if (same === undefined) this.#waiting.push({ screen, lines, by: [asked] });
    else {
      same.lines = Math.max(same.lines, lines);
      same.by.push(asked);
    }
    this.#next();
  }

  #next(): void {
    if (this.#busy) return;
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#busy = true;
    const { clock, take, answer } = this.#options;
    void take(first.screen, first.lines).then((snapshot) => {
      for (const asked of first.by) answer(asked, snapshot);
      clock.after(REST * (snapshot?.tookMs ?? 0), () => {
        this.#busy = false;
        this.#next();
      });
    });
  }
}

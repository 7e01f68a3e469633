// Who waits for what was typed until now to be in the log.
import type { Clock } from './clock.ts';
import type { LiveFile } from './live-file.ts';

type Flush = {
  /** How many edits each file had when the wait began. */
  readonly made: ReadonlyMap<LiveFile, number>;
  readonly done: () => void;
};

export class Flushes {
  readonly #clock: Clock;
  #waiting: readonly Flush[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when all edits that `files` have now are in the log, or taken back. It does not wait for what is typed
   * later. Rejects with the sentence that `why` gives when `timeoutMs` have passed.
   */
  wait(files: Iterable<LiveFile>, timeoutMs: number, why: () => string): Promise<void> {
    const made = new Map<LiveFile, number>();
    for (const file of files) if (file.saved < file.made) made.set(file, file.made);
    if (made.size === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const flush: Flush = {
        made,
        done: () => {
          cancel();
          resolve();
        },
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        this.#waiting = this.#waiting.filter((other) => other !== flush);
        reject(new Error(why()));
      });
      this.#waiting = [...this.#waiting, flush];
    });
  }

  /** Something may have been saved. */
  look(): void {
    this.#waiting = this.#waiting.filter(({ made, done }) => {
      for (const [file, count] of made) if (file.saved < count) return true;
      done();
      return false;
    });
  }
}

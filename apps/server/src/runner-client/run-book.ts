// The runs that are going at one runner, and whom to tell of them. Pure but for the clock and the log that it is given.
import {
  LOST_RUN,
  type RunEnd,
  type RunId,
  type RunnerEnded,
  type RunnerOutput,
  type RunnerPhase,
} from '@codesync/protocol';
import type { Clock, Log, RunListener } from '../ports.ts';

export type RunBookOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Has the runner end a run. */
  readonly stop: (run: RunId) => void;
  /** A run has ended: nothing more is done for it. */
  readonly ended: (run: RunId) => void;
};

/** What a runner says of a run. */
export type RunNews = RunnerPhase | RunnerOutput | RunnerEnded;

/** Nothing of a run outlives five minutes: a runner that has not told its end by then has lost it. */
export const RUN_MS = 5 * 60_000 + 10_000;

type Going = {
  readonly listener: RunListener;
  readonly callOff: () => void;
  /** The number of its last output. */
  outputs: number;
};

/** Ends every run that is entered, once, whatever the runner says. */
export class RunBook {
  readonly #options: RunBookOptions;
  readonly #going = new Map<RunId, Going>();

  constructor(options: RunBookOptions) {
    this.#options = options;
  }

  /** Takes note of a run that is about to start. */
  enter(run: RunId, listener: RunListener): void {
    const callOff = this.#options.clock.after(RUN_MS, () => this.#giveUp(run));
    this.#going.set(run, { listener, callOff, outputs: 0 });
  }

  /**
   * Passes on what the runner says; news of a run that is not going are dropped. So is an output that came before. A run
   * with a gap in its outputs is ended as lost: nobody is shown a text with a hole in it.
   */
  hear(news: RunNews): void {
    const going = this.#going.get(news.run);
    if (going === undefined) return;
    switch (news.type) {
      case 'run.phase':
        going.listener.phase(news.phase);
        return;
      case 'run.output': {
        const { type: _, run, n, ...words } = news;
        if (n <= going.outputs) return;
        if (n > going.outputs + 1) {
          this.#options.log.error({ run, n, after: going.outputs }, 'output of a run was lost on its way');
          this.#giveUp(run);
          return;
        }
        going.outputs = n;
        going.listener.output(words);
        return;
      }
      case 'run.ended': {
        const { type: _, run, compileMs: __, cached: ___, ...end } = news;
        this.#end(run, end);
      }
    }
  }

  /** Ends a run of which nothing is known any more. */
  lose(run: RunId): void {
    this.#end(run, LOST_RUN);
  }

  /** Ends all of them so. */
  loseAll(): void {
    for (const run of [...this.#going.keys()]) this.lose(run);
  }

  /** Ends a run of which nothing was begun, because of its files. `message` says why. */
  refuse(run: RunId, message: string): void {
    this.#end(run, { ...LOST_RUN, reason: 'files', message });
  }

  #giveUp(run: RunId): void {
    this.#options.stop(run);
    this.lose(run);
  }

  #end(run: RunId, end: RunEnd): void {
    const going = this.#going.get(run);
    if (going === undefined) return;
    this.#going.delete(run);
    going.callOff();
    this.#options.ended(run);
    going.listener.ended(end);
  }
}

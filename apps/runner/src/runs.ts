/** All runs that are under way: starts them, finds them for stop and input, and forgets them at their end. */
import {
  type BlobNone,
  type BlobPart,
  type Clock,
  RUNNER_LIMITS as LIMITS,
  type RunId,
  type RunnerStart,
  type RunnerStdin,
} from '@codesync/protocol';
import { type BinaryCache, binaryKey } from './binary-cache.ts';
import { Blobs } from './blobs.ts';
import { CACHE_BLOB_BYTES } from './limits.ts';
import type { Pool } from './pool.ts';
import type { PoolKey } from './profiles.ts';
import { Run, type RunEvent } from './run.ts';
import type { Sandbox } from './sandbox.ts';
import { startProblem } from './start-problem.ts';

export type RunsOptions = {
  readonly pool: Pool<PoolKey, Sandbox>;
  readonly cache: BinaryCache;
  /** What the binaries were compiled by and for; null while there is no image. */
  readonly image: () => string | null;
  /** Why nothing can be run now, as a sentence; null when it can. */
  readonly unready: () => string | null;
  readonly clock: Clock;
  readonly log: (problem: string) => void;
};

export class Runs {
  readonly #options: RunsOptions;
  readonly #runs = new Map<RunId, Run>();
  readonly #blobs = new Blobs(CACHE_BLOB_BYTES);

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Begins a run; all it has to say goes to `emit`. False when a run of this id is under way: nothing is begun. */
  start(start: RunnerStart, emit: (event: RunEvent) => void): boolean {
    if (this.#runs.has(start.run)) return false;
    const { pool, cache, clock, log } = this.#options;
    const image = this.#options.image() ?? '';
    const compiles = start.language === 'go' || start.language === 'rust';
    const key = compiles ? binaryKey(image, start) : '';
    const run = new Run(start, {
      emit: (event) => {
        if (event.type === 'run.ended') this.#runs.delete(start.run);
        emit(event);
      },
      acquire: (self) =>
        pool.acquire(start.language, start, {
          given: (sandbox) => self.given(sandbox),
          waiting: (position) => self.waiting(position),
          refused: (reason) => self.refused(reason),
        }),
      release: (sandbox) => pool.release(start.language, sandbox),
      wantBlob: (blob, asker) => this.#blobs.want(blob, asker),
      cachedBinary: () => (compiles ? cache.get(start.room, key) : undefined),
      keepBinary: (binary) => cache.put(start.room, key, binary),
      log,
      clock,
    });
    this.#runs.set(start.run, run);
    const problem = startProblem(start);
    const unready = this.#options.unready();
    if (problem !== null) run.refuse('files', problem);
    else if (unready !== null) run.refuse('infrastructure', unready);
    else if (pool.waiting(start.language) >= LIMITS.queue)
      run.refuse('infrastructure', `${LIMITS.queue} runs wait already. Try again in a moment.`);
    else if (pool.waiting(start.language, start.network) >= LIMITS.queuePerNetwork)
      run.refuse(
        'infrastructure',
        `${LIMITS.queuePerNetwork} runs from your network address wait already. Try again in a moment.`,
      );
    else run.begin();
    return true;
  }

  stop(run: RunId): void {
    this.#runs.get(run)?.stop();
  }

  stdin(message: RunnerStdin): void {
    this.#runs.get(message.run)?.stdin(message.text, message.eof);
  }

  /** What came of a `blob.wanted`. */
  blob(message: BlobPart | BlobNone): void {
    if (message.type === 'blob.part') this.#blobs.take(message);
    else this.#blobs.none(message);
  }

  /** Ends every run because the runner goes. */
  abandonAll(message: string): void {
    for (const run of [...this.#runs.values()]) run.abandon(message);
  }
}

// A runner without sandboxes: does what the test says, or what the first line of a program says.
import { createHash } from 'node:crypto';
import { LOST_RUN, type RunEnd, type RunId, type SandboxStatus } from '@codesync/protocol';
import type { BlobReader, RunListener, Runner, RunRequest } from '../../src/ports.ts';
import { blobOf, orderOf, printed } from './orders.ts';

export const EXIT_0: RunEnd = {
  reason: 'exit',
  exitCode: 0,
  signal: null,
  wallMs: 5,
  cpuMs: 4,
  peakBytes: 1_000,
  truncated: { stdout: 0, stderr: 0 },
};

const STOPPED: RunEnd = { ...EXIT_0, reason: 'stopped', exitCode: null, message: 'Stopped.' };

type Going = { readonly listener: RunListener; readonly echoes: boolean };

export class MemoryRunner implements Runner {
  current: SandboxStatus = { state: 'ready', warm: {}, busy: 0 };
  /** What was started. By the listener a test says what becomes of it; it is deaf once it has heard the end. */
  readonly started: { readonly request: RunRequest; readonly listener: RunListener }[] = [];
  readonly stopped: RunId[] = [];
  readonly typed: string[] = [];
  readonly #going = new Map<RunId, Going>();
  readonly #readBlob: BlobReader;
  #lost = false;

  /** @param readBlob is for programs that read files that are no text. */
  constructor(readBlob: BlobReader = nothingToRead) {
    this.#readBlob = readBlob;
  }

  status(): SandboxStatus {
    return this.current;
  }

  facts(): null {
    return null;
  }

  onStatus(): void {}

  start(request: RunRequest, told: RunListener): void {
    const { run } = request;
    const { order, argument } = orderOf(request);
    const listener: RunListener = {
      phase: (phase) => {
        if (this.#going.has(run)) told.phase(phase);
      },
      output: (words) => {
        if (this.#going.has(run)) told.output(words);
      },
      ended: (end) => {
        if (this.#going.delete(run)) told.ended(end);
      },
    };
    this.#going.set(run, { listener, echoes: order === 'echo' });
    this.started.push({ request, listener });
    queueMicrotask(() => {
      if (this.#lost) listener.ended(LOST_RUN);
      if (['print', 'echo', 'wait'].includes(order)) listener.phase('running');
      if (order === 'sum') void this.#sum(request, argument, listener);
      if (order !== 'print') return;
      for (const words of printed(argument)) listener.output(words);
      listener.ended(EXIT_0);
    });
  }

  stop(run: RunId): void {
    this.stopped.push(run);
    queueMicrotask(() => this.#going.get(run)?.listener.ended(STOPPED));
  }

  input(run: RunId, text: string, eof: boolean): void {
    this.typed.push(text);
    const going = this.#going.get(run);
    if (!going?.echoes) return;
    queueMicrotask(() => {
      if (text !== '') going.listener.output({ stream: 'stdout', text: `read ${text}` });
      if (eof) going.listener.ended(EXIT_0);
    });
  }

  async #sum(request: RunRequest, argument: string, listener: RunListener): Promise<void> {
    const sum = createHash('sha256');
    try {
      for await (const part of this.#readBlob(request.room, blobOf(request, argument))) sum.update(part);
    } catch {
      listener.ended(LOST_RUN);
      return;
    }
    listener.phase('running');
    listener.output({ stream: 'stdout', text: `${sum.digest('hex')}\n` });
    listener.ended(EXIT_0);
  }

  /** Loses what is going and whatever is started from now on. */
  lose(): void {
    this.#lost = true;
    for (const { listener } of [...this.#going.values()]) listener.ended(LOST_RUN);
  }
}

const nothingToRead: BlobReader = () => {
  throw new Error('this runner has no blobs');
};

/**
 * One container with its agent: made, attached to, started and ready, then used for one run and destroyed.
 * The only file that speaks to the engine about containers that run code; it never executes anything in one.
 */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language } from '@codesync/protocol';
import type Docker from 'dockerode';
import { AttachDecoder } from './attach-stream.ts';
import { containerSpec } from './container-spec.ts';
import { encodeFrame, FROM_AGENT, type Frame, FrameDecoder } from './frames.ts';
import { READY_MS } from './limits.ts';

/** What a run needs of a sandbox. */
export type Sandbox = {
  readonly language: Language;
  readonly slot: number;
  /** Sends one frame to the agent; after the end it does nothing. */
  send(type: string, payload?: Buffer | string): void;
  /**
   * Hands over the agent's frames from now on, and the end of the stream, which comes once. `lost` is a few
   * words for the log: what the agent said on its standard error, or why the stream broke.
   */
  listen(listener: { frame(frame: Frame): void; closed(lost: string): void }): void;
  /** Removes the container. Never throws; a second call is the same call. */
  destroy(): Promise<void>;
};

export type SandboxFactory = {
  readonly docker: Docker;
  readonly image: string;
  readonly instance: string;
  readonly runner: string;
  readonly cpus: number;
  readonly runtime?: string | undefined;
  /** The ids of the containers whose stream is open: kept by the sandboxes made here. */
  readonly attached: Set<string>;
};

/** The end of its input ends the agent; one that does not heed it is removed by force after this long. */
const LEAVE_MS = 1_000;

/** Enough of the agent's last words to know what went wrong. */
const LAST_WORDS_BYTES = 2_000;

/** Makes a sandbox and waits until its agent is ready. Throws, leaving nothing behind, when it does not get there. */
export async function startSandbox(
  factory: SandboxFactory,
  language: Language,
  slot: number,
): Promise<Sandbox> {
  const { docker } = factory;
  const container = await docker.createContainer(containerSpec({ ...factory, language, slot }));
  try {
    const stream = (await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    })) as Duplex;
    const sandbox = new AttachedSandbox(container, stream, language, slot, factory.attached);
    const ready = sandbox.ready();
    // Attached before the start, so that not a byte is missed. A stream that breaks meanwhile is the news.
    await Promise.all([container.start(), ready]);
    return sandbox;
  } catch (error) {
    factory.attached.delete(container.id);
    await remove(container);
    throw error;
  }
}

class AttachedSandbox implements Sandbox {
  readonly language: Language;
  readonly slot: number;
  readonly #container: Docker.Container;
  readonly #stream: Duplex;
  readonly #attached: Set<string>;
  readonly #attach = new AttachDecoder();
  readonly #frames = new FrameDecoder();
  #listener: { frame(frame: Frame): void; closed(lost: string): void } | null = null;
  #waiting: Frame[] = [];
  #lastWords = '';
  #closed: string | null = null;
  #destroyed: Promise<void> | null = null;

  constructor(
    container: Docker.Container,
    stream: Duplex,
    language: Language,
    slot: number,
    attached: Set<string>,
  ) {
    this.#container = container;
    this.#stream = stream;
    this.#attached = attached;
    attached.add(container.id);
    this.language = language;
    this.slot = slot;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#close(error.message));
    stream.on('end', () => this.#close('the stream ended'));
    stream.on('close', () => this.#close('the stream was closed'));
  }

  send(type: string, payload: Buffer | string = ''): void {
    if (this.#closed === null && !this.#stream.writableEnded) this.#stream.write(encodeFrame(type, payload));
  }

  listen(listener: { frame(frame: Frame): void; closed(lost: string): void }): void {
    this.#listener = listener;
    for (const frame of this.#waiting.splice(0)) listener.frame(frame);
    if (this.#closed !== null) listener.closed(this.#closed);
  }

  destroy(): Promise<void> {
    this.#listener = null;
    this.#destroyed ??= this.#tearDown();
    return this.#destroyed;
  }

  /** Resolves with the agent's READY; rejects when the stream ends first or the time is up. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the agent was not ready after ${READY_MS} ms`)),
        READY_MS,
      );
      const settle = (problem: Error | null) => {
        clearTimeout(timer);
        this.#listener = null;
        if (problem) reject(problem);
        else resolve();
      };
      this.listen({
        frame: (frame) =>
          settle(frame.type === FROM_AGENT.ready ? null : new Error(`frame ${frame.type} before READY`)),
        closed: (lost) => settle(new Error(`the agent ended before it was ready: ${lost}`)),
      });
    });
  }

  async #tearDown(): Promise<void> {
    // The engine removes a container that has ended by itself, with a quarter less work than one that it has to kill.
    const removed = this.#container.wait({ condition: 'removed' }).then(
      () => true,
      () => false,
    );
    this.#stream.end();
    if (!(await Promise.race([removed, sleep(LEAVE_MS, false)]))) await remove(this.#container);
    this.#stream.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#destroyed !== null) return;
    try {
      for (const piece of this.#attach.push(chunk)) {
        if (piece.stream === 'stderr') {
          this.#lastWords = (this.#lastWords + piece.bytes.toString('utf8')).slice(-LAST_WORDS_BYTES);
          continue;
        }
        for (const frame of this.#frames.push(piece.bytes)) {
          if (this.#listener) this.#listener.frame(frame);
          else this.#waiting.push(frame);
        }
      }
    } catch (error) {
      this.#close(error instanceof Error ? error.message : String(error));
      this.#stream.destroy();
    }
  }

  #close(reason: string): void {
    if (this.#closed !== null) return;
    this.#attached.delete(this.#container.id);
    this.#closed = this.#lastWords.trim() || reason;
    this.#listener?.closed(this.#closed);
  }
}

/** Removes a container that may be running, gone already, or on its way out by itself. */
async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch {
    // Gone, going, or the engine is: in each case the end of the agent's input takes it away, and the reaper
    // looks again at the next start.
  }
}

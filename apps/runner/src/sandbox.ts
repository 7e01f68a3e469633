/**
 * One container with its agent: made, attached to, started and ready, then used by one run or one room and destroyed.
 * The only file that speaks to the engine about containers that run code; it never executes anything in one.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '@codesync/protocol';
import type Docker from 'dockerode';
import { AttachDecoder } from './attach-stream.ts';
import { containerSpec } from './container-spec.ts';
import { answered } from './deadline.ts';
import { encodeFrame, encodeHeader, FROM_AGENT, type Frame, FrameDecoder, RUN_CHANNEL } from './frames.ts';
import { READY_MS } from './limits.ts';
import { memoryKillIn, onMemoryKill } from './memory-kill.ts';
import type { Purpose } from './profiles.ts';

/** What a run or a workspace needs of a sandbox. */
export type Sandbox = {
  /**
   * Sends one frame to the agent, on the channel of the run unless told otherwise; after the end it does nothing. Nobody
   * may change the payload afterwards.
   */
  send(type: string, payload?: Buffer | string, channel?: number): void;
  /**
   * Hands over the agent's frames from now on, and the end of the stream, which comes once. `lost` is a few
   * words for the log: what the agent said on its standard error, or why the stream broke.
   */
  listen(listener: { frame(frame: Frame): void; closed(lost: string): void }): void;
  /** Whether the kernel ended something in it for want of memory. For a sandbox whose stream ended. Never rejects. */
  ranOutOfMemory(): Promise<boolean>;
  /** Tells from now on, until it is destroyed, when the kernel ends something in it for want of memory. */
  onMemoryKill(heard: () => void): void;
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
  /** Kept by the sandboxes made here. */
  readonly attached: Attached;
  readonly clock: Clock;
};

/** The containers whose stream is open, by their ids. `lose` ends it from here, as when the engine closes it. */
export type Attached = Map<string, { lose(reason: string): void }>;

/** The end of its input ends the agent; one that does not heed it is removed by force after this long. */
const LEAVE_MS = 1_000;

/** A payload of more bytes is not copied: many sandboxes may be sent the same one. */
const COPIED_BYTES = 65_536;

/** Enough of the agent's last words to know what went wrong. */
const LAST_WORDS_BYTES = 2_000;

/** Makes a sandbox and waits until its agent is ready. Throws, leaving nothing behind, when it does not get there. */
export async function startSandbox(
  factory: SandboxFactory,
  purpose: Purpose,
  slot: number,
): Promise<Sandbox> {
  const { docker, attached, clock } = factory;
  const container = await answered(docker.createContainer(containerSpec({ ...factory, purpose, slot })), {
    late: (unwanted) => void remove(unwanted, clock),
    clock,
  });
  try {
    const both = { stdin: true, stdout: true, stderr: true };
    const stream = (await answered(container.attach({ stream: true, ...both, hijack: true }), {
      late: (unwanted) => {
        // Its closing ends the agent, too. Nobody else listens to it.
        unwanted.on('error', () => {});
        (unwanted as Duplex).destroy();
      },
      clock,
    })) as Duplex;
    const sandbox = new AttachedSandbox(
      docker,
      container,
      stream,
      attached,
      clock,
      purpose.profile === 'run',
    );
    const ready = sandbox.ready();
    // Attached before the start, so that not a byte is missed. A stream that breaks meanwhile is the news.
    await Promise.all([answered(container.start(), { clock }), ready]);
    return sandbox;
  } catch (error) {
    attached.get(container.id)?.lose('it did not get ready');
    await remove(container, clock);
    throw error;
  }
}

class AttachedSandbox implements Sandbox {
  readonly #docker: Docker;
  readonly #container: Docker.Container;
  readonly #stream: Duplex;
  readonly #attached: Attached;
  readonly #clock: Clock;
  /** That of the run; a workspace has many. */
  readonly #oneChannel: boolean;
  readonly #attach = new AttachDecoder();
  readonly #frames = new FrameDecoder();
  #listener: { frame(frame: Frame): void; closed(lost: string): void } | null = null;
  #waiting: Frame[] = [];
  #lastWords = '';
  #closed: string | null = null;
  #destroyed: Promise<void> | null = null;
  #callOffMemory: (() => void) | null = null;

  constructor(
    docker: Docker,
    container: Docker.Container,
    stream: Duplex,
    attached: Attached,
    clock: Clock,
    oneChannel: boolean,
  ) {
    this.#docker = docker;
    this.#container = container;
    this.#stream = stream;
    this.#attached = attached;
    this.#clock = clock;
    this.#oneChannel = oneChannel;
    attached.set(container.id, this);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#close(error.message));
    stream.on('end', () => this.#close('the stream ended'));
    stream.on('close', () => this.#close('the stream was closed'));
  }

  send(type: string, payload: Buffer | string = '', channel: number = RUN_CHANNEL): void {
    if (this.#closed !== null || this.#stream.writableEnded) return;
    if (typeof payload === 'string' || payload.length <= COPIED_BYTES) {
      this.#stream.write(encodeFrame(channel, type, payload));
      return;
    }
    this.#stream.cork();
    this.#stream.write(encodeHeader(channel, type, payload.length));
    this.#stream.write(payload);
    this.#stream.uncork();
  }

  listen(listener: { frame(frame: Frame): void; closed(lost: string): void }): void {
    this.#listener = listener;
    for (const frame of this.#waiting.splice(0)) listener.frame(frame);
    if (this.#closed !== null) listener.closed(this.#closed);
  }

  ranOutOfMemory(): Promise<boolean> {
    return memoryKillIn(this.#docker, this.#container.id, this.#clock);
  }

  onMemoryKill(heard: () => void): void {
    this.#callOffMemory = onMemoryKill(this.#docker, this.#container.id, heard);
  }

  destroy(): Promise<void> {
    this.#listener = null;
    this.#callOffMemory?.();
    this.#destroyed ??= this.#tearDown();
    return this.#destroyed;
  }

  /** Resolves with the agent's READY; rejects when the stream ends first or the time is up. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const callOff = this.#clock.after(READY_MS, () =>
        reject(new Error(`the agent was not ready after ${READY_MS} ms`)),
      );
      const settle = (problem: Error | null) => {
        callOff();
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

  lose(reason: string): void {
    this.#close(reason);
    this.#stream.destroy();
  }

  async #tearDown(): Promise<void> {
    // The engine removes a container that has ended by itself, with a quarter less work than one that it has to kill.
    const removed = this.#container.wait({ condition: 'removed' }).then(
      () => true,
      () => false,
    );
    this.#stream.end();
    const patience = new Promise<false>((resolve) => this.#clock.after(LEAVE_MS, () => resolve(false)));
    if (!(await Promise.race([removed, patience]))) await remove(this.#container, this.#clock);
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
          if (this.#oneChannel && frame.channel !== RUN_CHANNEL)
            throw new Error(`a frame on channel ${frame.channel}, which nobody has`);
          if (this.#listener) this.#listener.frame(frame);
          else this.#waiting.push(frame);
        }
      }
    } catch (error) {
      this.lose(error instanceof Error ? error.message : String(error));
    }
  }

  #close(reason: string): void {
    if (this.#closed !== null) return;
    this.#attached.delete(this.#container.id);
    this.#closed = this.#lastWords.trim() || reason;
    this.#listener?.closed(this.#closed);
  }
}

/** Removes a container that may be running, gone already, or on its way out by itself. Never throws. */
async function remove(container: Docker.Container, clock: Clock): Promise<void> {
  try {
    await answered(container.remove({ force: true, v: true }), { clock });
  } catch {
    // The container is gone or going, or the engine does not answer. The end of its input ends the agent all the same,
    // and the reaper looks again at the next start.
  }
}

/** A run whose output comes as bytes on a stream: what the ways that are not CodeSync's have in common. */
import { AttachDecoder } from '../../../apps/runner/src/attach-stream.ts';
import type { Ended, Going } from '../way.ts';

export class Listening implements Going {
  readonly spoke: Promise<void>;
  readonly ended: Promise<Ended>;
  readonly #startedAt = performance.now();
  readonly #out: Buffer[] = [];
  readonly #mixed: Buffer[] = [];
  readonly #stop: () => void;
  #trouble = '';
  #firstByteAt = 0;
  #speak: () => void = () => undefined;
  #end: (ended: Ended) => void = () => undefined;

  constructor(stop: () => void) {
    this.#stop = stop;
    this.spoke = new Promise((resolve) => {
      this.#speak = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  out(bytes: Buffer): void {
    this.#firstByteAt ||= performance.now();
    this.#out.push(bytes);
    this.#mixed.push(bytes);
    this.#speak();
  }

  /** Bytes of its standard error. */
  errBytes(bytes: Buffer): void {
    this.#mixed.push(bytes);
    this.err(bytes.toString());
  }

  err(text: string): void {
    this.#trouble += text;
  }

  /** Its output has ended. */
  over(): void {
    const endedAt = performance.now();
    this.#end({
      startedAt: this.#startedAt,
      firstByteAt: this.#firstByteAt || endedAt,
      endedAt,
      output: Buffer.concat(this.#out).toString(),
      mixed: Buffer.concat(this.#mixed).toString(),
      truncated: 0,
      trouble: this.#trouble,
    });
  }

  stop(): void {
    this.#stop();
  }
}

/** Hears a stream of the engine's that carries standard output and standard error until it ends. */
export function hearAttached(stream: NodeJS.ReadableStream, going: Listening): void {
  const decoder = new AttachDecoder();
  stream.on('data', (chunk: Buffer) => {
    for (const { stream: which, bytes } of decoder.push(chunk)) {
      if (which === 'stdout') going.out(bytes);
      else going.errBytes(bytes);
    }
  });
  stream.on('error', (error: Error) => going.err(error.message));
  stream.once('close', () => going.over());
  stream.once('end', () => going.over());
}

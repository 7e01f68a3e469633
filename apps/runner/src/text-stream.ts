/**
 * Turns one output stream's bytes into text for people: whole characters only, the first piece at once, what
 * follows in batches, so that a program that prints byte by byte does not cost a message per byte.
 */
import { StringDecoder } from 'node:string_decoder';

/** A frame of a 120 Hz screen: nobody sees the wait, and a flood becomes 125 messages a second. */
const BATCH_MS = 8;
/** A batch that has grown to this is sent without waiting. */
const BATCH_UNITS = 64 * 1024;

export type Timers = {
  readonly now: () => number;
  readonly after: (ms: number, call: () => void) => { cancel(): void };
};

export const realTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export class TextStream {
  readonly #emit: (text: string) => void;
  readonly #timers: Timers;
  // Bytes that are not UTF-8 become U+FFFD; those of a character that is not whole yet are kept back.
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  #timer: { cancel(): void } | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(emit: (text: string) => void, timers: Timers = realTimers) {
    this.#emit = emit;
    this.#timers = timers;
  }

  push(bytes: Buffer): void {
    this.#pending += this.#decoder.write(bytes);
    if (this.#pending === '') return;
    const wait = this.#sentAt + BATCH_MS - this.#timers.now();
    if (wait <= 0 || this.#pending.length >= BATCH_UNITS) this.#send();
    else this.#timer ??= this.#timers.after(wait, () => this.#send());
  }

  /** Sends what is left, and a replacement for a character whose end never came. */
  end(): void {
    this.#pending += this.#decoder.end();
    this.#send();
  }

  #send(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#sentAt = this.#timers.now();
    this.#emit(text);
  }
}

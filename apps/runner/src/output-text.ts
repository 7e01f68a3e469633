/**
 * Turns a run's output into text for people: whole characters only, the first piece at once, what follows in
 * batches, so that a program that prints byte by byte does not cost a message per byte. What comes from the two
 * streams keeps its order.
 */
import { StringDecoder } from 'node:string_decoder';
import { type Clock, joinedWords, type RunStream, type RunStretch, type RunWords } from '@codesync/protocol';
import { systemClock } from './clock.ts';

/** A frame of a 120 Hz screen: nobody sees the wait, and a flood becomes 125 messages a second. */
const BATCH_MS = 8;
/** A batch that has grown to this is sent without waiting. */
const BATCH_UNITS = 64 * 1024;

export class OutputText {
  readonly #emit: (words: RunWords) => void;
  readonly #clock: Clock;
  // Bytes that are not UTF-8 become U+FFFD; those of a character that is not whole yet are kept back.
  readonly #decoders: Readonly<Record<RunStream, StringDecoder>> = {
    stdout: new StringDecoder('utf8'),
    stderr: new StringDecoder('utf8'),
  };
  #pending: RunStretch[] = [];
  #pendingUnits = 0;
  #callOff: (() => void) | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(emit: (words: RunWords) => void, clock: Clock = systemClock) {
    this.#emit = emit;
    this.#clock = clock;
  }

  push(stream: RunStream, bytes: Buffer): void {
    this.#add(stream, this.#decoders[stream].write(bytes));
    if (this.#pendingUnits === 0) return;
    const wait = this.#sentAt + BATCH_MS - this.#clock.now();
    if (wait <= 0 || this.#pendingUnits >= BATCH_UNITS) this.#send();
    else this.#callOff ??= this.#clock.after(wait, () => this.#send());
  }

  /** Sends what is left, and a replacement for a character whose end never came. */
  end(): void {
    this.#add('stdout', this.#decoders.stdout.end());
    this.#add('stderr', this.#decoders.stderr.end());
    this.#send();
  }

  #add(stream: RunStream, text: string): void {
    if (text === '') return;
    this.#pendingUnits += text.length;
    this.#pending.push({ stream, text });
  }

  #send(): void {
    this.#callOff?.();
    this.#callOff = null;
    const words = joinedWords(this.#pending);
    if (words === null) return;
    this.#pending = [];
    this.#pendingUnits = 0;
    this.#sentAt = this.#clock.now();
    this.#emit(words);
  }
}

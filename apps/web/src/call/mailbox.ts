// Brings signals to one peer: each is sent at once, and again for as long as the server could not be reached.
import type { PeerSignal } from '@codesync/protocol';
import type { Clock } from '../room-source/clock.ts';

const AGAIN_MS = 1_000;
/** As long as somebody who is cut off keeps their place in the call, and longer than any rate lets wait. */
const TRIES = 20;

type Letter = { readonly number: number; readonly signal: PeerSignal; tries: number };

export class Mailbox {
  readonly #clock: Clock;
  readonly #send: (signal: PeerSignal) => Promise<boolean>;
  #unsent: Letter[] = [];
  #number = 0;
  /** The number of the newest description. */
  #described = 0;
  #cancel: (() => void) | null = null;
  #closed = false;

  /** @param send resolves to whether it got there */
  constructor(clock: Clock, send: (signal: PeerSignal) => Promise<boolean>) {
    this.#clock = clock;
    this.#send = send;
  }

  post(signal: PeerSignal): void {
    // A description replaces what was said before: candidates belong to the one that they came after.
    this.#number += 1;
    if (signal.kind === 'description') {
      this.#unsent = [];
      this.#described = this.#number;
    }
    void this.#try({ number: this.#number, signal, tries: 0 });
  }

  /** The server may be within reach again. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    for (const letter of this.#unsent.splice(0)) void this.#try(letter);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#unsent = [];
  }

  async #try(letter: Letter): Promise<void> {
    letter.tries += 1;
    const sent = await this.#send(letter.signal);
    if (sent || this.#closed || letter.tries >= TRIES || letter.number < this.#described) return;
    this.#unsent = [...this.#unsent, letter].sort((a, b) => a.number - b.number);
    this.#cancel ??= this.#clock.after(AGAIN_MS, () => this.flush());
  }
}

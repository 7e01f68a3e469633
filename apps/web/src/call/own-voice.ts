// One's own voice in a call: whether it speaks, and whether it talks into a microphone that is off.
import type { Clock } from '../room-source/clock.ts';
import { watchLevel } from './level.ts';
import { nextSpeaking, QUIET, type Speaking } from './speaking.ts';

/** How often it is measured whether this person speaks. */
const SPEAKING_MS = 200;
/** A cough is no talking. */
const TALKING_MS = 600;
/** Whoever talks into a microphone that is off is told for so long after the last word. */
const UNHEARD_MS = 4_000;

export type OwnVoiceOptions = {
  readonly clock: Clock;
  /** How loud the microphone is that is sent, 0 to 1; null where none is. */
  readonly level: () => Promise<number | null>;
  readonly speaks: (speaking: boolean) => void;
  readonly unheard: (unheard: boolean) => void;
};

export class OwnVoice {
  readonly #options: OwnVoiceOptions;
  #speaking: Speaking = QUIET;
  #closed = false;
  #cancelLook = () => {};
  #stopListening = () => {};
  #cancelUnheard = () => {};

  constructor(options: OwnVoiceOptions) {
    this.#options = options;
    void this.#look();
  }

  /** Listens in this page alone to a microphone that is off, so that its owner can be told. Null: none is. */
  listen(track: MediaStreamTrack | null): void {
    const { clock, unheard } = this.#options;
    this.#stop();
    unheard(false);
    if (track === null || this.#closed) return;
    let speaking = QUIET;
    let since: number | null = null;
    this.#stopListening = watchLevel(track, (level) => {
      speaking = nextSpeaking(speaking, level, clock.now());
      since = speaking.speaking ? (since ?? clock.now()) : null;
      if (since === null || clock.now() - since < TALKING_MS) return;
      this.#cancelUnheard();
      unheard(true);
      this.#cancelUnheard = clock.after(UNHEARD_MS, () => unheard(false));
    });
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#cancelLook();
    if (this.#speaking.speaking) this.#options.speaks(false);
  }

  #stop(): void {
    this.#stopListening();
    this.#cancelUnheard();
    this.#stopListening = () => {};
  }

  async #look(): Promise<void> {
    const { clock, level, speaks } = this.#options;
    const loud = await level().catch(() => null);
    if (this.#closed) return;
    const before = this.#speaking;
    this.#speaking = nextSpeaking(before, loud, clock.now());
    if (this.#speaking.speaking !== before.speaking) speaks(this.#speaking.speaking);
    this.#cancelLook = clock.after(SPEAKING_MS, () => void this.#look());
  }
}

// Whether this person is at the page: idle after a while without a key or the mouse, away when it is out of sight.
import type { Attention as Kind } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import type { Page } from './page.ts';

/** Without a key and without the mouse. */
export const IDLE_MS = 60_000;

export class Attention {
  readonly #clock: Clock;
  readonly #page: Page;
  readonly #changed: (kind: Kind) => void;
  readonly #stopWatching: () => void;
  #kind: Kind = 'active';
  #touchedAt: number;
  #cancel: (() => void) | null = null;

  /** @param changed is told of each change from `active`, with which it begins. */
  constructor(clock: Clock, page: Page, changed: (kind: Kind) => void) {
    this.#clock = clock;
    this.#page = page;
    this.#changed = changed;
    this.#touchedAt = clock.now();
    const touched = () => this.#touched();
    this.#stopWatching = page.watch({ wake: touched, hide: touched, input: touched });
    this.#look();
  }

  stop(): void {
    this.#stopWatching();
    this.#cancel?.();
  }

  #touched(): void {
    this.#touchedAt = this.#clock.now();
    // The mouse tells of itself often. While this person is active, the timer that runs looks at it.
    if (this.#kind !== 'active' || !this.#page.inSight()) this.#look();
  }

  #look(): void {
    const quiet = this.#clock.now() - this.#touchedAt;
    const kind = !this.#page.inSight() ? 'away' : quiet >= IDLE_MS ? 'idle' : 'active';
    this.#cancel?.();
    this.#cancel = kind === 'active' ? this.#clock.after(IDLE_MS - quiet, () => this.#look()) : null;
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#changed(kind);
  }
}

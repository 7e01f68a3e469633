// Whether what people type is saved, told when it changes.
import type { StorageState } from '@codesync/protocol';
import type { Clock, Log } from '../ports.ts';

/** For whoever runs the server. */
const NEWS: Readonly<Record<StorageState, string>> = {
  ok: 'the database takes what is written again',
  stalled: 'the database does not take what is written; what people type waits',
  full: 'the disk of the database is full; what people type waits until there is space',
};

export type StorageNewsDeps = {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: () => StorageState;
  readonly onStorage: (state: StorageState) => void;
};

export class StorageNews {
  readonly #deps: StorageNewsDeps;
  #told: StorageState = 'ok';
  #stalledSince: number | null = null;

  constructor(deps: StorageNewsDeps) {
    this.#deps = deps;
  }

  /** Since when nothing can be saved, in Unix milliseconds; null while it can. */
  get stalledSince(): number | null {
    return this.#stalledSince;
  }

  /** Tells the state if it is another than was told. */
  tell(): void {
    const state = this.#deps.state();
    if (this.#told === state) return;
    this.#told = state;
    this.#stalledSince = state === 'ok' ? null : (this.#stalledSince ?? this.#deps.clock.now());
    this.#deps.log.warn({ storage: state }, NEWS[state]);
    this.#deps.onStorage(state);
  }
}

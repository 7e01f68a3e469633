// Whether code can be run now, as it was last told, and who wants to hear of it.
import { isDeepStrictEqual } from 'node:util';
import type { SandboxFacts, SandboxStatus } from '@codesync/protocol';
import type { Clock } from '../ports.ts';

/** Pool counts change with every run; people are told at most this often. */
const STATUS_MS = 250;

export class StatusBoard {
  readonly #clock: Clock;
  readonly #listeners: ((status: SandboxStatus) => void)[] = [];
  #status: SandboxStatus = { state: 'starting' };
  #facts: SandboxFacts | null = null;
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get status(): SandboxStatus {
    return this.#status;
  }

  get facts(): SandboxFacts | null {
    return this.#facts;
  }

  /** Calls the listener with every later status. */
  listen(listener: (status: SandboxStatus) => void): void {
    this.#listeners.push(listener);
  }

  tell(status: SandboxStatus, facts: SandboxFacts | null = null): void {
    if (this.#closed) return;
    this.#facts = facts;
    // A runner that cannot run says so again at each try.
    if (isDeepStrictEqual(status, this.#status)) return;
    const quiet = this.#status.state === 'ready' && status.state === 'ready';
    this.#status = status;
    if (quiet) this.#callOff ??= this.#clock.after(STATUS_MS, () => this.#pass());
    else this.#pass();
  }

  /** Tells nobody anything any more. */
  close(): void {
    this.#closed = true;
    this.#callOff?.();
  }

  #pass(): void {
    this.#callOff?.();
    this.#callOff = null;
    for (const listener of this.#listeners) listener(this.#status);
  }
}

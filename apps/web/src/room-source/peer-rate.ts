// How often each of several peers is heard. Pure but for its counts.
import type { ClientId } from '@codesync/protocol';

/** Lets through so many messages of one client a second; the rest of that second is passed over. */
export class PeerRate {
  readonly #perSecond: number;
  readonly #counts = new Map<ClientId, { readonly since: number; count: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts one message that came at `now`, in ms. Tells whether it is still within the rate. */
  allows(from: ClientId, now: number): boolean {
    const known = this.#counts.get(from);
    if (known === undefined || now - known.since >= 1_000) {
      this.#counts.set(from, { since: now, count: 1 });
      return true;
    }
    known.count += 1;
    return known.count <= this.#perSecond;
  }

  clear(): void {
    this.#counts.clear();
  }
}

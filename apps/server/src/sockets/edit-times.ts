// How long edits take from the socket to everyone. Runs for every keystroke: it makes two look-ups and no object.
import type { ClientId, RoomEvent } from '@codesync/protocol';

type Arrival = { clientSeq: number; at: number };

/**
 * Times come from any one clock, in ms. Of several edits that one client has on their way at once, the last is timed.
 */
export class EditTimes {
  readonly #arrivals = new Map<ClientId, Arrival>();
  readonly #edited: (ms: number) => void;

  constructor(edited: (ms: number) => void) {
    this.#edited = edited;
  }

  came(client: ClientId, clientSeq: number, at: number): void {
    const known = this.#arrivals.get(client);
    if (known === undefined) this.#arrivals.set(client, { clientSeq, at });
    else {
      known.clientSeq = clientSeq;
      known.at = at;
    }
  }

  /** Everyone has been told. */
  told(events: readonly RoomEvent[], at: number): void {
    for (const { body, origin } of events) {
      if (body.kind !== 'edit' || origin === undefined) continue;
      const arrival = this.#arrivals.get(origin.client);
      if (arrival?.clientSeq === origin.clientSeq) this.#edited(at - arrival.at);
    }
  }

  /** The client has gone. */
  forget(client: ClientId): void {
    this.#arrivals.delete(client);
  }
}

// Whose client is whose, and which of its commands are in the log already.
import type { ClientId, ParticipantId, RoomEvent, RoomId } from '@codesync/protocol';
import type { RoomStore } from '../ports.ts';

type Author = {
  readonly participant: ParticipantId;
  /** The highest number among its commands that became events. */
  last: number;
  /** The seq of the event that came last. */
  seq: number;
};

/**
 * A client numbers its own commands, and everyone in the room knows its id. Nobody else may number commands in its
 * owner's name, so the first participant to use an id keeps it.
 */
export class Authors {
  readonly #room: RoomId;
  readonly #store: RoomStore;
  readonly #authors = new Map<ClientId, Author>();

  constructor(room: RoomId, store: RoomStore) {
    this.#room = room;
    this.#store = store;
  }

  /** Makes the client known; false when it is someone else's. */
  async claim(client: ClientId, participant: ParticipantId): Promise<boolean> {
    if (!this.#authors.has(client)) {
      const logged = await this.#store.lastOf(this.#room, client);
      if (!this.#authors.has(client)) {
        const { participant: owner, clientSeq } = logged ?? { participant, clientSeq: 0 };
        this.#authors.set(client, { participant: owner, last: clientSeq, seq: 0 });
      }
    }
    return this.#authors.get(client)!.participant === participant;
  }

  /** The highest number of a claimed client's commands that became events, 0 for none. */
  last(client: ClientId): number {
    return this.#authors.get(client)?.last ?? 0;
  }

  /** Takes note of an event that a command became. */
  note({ seq, origin }: RoomEvent): void {
    const author = origin === undefined ? undefined : this.#authors.get(origin.client);
    if (origin === undefined || author === undefined) return;
    author.last = Math.max(author.last, origin.clientSeq);
    author.seq = seq;
  }

  /** Forgets a client that has gone, unless the log does not know all of its commands yet. */
  forget(client: ClientId, committed: number): void {
    const author = this.#authors.get(client);
    if (author !== undefined && author.seq <= committed) this.#authors.delete(client);
  }
}

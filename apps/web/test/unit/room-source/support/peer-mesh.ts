// Direct ways between tabs in the test's process. The test decides what becomes of each message.
import type { ClientId } from '@codesync/protocol';
import type { PeerChannel, PeerChannels } from '../../../../src/room-source/peer-channels.ts';

type Message = {
  readonly from: ClientId;
  readonly channel: PeerChannel;
  readonly bytes: Uint8Array<ArrayBuffer>;
};
type Listener = (from: ClientId, channel: PeerChannel, bytes: Uint8Array<ArrayBuffer>) => void;

/** One end: what is on its way to it, and who listens. */
class End {
  readonly client: ClientId;
  readonly coming: Message[] = [];
  readonly listeners = new Set<Listener>();

  constructor(client: ClientId) {
    this.client = client;
  }
}

export class PeerMesh {
  readonly #ends = new Map<ClientId, End>();
  /** How many previews were sent so far. */
  sent = 0;

  /** The ways of one client to all others that have joined. */
  join(client: ClientId): PeerChannels {
    const end = new End(client);
    this.#ends.set(client, end);
    const others = () => [...this.#ends.values()].filter((other) => other !== end);
    return {
      peers: () => new Set(this.#ends.get(client) === end ? others().map((other) => other.client) : []),
      send: (channel, bytes) => {
        if (channel === 'edits') this.sent++;
        for (const other of others()) other.coming.push({ from: client, channel, bytes });
      },
      onMessage: (listener) => {
        end.listeners.add(listener);
        return () => end.listeners.delete(listener);
      },
    };
  }

  leave(client: ClientId): void {
    this.#ends.delete(client);
  }

  /** What is on its way to a client, for the test to take from. */
  coming(client: ClientId): Message[] {
    return this.#ends.get(client)?.coming ?? [];
  }

  /** Delivers a message of those on their way to a client. `again`: it stays on its way. */
  deliver(client: ClientId, index = 0, again = false): void {
    const coming = this.coming(client);
    const message = coming[index];
    if (message === undefined) return;
    if (!again) coming.splice(index, 1);
    this.say(client, message);
  }

  /** Delivers all in order. */
  deliverAll(): void {
    for (const { client, coming } of this.#ends.values()) while (coming.length > 0) this.deliver(client);
  }

  /** Delivers a message that nobody may have sent. */
  say(to: ClientId, { from, channel, bytes }: Message): void {
    for (const listener of this.#ends.get(to)?.listeners ?? []) listener(from, channel, bytes);
  }
}

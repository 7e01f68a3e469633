// Presence by the direct ways to other clients, beside the server's: the register is the same, so it may come by both.
import {
  type ClientId,
  LIMITS,
  type ParticipantId,
  type PresenceEntry,
  PresenceUpdate,
  parseForeign,
} from '@codesync/protocol';
import type { PeerChannels } from './peer-channels.ts';
import { PeerRate } from './peer-rate.ts';

/** Longer than any update of presence is. */
const MOST_BYTES = 16_384;

/** How much more often than it may one client can be heard, since a direct way brings what waited all at once. */
const PER_SECOND = 2 * LIMITS.presencePerSecond;

type PeerPresenceOptions = {
  readonly now: () => number;
  /** Whose client that is, as the server said; null for one that is not in the room. */
  readonly ownerOf: (client: ClientId) => ParticipantId | null;
  readonly heard: (entry: PresenceEntry) => void;
};

export class PeerPresence {
  readonly #options: PeerPresenceOptions;
  #channels: PeerChannels | null = null;
  #stop: () => void = () => {};
  readonly #rate = new PeerRate(PER_SECOND);

  constructor(options: PeerPresenceOptions) {
    this.#options = options;
  }

  /** From now on by these ways, or by none. */
  use(channels: PeerChannels | null): void {
    this.#stop();
    this.#rate.clear();
    this.#channels = channels;
    this.#stop =
      channels?.onMessage((from, channel, bytes) => {
        if (channel === 'presence') this.#hear(from, bytes);
      }) ?? (() => {});
  }

  send(update: PresenceUpdate): void {
    if (this.#channels === null || this.#channels.peers().size === 0) return;
    this.#channels.send('presence', new TextEncoder().encode(JSON.stringify(update)));
  }

  /** Whoever is at the other end speaks for that client and for no other. */
  #hear(from: ClientId, bytes: Uint8Array): void {
    if (bytes.byteLength > MOST_BYTES || !this.#rate.allows(from, this.#options.now())) return;
    const update = parsed(bytes);
    const participant = this.#options.ownerOf(from);
    if (update === null || participant === null) return;
    this.#options.heard({ client: from, participant, ...update, gone: false });
  }
}

function parsed(bytes: Uint8Array): PresenceUpdate | null {
  try {
    const read = parseForeign(PresenceUpdate, JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

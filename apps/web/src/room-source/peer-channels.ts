import type { ClientId } from '@codesync/protocol';

/** `presence` may lose and reorder. `edits` brings everything once and in order, or ends. */
export type PeerChannel = 'presence' | 'edits';

/**
 * Direct ways to other clients of the room, beside the server. There may be none at any time, and what goes there may
 * be lost: the server is told everything as well. What comes is hostile until it is parsed.
 */
export interface PeerChannels {
  /** The clients whom a message would reach now. */
  readonly peers: () => ReadonlySet<ClientId>;
  /** Sends to all of them. A peer whose channel is full is passed over. */
  readonly send: (channel: PeerChannel, bytes: Uint8Array<ArrayBuffer>) => void;
  /** `from` is the client at the other end of the channel. Returns the way to stop it. */
  readonly onMessage: (
    listener: (from: ClientId, channel: PeerChannel, bytes: Uint8Array<ArrayBuffer>) => void,
  ) => () => void;
}

// What carries a call, as the rest of the page knows it. A mesh of peer connections does so today (mesh.ts); a server
// that forwards media can take its place behind the same port.
import type { CallSessionId, ClientId, IceServers, IncomingSignal, MediaKind } from '@codesync/protocol';
import type { PeerChannels } from '../room-source/peer-channels.ts';
import type { Quality } from './quality.ts';

/** Somebody else in the call. `session` is another one after each reload of theirs. */
export type Other = { readonly client: ClientId; readonly session: CallSessionId };

/**
 * How the way to somebody is. `connecting`: none was found yet. `troubled`: there was one, and it is looked for again.
 * `failing`: one was looked for several times.
 */
export type PeerState = 'connecting' | 'connected' | 'troubled' | 'failing';

/** Somebody else, as far as media and the way to them go. The tracks are there from the beginning, and may be silent. */
export type PeerView = {
  readonly state: PeerState;
  readonly tracks: Readonly<Partial<Record<MediaKind, MediaStreamTrack>>>;
  /** Null before it was measured twice. */
  readonly quality: Quality | null;
};

export type TransportListener = {
  /** Something in `peers()` is another. */
  readonly changed: () => void;
  /** Gives a signal to one of the others; resolves to whether it got there. */
  readonly signal: (to: Other, generation: number, signal: IncomingSignal['signal']) => Promise<boolean>;
  /** Credentials for relays that hold for longer; null where there are none to be had. */
  readonly renew: () => Promise<IceServers | null>;
};

export interface CallTransport {
  /** Who else is in the call: connects to those who are new, and parts from those who are gone. */
  readonly setOthers: (others: readonly Other[]) => void;
  /** What is sent to all of them; null: nothing of that kind. It asks nothing of anybody. */
  readonly setTrack: (kind: MediaKind, track: MediaStreamTrack | null) => void;
  /** Takes in what one of them said. It may be anything that the schema lets through. */
  readonly signalled: (signal: IncomingSignal) => void;
  /** Resolves when this page and each of the others who are known by now know how to reach each other, or they are gone. */
  readonly agreed: () => Promise<void>;
  /** The network is another one. */
  readonly wake: () => void;
  /** The server can be reached again. */
  readonly reached: () => void;
  /** How loud the microphone is that is sent, 0 to 1; null where none is. */
  readonly level: () => Promise<number | null>;
  readonly peers: () => ReadonlyMap<ClientId, PeerView>;
  readonly channels: PeerChannels;
  readonly close: () => void;
}

/**
 * What the bench needs of a collaboration server and its client library. Everything is about one text per room;
 * positions are UTF-16 code units.
 */

import type { Stages } from './stages.ts';

/** One person's copy of a room's text, over a socket of its own. */
export type Replica = {
  readonly length: number;
  /** Types: shown at once, and on its way to the others. */
  insert(at: number, text: string): void;
  text(): string;
  /** Bytes that its socket has received so far, frames and pings and all. */
  received(): number;
  close(): void;
};

/** Told of text that someone else has inserted, when it is in the replica, at its position there. */
export type OnRemote = (at: number, text: string) => void;

/** A text on a server. `join` resolves when the replica has what the server has. */
type Room = {
  join(onRemote: OnRemote): Promise<Replica>;
};

/** A server in processes of its own. */
export type PeerServer = {
  /** Its processes, and those of its database if it has one. */
  processes(): { readonly server: readonly number[]; readonly database: readonly number[] };
  /** What its server says of where a keystroke's time went so far; null for one that says nothing. */
  stages(): Promise<Stages | null>;
  /** A new room, with little or no text in it. */
  room(): Promise<Room>;
  stop(): Promise<void>;
};

export type Peer = {
  readonly title: string;
  /** The packages that are measured. */
  readonly packages: readonly string[];
  /** False for one that only passes messages on: its replicas need not become equal. */
  readonly converges: boolean;
  /** True when a keystroke is on disk before anyone is told of it. */
  readonly durable: boolean;
  /** @param profile a folder for the server's CPU profile, null for none. */
  start(profile: string | null): Promise<PeerServer>;
};

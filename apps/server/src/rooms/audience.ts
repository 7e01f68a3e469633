import type { CallState, DiskState, Lost, PresenceEntry, RoomEvent, RoomId } from '@codesync/protocol';
import type { Seat, SeatMessage } from './seat.ts';

/**
 * Whom a room speaks to. The transport implements it.
 *
 * - A client hears what is said to it, and the events of its room, once and in the order in which they were said.
 *   Presence, lost connections, the call and what is on the disk only may overtake them.
 * - A client is in the room from its welcome until it is dismissed, until it gives its seat back, or until a resync.
 *   Only then does it hear what is told to the room.
 * - No call waits for a client, and none throws because a client is gone.
 */
export type Audience = {
  /** Says something to one client. A seat that nobody holds any more is passed over. */
  to(seat: Seat, message: SeatMessage): void;

  // To everyone in the room, with one encoded message.
  /** A client that cannot keep up may miss some of it. Of each entry the latest is the one that counts. */
  presence(room: RoomId, entries: readonly PresenceEntry[]): void;
  lost(room: RoomId, lost: Lost): void;
  disk(room: RoomId, disk: DiskState): void;
  call(room: RoomId, state: CallState): void;
  events(room: RoomId, events: readonly RoomEvent[]): void;
  /** Tells everyone to join again, after all earlier events. Nobody is in the room then. */
  resync(room: RoomId): void;
};

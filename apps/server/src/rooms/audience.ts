import type {
  ClientId,
  Lost,
  Participant,
  PresenceEntry,
  Refusal,
  RoomEvent,
  RoomId,
  Welcome,
} from '@codesync/protocol';

/** One connected client as its room sees it; the transport implements it. */
export type Seat = {
  readonly client: ClientId;
  readonly participant: Participant;
  /** The network address that it comes from. */
  readonly network: string;
  /**
   * The answer to a join. In one step: sends the welcome, then `missed` (committed while the welcome was being
   * made), and from then on this client gets the room's broadcasts.
   */
  welcome(welcome: RoomWelcome, missed: readonly RoomEvent[]): void;
  /** Events for this client alone: the answer to a resend. */
  events(events: readonly RoomEvent[]): void;
  refused(clientSeq: number, error: Refusal): void;
  /** The end of this client's stay. */
  dismiss(error: Refusal): void;
};

/** A welcome without what only the server as a whole knows. */
export type RoomWelcome = Omit<Welcome, 'sandbox' | 'storage'>;

/** Everyone who was welcomed to a room, reached with one encoded message. */
export type Audience = {
  presence(room: RoomId, entries: readonly PresenceEntry[]): void;
  lost(room: RoomId, lost: Lost): void;
  events(room: RoomId, events: readonly RoomEvent[]): void;
  /** Tells everyone to join again, and forgets them. */
  resync(room: RoomId): void;
};

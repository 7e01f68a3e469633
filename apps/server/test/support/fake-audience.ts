// An audience in memory: seats that note what they hear.
import type {
  CallState,
  ClientId,
  DiskState,
  Lost,
  Participant,
  PresenceEntry,
  Refusal,
  RoomEvent,
  RoomId,
} from '@codesync/protocol';
import type { Audience } from '../../src/rooms/audience.ts';
import type { RoomWelcome, Seat, SeatMessage } from '../../src/rooms/seat.ts';

/** What is told to everyone in a room. */
export type Told =
  | { readonly kind: 'told'; readonly events: readonly RoomEvent[] }
  | { readonly kind: 'presence'; readonly entries: readonly PresenceEntry[] }
  | { readonly kind: 'lost'; readonly lost: Lost }
  | { readonly kind: 'disk'; readonly disk: DiskState }
  | { readonly kind: 'call'; readonly state: CallState }
  | { readonly kind: 'resync' };

/** A client in a room: what it was sent, in order. */
export class FakeSeat {
  readonly room: RoomId;
  readonly seat: Seat;
  /** All that it heard. */
  readonly notes: (SeatMessage | Told)[] = [];
  welcomed: RoomWelcome | null = null;
  readonly heard: RoomEvent[] = [];
  readonly refusals: { readonly clientSeq: number | null; readonly error: Refusal }[] = [];
  dismissed: Refusal | null = null;
  /** Whether it hears what is told to everyone. */
  #listening = false;

  constructor(room: RoomId, seat: Seat) {
    this.room = room;
    this.seat = seat;
  }

  get client(): ClientId {
    return this.seat.client;
  }

  get participant(): Participant {
    return this.seat.participant;
  }

  /** The kinds of all messages to it, and of all events that were told to everyone. */
  get order(): (SeatMessage['kind'] | Told['kind'])[] {
    return this.notes.map(({ kind }) => kind).filter((kind) => kind !== 'presence' && kind !== 'lost');
  }

  hear(message: SeatMessage): void {
    this.notes.push(message);
    switch (message.kind) {
      case 'welcome':
        this.welcomed = message.welcome;
        this.heard.push(...message.missed);
        this.#listening = true;
        return;
      case 'events':
        this.heard.push(...message.events);
        return;
      case 'refused':
        this.refusals.push(message);
        return;
      case 'dismissed':
        this.dismissed = message.error;
        this.#listening = false;
        return;
    }
  }

  /** Hears what everyone in the room is told. */
  told(message: Told): void {
    if (!this.#listening) return;
    this.notes.push(message);
    if (message.kind === 'told') this.heard.push(...message.events);
    if (message.kind === 'resync') this.#listening = false;
  }

  /** The kinds of the events that it heard. */
  get kinds(): string[] {
    return this.heard.map(({ body }) => body.kind);
  }
}

/** Notes what rooms say, for each seat and as a whole. */
export class FakeAudience implements Audience {
  readonly presences: PresenceEntry[][] = [];
  readonly losses: Lost[] = [];
  readonly resynced: RoomId[] = [];
  readonly #seats: FakeSeat[] = [];
  #taken = 0;

  /** A seat in the room that was not welcomed yet. */
  seat(room: RoomId, participant: Participant, client: ClientId): FakeSeat {
    const id = `seat-${this.#taken++}`;
    const seat = new FakeSeat(room, { id, client, participant, network: '203.0.113.1' });
    this.#seats.push(seat);
    return seat;
  }

  giveBack(seat: FakeSeat): void {
    this.#seats.splice(this.#seats.indexOf(seat), 1);
  }

  to = ({ id }: Seat, message: SeatMessage): void => {
    this.#seats.find(({ seat }) => seat.id === id)?.hear(message);
  };

  events = (room: RoomId, events: readonly RoomEvent[]): void => {
    this.#tell(room, { kind: 'told', events });
  };

  presence = (room: RoomId, entries: readonly PresenceEntry[]): void => {
    this.presences.push([...entries]);
    this.#tell(room, { kind: 'presence', entries });
  };

  lost = (room: RoomId, lost: Lost): void => {
    this.losses.push(lost);
    this.#tell(room, { kind: 'lost', lost });
  };

  disk = (room: RoomId, disk: DiskState): void => {
    this.#tell(room, { kind: 'disk', disk });
  };

  call = (room: RoomId, state: CallState): void => {
    this.#tell(room, { kind: 'call', state });
  };

  resync = (room: RoomId): void => {
    this.resynced.push(room);
    this.#tell(room, { kind: 'resync' });
  };

  #tell(room: RoomId, message: Told): void {
    for (const seat of this.#seats) if (seat.room === room) seat.told(message);
  }
}

// Who is connected to one room, whose connection is lost, who has gone for good, and when the room is empty.
import { type ClientId, LIMITS, type Lost, type ParticipantId } from '@codesync/protocol';
import type { Clock } from '../ports.ts';
import type { Seat } from './seat.ts';

export type AttendanceListener = {
  /** The participant has had no client for `LIMITS.leaveGraceMs`. */
  readonly left: (participant: ParticipantId) => void;
  /** The set of those whose connection is lost has changed. */
  readonly lost: (lost: Lost) => void;
  /**
   * Nobody has been here for `LIMITS.idleRoomMs`. Called again each time that as long has passed and it is still so.
   */
  readonly idle: () => void;
};

export class Attendance {
  readonly #clock: Clock;
  readonly #listener: AttendanceListener;
  readonly #seats = new Map<ClientId, Seat>();
  /** By the seat's id, as the silent ones are. */
  readonly #arriving = new Map<string, Seat>();
  readonly #leaving = new Map<ParticipantId, () => void>();
  readonly #silent = new Map<string, Seat>();
  /** Participants who are leaving, and have been without a client for `LIMITS.absentMs`. */
  readonly #absent = new Set<ParticipantId>();
  readonly #callOffAbsence = new Map<ParticipantId, () => void>();
  #lost: Lost = { clients: [], people: [] };
  #callOffIdle: (() => void) | null = null;
  #closed = false;

  constructor(clock: Clock, listener: AttendanceListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  get size(): number {
    return this.#seats.size;
  }

  /** How many people the clients are. */
  get participants(): number {
    const people = new Set<ParticipantId>();
    for (const seat of this.#seats.values()) people.add(seat.participant.id);
    return people.size;
  }

  /** Whose connection is lost. */
  get lost(): Lost {
    return this.#lost;
  }

  /** Something was heard of the client again, or nothing for `LIMITS.silentMs`. */
  hear(seat: Seat, heard: boolean): void {
    if (!this.has(seat)) return;
    if (heard) this.#silent.delete(seat.id);
    else this.#silent.set(seat.id, seat);
    this.#look();
  }

  /** A client is about to be let in: its participant is not leaving. */
  arrive(seat: Seat): void {
    this.#arriving.set(seat.id, seat);
    this.#stays(seat.participant.id);
    this.watch();
  }

  /** Whether the client is still waiting to be let in. */
  isArriving(seat: Seat): boolean {
    return this.#arriving.has(seat.id);
  }

  /** Lets an arriving client in; returns the seat that it had before, on an older connection. */
  sit(seat: Seat): Seat | null {
    const before = this.#seats.get(seat.client) ?? null;
    this.#seats.set(seat.client, seat);
    this.#arriving.delete(seat.id);
    if (before !== null) this.#silent.delete(before.id);
    this.#look();
    return before;
  }

  has(seat: Seat): boolean {
    return this.#seats.get(seat.client)?.id === seat.id;
  }

  /** The seat of a client that is in the room. */
  seatOf(client: ClientId): Seat | null {
    return this.#seats.get(client) ?? null;
  }

  hasClient(client: ClientId): boolean {
    return this.#seats.has(client);
  }

  /** Whether the client is in the room or on its way into it. */
  expects(client: ClientId): boolean {
    return this.hasClient(client) || [...this.#arriving.values()].some((seat) => seat.client === client);
  }

  /** Those who are in the room. */
  all(): Iterable<Seat> {
    return this.#seats.values();
  }

  seatsOf(participant: ParticipantId): Seat[] {
    return [...this.#seats.values()].filter((seat) => seat.participant.id === participant);
  }

  /** The client has gone, or was not let in. False when it had no seat. */
  leave(seat: Seat): boolean {
    const had = this.has(seat);
    if (had) this.#seats.delete(seat.client);
    this.#arriving.delete(seat.id);
    const { id } = seat.participant;
    if (this.#silent.delete(seat.id) && !this.#isConnected(id)) this.#absent.add(id);
    this.awaitReturn(id);
    this.#look();
    this.watch();
    return had;
  }

  /** A participant who is said to be here has a while to show up, unless a client of theirs is connected. */
  awaitReturn(participant: ParticipantId): void {
    if (this.#closed || this.#leaving.has(participant) || this.#isConnected(participant)) return;
    const callOff = this.#clock.after(LIMITS.leaveGraceMs, () => {
      this.#leaving.delete(participant);
      this.#callOffAbsence.delete(participant);
      this.#listener.left(participant);
    });
    this.#leaving.set(participant, callOff);
    const callOffAbsence = this.#clock.after(LIMITS.absentMs, () => {
      this.#absent.add(participant);
      this.#look();
    });
    this.#callOffAbsence.set(participant, callOffAbsence);
  }

  /** Looks at whether anyone is here, and if not, waits for the room to be idle. */
  watch(): void {
    this.#callOffIdle?.();
    this.#callOffIdle = null;
    if (this.#closed || this.#seats.size > 0 || this.#arriving.size > 0) return;
    this.#callOffIdle = this.#clock.after(LIMITS.idleRoomMs, () => {
      this.#callOffIdle = null;
      this.#listener.idle();
      this.watch();
    });
  }

  /** Calls nobody any more. */
  close(): void {
    this.#closed = true;
    this.#callOffIdle?.();
    for (const callOff of [...this.#leaving.values(), ...this.#callOffAbsence.values()]) callOff();
    this.#leaving.clear();
    this.#callOffAbsence.clear();
    this.#seats.clear();
    this.#arriving.clear();
  }

  #stays(participant: ParticipantId): void {
    for (const waiting of [this.#leaving, this.#callOffAbsence]) {
      waiting.get(participant)?.();
      waiting.delete(participant);
    }
    if (this.#absent.delete(participant)) this.#look();
  }

  /** Tells whose connection is lost, if that has changed. */
  #look(): void {
    if (this.#closed) return;
    // Whoever has left still counts as lost here until there is other news. That they left is on its way to the log.
    for (const participant of this.#absent) {
      if (!this.#leaving.has(participant)) this.#absent.delete(participant);
    }
    const people = new Set(this.#absent);
    for (const { participant } of this.#silent.values()) people.add(participant.id);
    for (const seat of this.#seats.values())
      if (!this.#silent.has(seat.id)) people.delete(seat.participant.id);
    for (const seat of this.#arriving.values()) people.delete(seat.participant.id);
    const lost: Lost = {
      clients: [...this.#silent.values()].map(({ client }) => client),
      people: [...people],
    };
    if (sameItems(lost.clients, this.#lost.clients) && sameItems(lost.people, this.#lost.people)) return;
    this.#lost = lost;
    this.#listener.lost(lost);
  }

  #isConnected(participant: ParticipantId): boolean {
    for (const seat of this.#seats.values()) if (seat.participant.id === participant) return true;
    for (const seat of this.#arriving.values()) if (seat.participant.id === participant) return true;
    return false;
  }
}

function sameItems(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}

// Who is connected to one room, who has gone for good, and when the room is empty.
import { type ClientId, LIMITS, type ParticipantId } from '@codesync/protocol';
import type { Clock } from '../ports.ts';
import type { Seat } from './audience.ts';

export type AttendanceListener = {
  /** The participant has had no client for `LIMITS.leaveGraceMs`. */
  readonly left: (participant: ParticipantId) => void;
  /** Nobody has been here for `LIMITS.idleRoomMs`; called again after as long while that stays so. */
  readonly idle: () => void;
};

export class Attendance {
  readonly #clock: Clock;
  readonly #listener: AttendanceListener;
  readonly #seats = new Map<ClientId, Seat>();
  readonly #arriving = new Set<Seat>();
  readonly #leaving = new Map<ParticipantId, () => void>();
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

  /** A client is about to be let in: its participant is not leaving. */
  arrive(seat: Seat): void {
    this.#arriving.add(seat);
    this.#stays(seat.participant.id);
    this.watch();
  }

  /** Whether the client is still waiting to be let in. */
  isArriving(seat: Seat): boolean {
    return this.#arriving.has(seat);
  }

  /** Lets an arriving client in; returns the seat that it had before, on an older connection. */
  sit(seat: Seat): Seat | null {
    const before = this.#seats.get(seat.client) ?? null;
    this.#seats.set(seat.client, seat);
    this.#arriving.delete(seat);
    return before;
  }

  has(seat: Seat): boolean {
    return this.#seats.get(seat.client) === seat;
  }

  hasClient(client: ClientId): boolean {
    return this.#seats.has(client);
  }

  /** Whether the client is in the room or on its way into it. */
  expects(client: ClientId): boolean {
    return this.hasClient(client) || [...this.#arriving].some((seat) => seat.client === client);
  }

  seatsOf(participant: ParticipantId): Seat[] {
    return [...this.#seats.values()].filter((seat) => seat.participant.id === participant);
  }

  /** The client has gone, or was not let in. False when it had no seat. */
  leave(seat: Seat): boolean {
    const had = this.has(seat);
    if (had) this.#seats.delete(seat.client);
    this.#arriving.delete(seat);
    this.awaitReturn(seat.participant.id);
    this.watch();
    return had;
  }

  /** A participant who is said to be here has a while to show up, unless a client of theirs is connected. */
  awaitReturn(participant: ParticipantId): void {
    if (this.#closed || this.#leaving.has(participant) || this.#isConnected(participant)) return;
    const callOff = this.#clock.after(LIMITS.leaveGraceMs, () => {
      this.#leaving.delete(participant);
      this.#listener.left(participant);
    });
    this.#leaving.set(participant, callOff);
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
    for (const callOff of this.#leaving.values()) callOff();
    this.#leaving.clear();
    this.#seats.clear();
    this.#arriving.clear();
  }

  #stays(participant: ParticipantId): void {
    this.#leaving.get(participant)?.();
    this.#leaving.delete(participant);
  }

  #isConnected(participant: ParticipantId): boolean {
    for (const seat of this.#seats.values()) if (seat.participant.id === participant) return true;
    for (const seat of this.#arriving) if (seat.participant.id === participant) return true;
    return false;
  }
}

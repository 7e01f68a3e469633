// The newest part of a room's log, kept in memory for clients that come back soon. Pure.
import type { ClientId, RoomEvent } from '@codesync/protocol';

/** What is kept: enough for a short absence. Longer ones are read from the log. */
const MAX_EVENTS = 512;
const MAX_UNITS = 262_144;

/** What an event takes beside its text, roughly, in UTF-16 units. */
const UNITS_BESIDE = 64;

/** A window over the log that ends at its newest event, committed or not. */
export class RecentEvents {
  #events: RoomEvent[] = [];
  /** The units of each of them. */
  #sizes: number[] = [];
  #units = 0;
  /** The seq before the first event in the window. */
  #before: number;

  /** An empty window behind `seq`. */
  constructor(seq: number) {
    this.#before = seq;
  }

  /** Every event with a greater seq is in the window. */
  get before(): number {
    return this.#before;
  }

  /** @param textUnits of the event's text. */
  push(event: RoomEvent, textUnits: number): void {
    const size = textUnits + UNITS_BESIDE;
    this.#events.push(event);
    this.#sizes.push(size);
    this.#units += size;
  }

  /** Forgets the oldest events beyond the window's size, though none after `keepAfter`. */
  trim(keepAfter: number): void {
    let drop = 0;
    while (
      drop < this.#events.length &&
      this.#events[drop]!.seq <= keepAfter &&
      (this.#events.length - drop > MAX_EVENTS || this.#units > MAX_UNITS)
    ) {
      this.#units -= this.#sizes[drop]!;
      drop++;
    }
    if (drop === 0) return;
    this.#before = this.#events[drop - 1]!.seq;
    this.#events = this.#events.slice(drop);
    this.#sizes = this.#sizes.slice(drop);
  }

  /** Events with `after < seq <= upTo`, or null when some of them are no longer here. */
  between(after: number, upTo: number): readonly RoomEvent[] | null {
    if (after < this.#before) return null;
    return this.#events.slice(after - this.#before, Math.max(after, upTo) - this.#before);
  }

  /** The event that a client's command became, if it is here. */
  ofOrigin(client: ClientId, clientSeq: number): RoomEvent | null {
    return (
      this.#events.findLast(({ origin }) => origin?.client === client && origin.clientSeq === clientSeq) ??
      null
    );
  }
}

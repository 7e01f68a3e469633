// What people of a room ask of each other's screens: to follow, and to come to a place. It is told, and never stored.
import {
  type GuideRequest,
  type Leading,
  type ParticipantId,
  type Point,
  type Refusal,
  type RoomEvent,
  refusal,
} from '@codesync/protocol';
import { denial, mayLead, type RoomState } from '@codesync/room';
import type { Clock } from '../ports.ts';
import type { Audience } from './audience.ts';
import type { Seat } from './seat.ts';

type GuideDeps = {
  readonly clock: Pick<Clock, 'now'>;
  readonly audience: Pick<Audience, 'to'>;
  /** All who are connected. */
  readonly seats: () => Iterable<Seat>;
  /** The room as it is folded, ahead of what is durable. */
  readonly state: () => RoomState;
};

/** One of a room leads at a time: whoever asked last. They do until they end it, leave, or may lead no more. */
export class Guide {
  readonly #deps: GuideDeps;
  #leading: Leading | null = null;
  #summons = 0;

  constructor(deps: GuideDeps) {
    this.#deps = deps;
  }

  /** Who asks everyone to follow; null: nobody. */
  get leading(): Leading | null {
    return this.#leading;
  }

  /** Does what the client in that seat asks for, or says why not. */
  ask(seat: Seat, request: GuideRequest): Refusal | null {
    return request.kind === 'lead'
      ? this.#lead(seat, request.on)
      : this.#bring(seat, request.whom, request.place);
  }

  /** These are in the log. */
  committed(events: readonly RoomEvent[]): void {
    if (this.#leading === null || !events.some(({ body }) => /^(member|driver)\./.test(body.kind))) return;
    const { by } = this.#leading;
    const state = this.#deps.state();
    if (state.members.get(by)?.here !== true || !mayLead(state, by)) this.#tell(null);
  }

  #lead({ participant: { id } }: Seat, on: boolean): Refusal | null {
    if (!on) {
      if (this.#leading?.by === id) this.#tell(null);
      return null;
    }
    if (!mayLead(this.#deps.state(), id)) return refusal('lead.notYours');
    this.#tell({ by: id, since: this.#deps.clock.now() });
    return null;
  }

  #bring({ participant: { id: by } }: Seat, whom: ParticipantId | null, place: Point): Refusal | null {
    const { audience, seats, state } = this.#deps;
    const room = state();
    // Whoever may not edit shows others nothing that they have to come for.
    const denied = denial(room, by, 'edit');
    if (denied !== null) return denied;
    if (!room.files.has(place.file)) return refusal('guide.place');
    const asked = [...seats()].filter(({ participant: { id } }) => id !== by && (whom ?? id) === id);
    if (asked.length === 0) return refusal('guide.gone');
    const summons = { number: ++this.#summons, by, place };
    for (const seat of asked) audience.to(seat, { kind: 'summons', summons });
    return null;
  }

  #tell(leading: Leading | null): void {
    this.#leading = leading;
    for (const seat of this.#deps.seats()) this.#deps.audience.to(seat, { kind: 'leading', leading });
  }
}

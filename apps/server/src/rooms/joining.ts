// How a client comes into a room, and how it goes.
import {
  type CatchUp,
  type ClientId,
  type FileId,
  type Leading,
  LIMITS,
  type Refusal,
  refusal,
  type Welcome,
} from '@codesync/protocol';
import { catchUp, enter, gapsOf, type LinkClaim } from '@codesync/room';
import type { Clock } from '../ports.ts';
import type { Attendance } from './attendance.ts';
import type { Audience } from './audience.ts';
import type { Authors } from './authors.ts';
import type { RoomCall } from './call.ts';
import type { GroupCommit } from './group-commit.ts';
import type { RoomPresence } from './presence.ts';
import type { Propose, RoomLog } from './room-log.ts';
import type { Seat } from './seat.ts';
import type { RoomTerminals } from './terminals.ts';
import { readingRefusal } from './unreadable.ts';

export type JoinInput = {
  readonly claim: LinkClaim;
  readonly since: number | null;
  readonly pending: readonly { readonly file: FileId; readonly version: number }[];
};

export type JoiningDeps = {
  readonly commit: Pick<GroupCommit, 'stalled' | 'unsaved'>;
  readonly audience: Audience;
  readonly log: RoomLog;
  readonly authors: Authors;
  readonly attendance: Attendance;
  readonly presence: RoomPresence;
  readonly terminals: Pick<RoomTerminals, 'disk'>;
  readonly guide: { readonly leading: Leading | null };
  readonly clock: Pick<Clock, 'now'>;
  readonly call: Pick<RoomCall, 'state' | 'entered'>;
  readonly propose: Propose;
};

export class Joining {
  readonly #deps: JoiningDeps;

  constructor(deps: JoiningDeps) {
    this.#deps = deps;
  }

  /** Lets a client in, or says why not. When it resolves to null, the seat has had its welcome. */
  async join(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    const { log, commit, attendance, authors } = this.#deps;
    if (log.ended) return refusal('room.unavailable');
    if (commit.stalled) return refusal(commit.unsaved);
    attendance.arrive(seat);
    try {
      const own = await authors.claim(seat.client, seat.participant.id);
      const refused = own ? await this.#enter(seat, input) : refusal('protocol.malformed');
      if (refused !== null) this.leave(seat);
      return refused;
    } catch (error) {
      this.leave(seat);
      return readingRefusal(error, commit);
    }
  }

  /** The client is no longer connected, or was not let in. */
  leave(seat: Seat): void {
    const { log, attendance, authors, presence } = this.#deps;
    const had = attendance.leave(seat);
    if (had) presence.leave(seat.client);
    if (!attendance.expects(seat.client)) authors.forget(seat.client, log.committed);
  }

  async #enter(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    const { log, commit, attendance } = this.#deps;
    if (log.ended) return refusal('room.unavailable');
    if (!attendance.isArriving(seat)) return refusal('protocol.unjoined');
    const refused = this.#appear(seat, input.claim);
    if (refused !== null) return refused;
    const { seq } = log.fold;
    const state = await this.#stateFor(seat.client, input);
    if (!(await log.durable(seq))) return refusal(log.ended ? 'room.unavailable' : commit.unsaved);
    return this.#sit(seat, seq, state);
  }

  /** Makes the participant a member who is here. */
  #appear(seat: Seat, claim: LinkClaim): Refusal | null {
    const { log, attendance, propose } = this.#deps;
    const entry = enter(log.fold.state, seat.participant, claim);
    if (!entry.ok) return entry.error;
    if (attendance.size >= LIMITS.clientsPerRoom && !attendance.hasClient(seat.client)) {
      return refusal('room.full');
    }
    if (entry.body !== null) propose(entry.body, seat.participant.id);
    return null;
  }

  /** What the client lacks of the room as it is folded at the call. */
  async #stateFor(client: ClientId, { since, pending }: JoinInput): Promise<Welcome['state']> {
    const { log } = this.#deps;
    const { seq } = log.fold;
    if (since !== null && since <= seq && seq - since <= LIMITS.resumeEvents) {
      return { kind: 'events', events: await log.between(since, seq) };
    }
    const keyframe = log.fold.toKeyframe();
    const catchUps: CatchUp[] = [];
    for (const gap of gapsOf(log.fold.texts, pending)) {
      const found = catchUp(gap, await log.editsAfter(gap.file, gap.from), client);
      if (found !== null) catchUps.push(found);
    }
    return { kind: 'keyframe', keyframe, catchUps };
  }

  /** Gives the client its seat and its welcome in one step, so that it misses nothing and hears nothing twice. */
  #sit(seat: Seat, seq: number, state: Welcome['state']): Refusal | null {
    const { log, attendance, authors, presence, audience, terminals, guide, call, clock } = this.#deps;
    const missed = log.since(seq);
    if (!attendance.isArriving(seat)) return refusal('protocol.unjoined');
    const member = log.fold.state.members.get(seat.participant.id);
    if (member === undefined || member.removed) return refusal('room.removed');
    if (missed === null) return refusal('room.unavailable');
    const before = attendance.sit(seat);
    if (before !== null) audience.to(before, { kind: 'dismissed', error: refusal('client.replaced') });
    presence.arrive(seat.client, seat.participant.id);
    call.entered(seat.client);
    const { id, name, hue, role } = member;
    const welcome = {
      you: { id, name, hue, role },
      head: seq,
      lastClientSeq: authors.last(seat.client),
      state,
      presence: presence.all(),
      lost: attendance.lost,
      disk: terminals.disk,
      leading: guide.leading,
      now: clock.now(),
      call: call.state,
    };
    audience.to(seat, { kind: 'welcome', welcome, missed });
    return null;
  }
}

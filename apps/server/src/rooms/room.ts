// One room as an actor: commands in, events out after they are durable. It names no transport and no database.
import type { Op } from '@codesync/ot';
import {
  type CatchUp,
  type ClientId,
  type Command,
  type CommandBody,
  type CommandKind,
  type DivergenceReport,
  type EventBody,
  type FileId,
  type HashCheck,
  type HashVerdict,
  LIMITS,
  type LinkRole,
  may,
  type Origin,
  type ParticipantId,
  type PresenceUpdate,
  type Refusal,
  type RefusalCode,
  type RoomEvent,
  type RoomId,
  refusal,
  roleNeeded,
  type Welcome,
} from '@codesync/protocol';
import { type Clock, type Log, type RoomStore, type Runner, StorageUnavailable } from '../ports.ts';
import { admit, type Invited, invite, type LinkClaim } from './admission.ts';
import { Attendance } from './attendance.ts';
import type { Audience, Seat } from './audience.ts';
import { Authors } from './authors.ts';
import { catchUp } from './catch-up.ts';
import { type Decision, fact, refuse } from './decision.ts';
import { decideFiles } from './files.ts';
import type { GroupCommit } from './group-commit.ts';
import { HashChecks } from './hash-checks.ts';
import { decideMembers, hueFor } from './members.ts';
import { RoomPresence } from './presence.ts';
import { type Recovered, RoomLog } from './room-log.ts';
import { LOST_RUN, RoomRuns } from './runs.ts';
import { decideSettings } from './settings.ts';

/** Commands of one client that may wait for something to be read from the log; further ones are refused for now. */
const READING_LIMIT = 64;

export type RoomDeps = {
  readonly store: RoomStore;
  readonly commit: GroupCommit;
  readonly clock: Clock;
  readonly runner: Runner;
  readonly audience: Audience;
  readonly log: Log;
  /** Random ids for runs. */
  readonly newId: () => string;
  /** The room has lost its place in the log and must be forgotten. */
  readonly onLost: (room: Room) => void;
  /** Nobody has been in the room for `LIMITS.idleRoomMs`, and nothing runs. */
  readonly onIdle: (room: Room) => void;
};

export type JoinInput = {
  readonly claim: LinkClaim;
  readonly since: number | null;
  readonly pending: readonly { readonly file: FileId; readonly version: number }[];
};

/**
 * The single writer of one room. Its state is folded ahead of what is durable, so that the next command is
 * sequenced against it at once; nobody is told of an event before it is durable.
 */
export class Room {
  readonly id: RoomId;
  readonly #deps: RoomDeps;
  readonly #log: RoomLog;
  readonly #authors: Authors;
  readonly #attendance: Attendance;
  readonly #presence: RoomPresence;
  readonly #runs: RoomRuns;
  readonly #hashes: HashChecks;
  /** How many commands of a client wait for the log. */
  readonly #reading = new WeakMap<Seat, number>();

  constructor(deps: RoomDeps, recovered: Recovered) {
    const { id } = recovered;
    const { clock, store, runner, audience, log } = deps;
    this.id = id;
    this.#deps = deps;
    this.#log = new RoomLog(deps, recovered, {
      committed: (events) => this.#onCommitted(events),
      lost: (reason) => this.#onLost(reason),
    });
    this.#authors = new Authors(id, store);
    this.#attendance = new Attendance(clock, {
      left: (participant) => {
        if (this.#member(participant)?.here) this.#propose({ kind: 'member.left', participant }, participant);
      },
      lost: (lost) => audience.lost(id, lost),
      idle: () => {
        if (this.#runs.going === 0) deps.onIdle(this);
      },
    });
    this.#presence = new RoomPresence(clock, (entries) => audience.presence(id, entries));
    this.#runs = new RoomRuns(id, runner, clock, (body, actor, origin) => this.#propose(body, actor, origin));
    this.#hashes = new HashChecks(id, this.#log, log);
  }

  /** Takes up work, once: ends the runs that nobody knows of any more, and waits for who was here. */
  open(): void {
    this.#log.open();
    const { runs, members } = this.#log.fold.state;
    for (const run of runs.values()) {
      if (run.phase !== 'ended') this.#propose({ kind: 'run.ended', run: run.id, ...LOST_RUN }, null);
    }
    for (const member of members.values()) if (member.here) this.#attendance.awaitReturn(member.id);
    this.#attendance.watch();
  }

  get epoch(): number {
    return this.#log.epoch;
  }

  /** The newest seq that is durable. */
  get head(): number {
    return this.#log.committed;
  }

  /** The generation of each link. */
  get links(): Readonly<Record<LinkRole, number>> {
    return this.#log.fold.state.links;
  }

  /** Who is connected, and what became of their copies. */
  get figures(): {
    readonly clients: number;
    readonly participants: number;
    readonly diverged: number;
    readonly healed: number;
  } {
    const { size: clients, participants } = this.#attendance;
    return { clients, participants, ...this.#hashes.counts };
  }

  /** What a link tells whoever holds it. */
  invitation(claim: LinkClaim): Invited {
    return invite(this.#log.fold.state, claim);
  }

  isHost(participant: ParticipantId): boolean {
    const member = this.#member(participant);
    return member !== undefined && !member.removed && member.role === 'host';
  }

  // ---- coming and going ---------------------------------------------------------------------------------

  /** Lets a client in, or says why not. When it resolves to null, the seat has had its welcome. */
  async join(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    if (this.#log.ended) return refusal('room.unavailable');
    if (this.#deps.commit.stalled) return refusal(this.#unsaved);
    this.#attendance.arrive(seat);
    try {
      const own = await this.#authors.claim(seat.client, seat.participant.id);
      const refused = own ? await this.#enter(seat, input) : refusal('protocol.malformed');
      if (refused !== null) this.leave(seat);
      return refused;
    } catch (error) {
      this.leave(seat);
      if (error instanceof StorageUnavailable) return refusal(this.#unsaved);
      throw error;
    }
  }

  async #enter(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    if (this.#log.ended) return refusal('room.unavailable');
    if (!this.#attendance.isArriving(seat)) return refusal('protocol.unjoined');
    const refused = this.#appear(seat, input.claim);
    if (refused !== null) return refused;
    const { seq } = this.#log.fold;
    const state = await this.#stateFor(seat.client, input);
    if (!(await this.#log.durable(seq))) {
      return refusal(this.#log.ended ? 'room.unavailable' : this.#unsaved);
    }
    const missed = this.#log.since(seq);
    if (!this.#attendance.isArriving(seat)) return refusal('protocol.unjoined');
    const member = this.#member(seat.participant.id);
    if (member === undefined || member.removed) return refusal('room.removed');
    if (missed === null) return refusal('room.unavailable');
    this.#attendance.sit(seat)?.dismiss(refusal('client.replaced'));
    const { id, name, hue, role } = member;
    const lastClientSeq = this.#authors.last(seat.client);
    const presence = this.#presence.all();
    const { lost } = this.#attendance;
    seat.welcome({ you: { id, name, hue, role }, head: seq, lastClientSeq, state, presence, lost }, missed);
    return null;
  }

  /** Makes the participant a member who is here. */
  #appear(seat: Seat, claim: LinkClaim): Refusal | null {
    const { id, name } = seat.participant;
    const admission = admit(this.#log.fold.state, id, claim);
    if (!admission.ok) return admission.error;
    if (this.#attendance.size >= LIMITS.clientsPerRoom && !this.#attendance.hasClient(seat.client)) {
      return refusal('room.full');
    }
    const member = this.#member(id);
    const hue = hueFor(this.#log.fold.state, id, seat.participant.hue);
    if (member === undefined || !member.here) {
      this.#propose({ kind: 'member.joined', participant: id, name, hue, role: admission.role }, id);
    } else if (member.name !== name || member.hue !== hue) {
      this.#propose({ kind: 'member.updated', participant: id, name, hue }, id);
    }
    return null;
  }

  async #stateFor(client: ClientId, { since, pending }: JoinInput): Promise<Welcome['state']> {
    const { seq } = this.#log.fold;
    if (since !== null && since <= seq && seq - since <= LIMITS.resumeEvents) {
      return { kind: 'events', events: await this.#log.between(since, seq) };
    }
    const keyframe = this.#log.fold.toKeyframe();
    const catchUps: CatchUp[] = [];
    for (const [file, version] of new Map(pending.map((one) => [one.file, one.version]))) {
      const now = keyframe.files.find((known) => known.id === file)?.version;
      if (now === undefined || version >= now) continue;
      const edits = (await this.#log.editsAfter(file, version)).filter((edit) => edit.version <= now);
      if (edits.length === now - version) catchUps.push(catchUp(file, edits, client));
    }
    return { kind: 'keyframe', keyframe, catchUps };
  }

  /** The client is no longer connected, or was not let in. */
  leave(seat: Seat): void {
    const had = this.#attendance.leave(seat);
    if (had) this.#presence.leave(seat.client, seat.participant.id);
    if (!this.#attendance.expects(seat.client)) this.#authors.forget(seat.client, this.#log.committed);
  }

  /** Something was heard of a connected client again, or nothing for `LIMITS.silentMs`. */
  hear(seat: Seat, heard: boolean): void {
    this.#attendance.hear(seat, heard);
  }

  presence(seat: Seat, update: PresenceUpdate): void {
    if (this.#attendance.has(seat)) this.#presence.update(seat.client, seat.participant.id, update);
  }

  check(seat: Seat, check: HashCheck): HashVerdict {
    return this.#attendance.has(seat) ? this.#hashes.check(seat.client, check) : { verdict: 'unknown' };
  }

  /** Whether a copy that had diverged has healed, as its client says. */
  healed(seat: Seat, report: DivergenceReport): boolean {
    return this.#attendance.has(seat) && this.#hashes.healed(seat.client, report);
  }

  /**
   * Ends the room in memory in good order: runs end, what was proposed becomes durable, a keyframe is written.
   * Rejects with `StorageUnavailable` when nothing can be saved.
   */
  async close(): Promise<void> {
    this.#runs.end();
    this.#attendance.close();
    this.#presence.close();
    await this.#log.close();
  }

  /** Whether the seat's participant has the role for such a command now. */
  may(seat: Seat, kind: CommandKind): boolean {
    const member = this.#member(seat.participant.id);
    return member !== undefined && !member.removed && may(member.role, kind);
  }

  // ---- commands -----------------------------------------------------------------------------------------

  /** Carries out a command, or refuses it; a command that is in the log already is answered with its event. */
  command(seat: Seat, command: Command): void {
    if (this.#log.ended || !this.#attendance.has(seat)) {
      seat.refused(command.clientSeq, refusal('protocol.unjoined'));
    } else if (command.clientSeq <= this.#authors.last(seat.client)) {
      const error = this.#background(seat, command, () => this.#repeat(seat, command));
      if (error !== null) seat.refused(command.clientSeq, error);
    } else {
      this.#carryOut(seat, command, []);
    }
  }

  #carryOut(seat: Seat, command: Command, older: readonly Op[]): void {
    const error = this.#attempt(seat, command, older);
    if (error !== null) seat.refused(command.clientSeq, error);
  }

  /**
   * Null when the command is done, or goes on in the background.
   * @param older edits of the log that an edit needs and memory does not have.
   */
  #attempt(seat: Seat, command: Command, older: readonly Op[]): Refusal | null {
    const { clientSeq, body } = command;
    const actor = seat.participant.id;
    const member = this.#member(actor);
    if (member === undefined || member.removed) return refusal('room.removed');
    if (!may(member.role, body.kind)) {
      return refusal(roleNeeded(body.kind) === 'host' ? 'role.host' : 'role.viewer');
    }
    if (this.#deps.commit.crowded) return refusal(this.#unsaved);
    const origin: Origin = { client: seat.client, clientSeq };
    if (body.kind === 'run.stop') {
      return this.#runs.stop(body.run, actor, origin) ? null : refusal('run.unknown');
    }
    if (body.kind === 'edit') {
      const placement = this.#log.texts.place(body.file, body.base, body.op, older);
      if (placement.kind === 'refused') return refusal(placement.code);
      if (placement.kind === 'older') {
        return this.#background(seat, command, () => this.#carryOutOld(seat, command, body.file, placement));
      }
      const { version, op } = placement;
      this.#propose({ kind: 'edit', file: body.file, version, op }, actor, origin);
      return null;
    }
    const decision = this.#decide(actor, body);
    if (!decision.ok) return decision.error;
    this.#propose(decision.body, actor, origin);
    if (decision.body.kind === 'run.started') this.#runs.start(this.#log.fold, decision.body, seat.network);
    if (decision.body.kind === 'run.input') this.#runs.input(decision.body);
    return null;
  }

  #decide(actor: ParticipantId, body: Exclude<CommandBody, { kind: 'edit' | 'run.stop' }>): Decision {
    const { state } = this.#log.fold;
    switch (body.kind) {
      case 'file.create':
      case 'file.rename':
      case 'file.delete':
      case 'file.restore':
        return decideFiles(state, body, this.#log.texts.units);
      case 'run.start':
        if (this.#deps.commit.stalled) return refuse(this.#unsaved);
        return this.#runs.decideStart(this.#log.fold, body.entry, this.#deps.newId());
      case 'run.input': {
        const { run, text, eof } = body;
        return this.#runs.isGoing(run) ? fact({ kind: 'run.input', run, text, eof }) : refuse('run.unknown');
      }
      case 'member.update':
      case 'member.role':
      case 'member.remove':
      case 'role.request':
        return decideMembers(state, actor, body);
      case 'room.rename':
      case 'room.lock':
      case 'entry.pin':
      case 'workFolder.set':
      case 'link.revoke':
        return decideSettings(state, body);
    }
  }

  /** An edit against a version that memory does not reach back to: once more, with the missing edits. */
  async #carryOutOld(
    seat: Seat,
    command: Command,
    file: FileId,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<void> {
    const older = (await this.#log.editsAfter(file, from - 1)).map(({ op }) => op);
    if (this.#log.ended || !this.#attendance.has(seat)) return;
    // More than was asked for: what has become old meanwhile is among it, and need not be read in its turn.
    if (older.length > to - from) this.#carryOut(seat, command, older);
    else seat.refused(command.clientSeq, refusal('edit.invalid'));
  }

  /** A command whose number is not new: it is in the log, or was refused, or overtaken after a refusal. */
  async #repeat(seat: Seat, command: Command): Promise<void> {
    const known = await this.#log.ofOrigin({ client: seat.client, clientSeq: command.clientSeq });
    if (this.#log.ended || !this.#attendance.has(seat)) return;
    if (known === null) this.#carryOut(seat, command, []);
    else if (known.seq <= this.#log.committed) seat.events([known]);
  }

  /**
   * Lets work for one command go on by itself; a store that cannot be reached refuses the command. Says no, without
   * beginning it, to a client that has too much of it going on.
   */
  #background(seat: Seat, command: Command, work: () => Promise<void>): Refusal | null {
    const reading = this.#reading.get(seat) ?? 0;
    if (reading >= READING_LIMIT) return refusal('rate.exceeded');
    this.#reading.set(seat, reading + 1);
    work()
      .catch((error: unknown) => {
        if (!(error instanceof StorageUnavailable)) throw error;
        seat.refused(command.clientSeq, refusal(this.#unsaved));
      })
      .finally(() => this.#reading.set(seat, this.#reading.get(seat)! - 1));
    return null;
  }

  // ---- events -------------------------------------------------------------------------------------------

  /** What somebody is told for whom the store is needed and not to be had. */
  get #unsaved(): RefusalCode {
    return this.#deps.commit.full ? 'storage.full' : 'storage.unavailable';
  }

  #member(participant: ParticipantId) {
    return this.#log.fold.state.members.get(participant);
  }

  #propose(body: EventBody, actor: ParticipantId | null, origin?: Origin): void {
    this.#authors.note(this.#log.propose(body, actor, origin));
  }

  #onCommitted(events: readonly RoomEvent[]): void {
    this.#deps.audience.events(this.id, events);
    for (const { body } of events) {
      if (body.kind !== 'member.removed') continue;
      for (const seat of this.#attendance.seatsOf(body.participant)) {
        this.leave(seat);
        seat.dismiss(refusal('room.removed'));
      }
    }
  }

  #onLost(reason: 'fenced' | 'fault'): void {
    this.#deps.log.warn(
      { room: this.id, epoch: this.epoch, reason },
      'the room has lost its place in the log',
    );
    this.#runs.abandon();
    this.#attendance.close();
    this.#presence.close();
    this.#deps.audience.resync(this.id);
    this.#deps.onLost(this);
  }
}

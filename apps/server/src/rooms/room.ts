// One room as an actor: commands in, events out after they are durable. It names no transport and no database.
import type { Op } from '@codesync/ot';
import {
  type CatchUp,
  type ClientId,
  type Command,
  type CommandBody,
  type EventBody,
  type FileId,
  type HashCheck,
  type HashVerdict,
  LIMITS,
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
import type { RoomFold } from '@codesync/room';
import { type Clock, type Log, type RoomStore, type Runner, StorageUnavailable } from '../ports.ts';
import { admit, type LinkClaim } from './admission.ts';
import type { Audience, Seat } from './audience.ts';
import { catchUp, editsAfter, type LoggedEdit } from './catch-up.ts';
import { type Decision, fact, refuse } from './decision.ts';
import { decideFiles } from './files.ts';
import type { GroupCommit } from './group-commit.ts';
import { KeyframePolicy } from './keyframes.ts';
import { decideMembers } from './members.ts';
import { RoomPresence } from './presence.ts';
import { RecentEvents } from './recent-events.ts';
import { LOST_RUN, RoomRuns } from './runs.ts';
import { decideSettings } from './settings.ts';
import { Texts } from './texts.ts';

/** Events that may wait for storage over all rooms before further commands are refused. */
const QUEUE_LIMIT = 20_000;
/** How long a join waits for storage before it is refused. */
const JOIN_WAIT_MS = 8_000;

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
  /** Nobody has been in the room for `LIMITS.idleRoomMs`. */
  readonly onIdle: (room: Room) => void;
};

/** The room as recovery found it: `fold` is at `keyframeSeq`, `events` follow it up to the head. */
export type Recovered = {
  readonly id: RoomId;
  readonly epoch: number;
  readonly fold: RoomFold;
  readonly events: readonly RoomEvent[];
};

export type JoinInput = {
  readonly claim: LinkClaim;
  readonly since: number | null;
  readonly pending: readonly { readonly file: FileId; readonly version: number }[];
};

/** Who a client belongs to, the number of its last command that became an event, and that event's seq. */
type Author = { readonly participant: ParticipantId; last: number; seq: number };

type Waiter = { readonly seq: number; readonly done: (committed: boolean) => void };

/**
 * The single writer of one room. Its state is folded ahead of the log, so that the next command is sequenced
 * against it at once; nobody is told of an event before it is durable.
 */
export class Room {
  readonly id: RoomId;
  readonly epoch: number;
  readonly #deps: RoomDeps;
  readonly #fold: RoomFold;
  readonly #texts: Texts;
  readonly #recent: RecentEvents;
  readonly #runs: RoomRuns;
  readonly #presence: RoomPresence;
  readonly #keyframes = new KeyframePolicy();
  readonly #seats = new Map<ClientId, Seat>();
  readonly #arriving = new Set<Seat>();
  readonly #authors = new Map<ClientId, Author>();
  readonly #leaving = new Map<ParticipantId, () => void>();
  readonly #hashes = new Map<FileId, { readonly version: number; readonly hash: number }>();
  #committed: number;
  #waiters: Waiter[] = [];
  #callOffKeyframe: (() => void) | null = null;
  #callOffIdle: (() => void) | null = null;
  #ended = false;

  constructor(deps: RoomDeps, { id, epoch, fold, events }: Recovered) {
    this.id = id;
    this.epoch = epoch;
    this.#deps = deps;
    this.#fold = fold;
    this.#texts = new Texts(fold.texts);
    this.#recent = new RecentEvents(fold.seq);
    for (const event of events) {
      this.#advance(event);
      this.#keyframes.note(event);
    }
    this.#committed = fold.seq;
    this.#recent.trim(this.#committed);
    this.#presence = new RoomPresence(deps.clock, (entries) => deps.audience.presence(id, entries));
    this.#runs = new RoomRuns(id, deps.runner, deps.clock, (body, actor, origin) => {
      this.#propose(body, actor, origin);
    });
  }

  /** Takes up work: the log is written from here on. Call once, before anything else. */
  open(): void {
    this.#deps.commit.open(
      {
        room: this.id,
        epoch: this.epoch,
        committed: (events) => this.#onCommitted(events),
        lost: (reason) => this.#onLost(reason),
      },
      this.#committed,
    );
    for (const run of this.#fold.state.runs.values()) {
      if (run.phase !== 'ended') this.#propose({ kind: 'run.ended', run: run.id, ...LOST_RUN }, null);
    }
    for (const member of this.#fold.state.members.values()) {
      if (member.here) this.#awaitReturn(member.id);
    }
    this.#watchIdle();
    this.#scheduleKeyframe();
  }

  /** The newest seq that is durable. */
  get head(): number {
    return this.#committed;
  }

  /** Clients in the room. */
  get clients(): number {
    return this.#seats.size;
  }

  /** The generation of each link. */
  get links(): RoomFold['state']['links'] {
    return this.#fold.state.links;
  }

  isHost(participant: ParticipantId): boolean {
    const member = this.#fold.state.members.get(participant);
    return member !== undefined && !member.removed && member.role === 'host';
  }

  /** Lets a client in, or says why not. When it resolves to null, the seat has had its welcome. */
  async join(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    if (this.#ended) return refusal('room.unavailable');
    if (this.#deps.commit.stalled) return refusal('storage.unavailable');
    this.#arriving.add(seat);
    try {
      const known = this.#authors.get(seat.client) ?? (await this.#deps.store.lastOf(this.id, seat.client));
      // Whoever learnt another person's client id must not number commands in their name.
      if (known !== null && known.participant !== seat.participant.id) return refusal('protocol.malformed');
      return await this.#enter(
        seat,
        input,
        known === null ? 0 : 'last' in known ? known.last : known.clientSeq,
      );
    } catch (error) {
      if (error instanceof StorageUnavailable) return refusal('storage.unavailable');
      throw error;
    } finally {
      this.#arriving.delete(seat);
      this.#mayLeave(seat.participant.id);
      this.#watchIdle();
    }
  }

  async #enter(seat: Seat, input: JoinInput, lastClientSeq: number): Promise<Refusal | null> {
    if (this.#ended) return refusal('room.unavailable');
    if (!this.#arriving.has(seat)) return refusal('protocol.unjoined');
    const refused = this.#appear(seat, input.claim);
    if (refused !== null) return refused;
    if (!this.#authors.has(seat.client)) {
      this.#authors.set(seat.client, { participant: seat.participant.id, last: lastClientSeq, seq: 0 });
    }
    const { seq } = this.#fold;
    const state = await this.#stateFor(seat.client, input);
    if (!(await this.#durable(seq))) {
      return refusal(this.#ended ? 'room.unavailable' : 'storage.unavailable');
    }
    const missed = this.#recent.between(seq, this.#committed);
    if (!this.#arriving.has(seat)) return refusal('protocol.unjoined');
    const member = this.#fold.state.members.get(seat.participant.id);
    if (member === undefined || member.removed) return refusal('room.removed');
    if (missed === null) return refusal('room.unavailable');
    this.#seats.get(seat.client)?.dismiss(refusal('client.replaced'));
    this.#seats.set(seat.client, seat);
    const { id, name, hue, role } = member;
    seat.welcome(
      {
        you: { id, name, hue, role },
        head: seq,
        lastClientSeq: this.#authors.get(seat.client)!.last,
        state,
        presence: this.#presence.all(),
      },
      missed,
    );
    return null;
  }

  /** Makes the participant a member who is here. */
  #appear(seat: Seat, claim: LinkClaim): Refusal | null {
    const { id, name, hue } = seat.participant;
    const admission = admit(this.#fold.state, id, claim);
    if (!admission.ok) return admission.error;
    if (this.#seats.size >= LIMITS.clientsPerRoom && !this.#seats.has(seat.client)) {
      return refusal('room.full');
    }
    this.#leaving.get(id)?.();
    this.#leaving.delete(id);
    const member = this.#fold.state.members.get(id);
    if (member === undefined || !member.here) {
      this.#propose({ kind: 'member.joined', participant: id, name, hue, role: admission.role }, id);
    } else if (member.name !== name || member.hue !== hue) {
      this.#propose({ kind: 'member.updated', participant: id, name, hue }, id);
    }
    return null;
  }

  /** The client is no longer connected. */
  leave(seat: Seat): void {
    this.#arriving.delete(seat);
    if (this.#seats.get(seat.client) === seat) {
      this.#seats.delete(seat.client);
      this.#presence.leave(seat.client, seat.participant.id);
      const author = this.#authors.get(seat.client);
      if (author !== undefined && author.seq <= this.#committed) this.#authors.delete(seat.client);
    }
    this.#mayLeave(seat.participant.id);
    this.#watchIdle();
  }

  /** Carries out a command, or refuses it; a command that is in the log already is answered with its event. */
  command(seat: Seat, command: Command): void {
    const author = this.#authors.get(seat.client);
    if (this.#ended || this.#seats.get(seat.client) !== seat || author === undefined) {
      seat.refused(command.clientSeq, refusal('protocol.unjoined'));
    } else if (command.clientSeq <= author.last) {
      this.#background(seat, command, this.#repeat(seat, command));
    } else {
      this.#carryOut(seat, command, []);
    }
  }

  presence(seat: Seat, update: PresenceUpdate): void {
    if (this.#seats.get(seat.client) !== seat) return;
    this.#presence.update(seat.client, seat.participant.id, update);
  }

  /** Compares a client's idea of a file with the log's. A difference is a fault of ours: it is logged, and healed. */
  check(seat: Seat, { file, version, hash }: HashCheck): HashVerdict {
    const text = this.#fold.texts.get(file);
    if (this.#seats.get(seat.client) !== seat || text === undefined || text.version !== version) {
      return { verdict: 'unknown' };
    }
    let known = this.#hashes.get(file);
    if (known?.version !== version) {
      known = { version, hash: text.buffer.hash() };
      this.#hashes.set(file, known);
    }
    if (known.hash === hash) return { verdict: 'equal' };
    const tail = (this.#texts.editsSince(file, Math.max(0, version - 8)) ?? []).map(opShape);
    const where = { room: this.id, file, version, client: seat.client, units: text.buffer.length, tail };
    this.#deps.log.error(where, 'a replica has diverged');
    return { verdict: 'diverged', version, text: text.buffer.toString() };
  }

  /**
   * Ends the room in memory in good order: runs end, what was proposed becomes durable, a keyframe is written.
   * Rejects with `StorageUnavailable` when nothing can be saved.
   */
  async close(): Promise<void> {
    this.#runs.end();
    for (const callOff of this.#leaving.values()) callOff();
    this.#leaving.clear();
    this.#callOffIdle?.();
    this.#callOffKeyframe?.();
    this.#presence.close();
    const last = this.#fold.seq;
    const stale = this.#keyframes.stale || last > this.#committed;
    const closing = this.#durable(last);
    this.#ended = true;
    if (!(await closing)) throw new StorageUnavailable(`room ${this.id} could not be saved`);
    this.#deps.commit.close(this.id);
    if (stale) await this.#deps.store.writeKeyframe(this.id, this.#fold.toKeyframe());
  }

  // ---- commands -----------------------------------------------------------------------------------------

  #carryOut(seat: Seat, command: Command, older: readonly Op[]): void {
    const error = this.#attempt(seat, command, older);
    if (error !== null) seat.refused(command.clientSeq, error);
  }

  /** Null when the command is done, or goes on in the background. */
  #attempt(seat: Seat, command: Command, older: readonly Op[]): Refusal | null {
    const { clientSeq, body } = command;
    const actor = seat.participant.id;
    const member = this.#fold.state.members.get(actor);
    if (member === undefined || member.removed) return refusal('room.removed');
    if (!may(member.role, body.kind)) {
      return refusal(roleNeeded(body.kind) === 'host' ? 'role.host' : 'role.viewer');
    }
    if (this.#deps.commit.queued >= QUEUE_LIMIT) return refusal('storage.unavailable');
    const origin: Origin = { client: seat.client, clientSeq };
    if (body.kind === 'run.stop') {
      return this.#runs.stop(body.run, actor, origin) ? null : refusal('run.unknown');
    }
    if (body.kind === 'edit') {
      const placement = this.#texts.place(body.file, body.base, body.op, older);
      if (placement.kind === 'refused') return refusal(placement.code);
      if (placement.kind === 'older') {
        this.#background(seat, command, this.#carryOutOld(seat, command, body.file, placement));
        return null;
      }
      const { version, op } = placement;
      this.#propose({ kind: 'edit', file: body.file, version, op }, actor, origin);
      return null;
    }
    const decision = this.#decide(actor, body);
    if (!decision.ok) return decision.error;
    this.#propose(decision.body, actor, origin);
    if (decision.body.kind === 'run.started') this.#runs.start(this.#fold, decision.body);
    if (decision.body.kind === 'run.input') this.#runs.input(decision.body);
    return null;
  }

  #decide(actor: ParticipantId, body: Exclude<CommandBody, { kind: 'edit' | 'run.stop' }>): Decision {
    const { state } = this.#fold;
    switch (body.kind) {
      case 'file.create':
      case 'file.rename':
      case 'file.delete':
        return decideFiles(state, body, this.#texts.units);
      case 'run.start':
        if (this.#deps.commit.stalled) return refuse('storage.unavailable');
        return this.#runs.decideStart(this.#fold, body.entry, this.#deps.newId());
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
      case 'link.revoke':
        return decideSettings(state, body);
    }
  }

  /** An edit against a version that memory does not reach back to: once more, with the missing edits. */
  async #carryOutOld(
    seat: Seat,
    command: Command,
    file: FileId,
    wanted: { readonly from: number; readonly to: number },
  ): Promise<void> {
    const edits = await this.#editsAfter(file, wanted.from - 1);
    const older = edits.filter(({ version }) => version <= wanted.to).map(({ op }) => op);
    if (this.#ended || this.#seats.get(seat.client) !== seat) return;
    const dense = older.length === wanted.to - wanted.from + 1;
    if (dense) this.#carryOut(seat, command, older);
    else seat.refused(command.clientSeq, refusal('edit.invalid'));
  }

  /** A command whose number is not new: it is in the log, or was refused, or overtaken after a refusal. */
  async #repeat(seat: Seat, command: Command): Promise<void> {
    const { clientSeq } = command;
    const known =
      this.#recent.ofOrigin(seat.client, clientSeq) ??
      (await this.#deps.store.eventOf(this.id, seat.client, clientSeq)) ??
      this.#recent.ofOrigin(seat.client, clientSeq);
    if (this.#ended || this.#seats.get(seat.client) !== seat) return;
    if (known === null) this.#carryOut(seat, command, []);
    else if (known.seq <= this.#committed) seat.events([known]);
  }

  /** Lets work for one command go on by itself; a store that cannot be reached refuses the command. */
  #background(seat: Seat, command: Command, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof StorageUnavailable)) throw error;
      seat.refused(command.clientSeq, refusal('storage.unavailable'));
    });
  }

  // ---- the log ------------------------------------------------------------------------------------------

  /** Makes a fact of `body`: folded at once, told when it is durable. */
  #propose(body: EventBody, actor: ParticipantId | null, origin?: Origin): void {
    const event: RoomEvent = {
      seq: this.#fold.seq + 1,
      at: this.#deps.clock.now(),
      actor,
      ...(origin === undefined ? {} : { origin }),
      body,
    };
    this.#advance(event);
    if (origin !== undefined) {
      const author = this.#authors.get(origin.client);
      if (author !== undefined) {
        author.last = Math.max(author.last, origin.clientSeq);
        author.seq = event.seq;
      }
    }
    this.#deps.commit.submit(this.id, event);
  }

  #advance(event: RoomEvent): void {
    this.#texts.follow(event);
    this.#fold.apply(event);
    this.#recent.push(event);
  }

  #onCommitted(events: readonly RoomEvent[]): void {
    // Trimmed one flush late: a join that waited for the last flush has read from the window by now.
    this.#recent.trim(this.#committed);
    this.#committed = events.at(-1)!.seq;
    this.#deps.audience.events(this.id, events);
    for (const event of events) {
      this.#keyframes.note(event);
      if (event.body.kind === 'member.removed') this.#dismiss(event.body.participant, 'room.removed');
    }
    this.#waiters = this.#waiters.filter(({ seq, done }) => {
      if (seq > this.#committed) return true;
      done(true);
      return false;
    });
    this.#scheduleKeyframe();
  }

  #onLost(reason: 'fenced' | 'fault'): void {
    this.#deps.log.warn(
      { room: this.id, epoch: this.epoch, reason },
      'the room has lost its place in the log',
    );
    this.#ended = true;
    this.#runs.abandon();
    this.#presence.close();
    this.#callOffKeyframe?.();
    this.#callOffIdle?.();
    for (const callOff of this.#leaving.values()) callOff();
    this.#leaving.clear();
    for (const { done } of this.#waiters.splice(0)) done(false);
    this.#seats.clear();
    this.#deps.audience.resync(this.id);
    this.#deps.onLost(this);
  }

  /** Resolves to true when everything up to `seq` is durable, to false when it will not be or takes too long. */
  #durable(seq: number): Promise<boolean> {
    if (seq <= this.#committed) return Promise.resolve(true);
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        seq,
        done: (committed) => {
          callOff();
          resolve(committed);
        },
      };
      const callOff = this.#deps.clock.after(JOIN_WAIT_MS, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      });
      this.#waiters.push(waiter);
    });
  }

  #scheduleKeyframe(): void {
    if (this.#ended) return;
    const { clock } = this.#deps;
    const due = this.#keyframes.dueIn(clock.now());
    if (due === null) return;
    this.#callOffKeyframe?.();
    this.#callOffKeyframe = clock.after(due, () => {
      this.#callOffKeyframe = null;
      void this.#writeKeyframe();
    });
  }

  async #writeKeyframe(): Promise<void> {
    const { clock, store, log } = this.#deps;
    const began = clock.now();
    const keyframe = this.#fold.toKeyframe();
    this.#keyframes.begin();
    this.#keyframes.took(clock.now() - began, clock.now());
    try {
      if (await this.#durable(keyframe.seq)) await store.writeKeyframe(this.id, keyframe);
    } catch (error) {
      // The log is whole without it; the next one comes by itself.
      log.warn({ room: this.id, err: error }, 'a keyframe could not be written');
    }
  }

  // ---- what a joining client needs ----------------------------------------------------------------------

  async #stateFor(client: ClientId, { since, pending }: JoinInput): Promise<Welcome['state']> {
    const { seq } = this.#fold;
    if (since !== null && since <= seq && seq - since <= LIMITS.resumeEvents) {
      return { kind: 'events', events: await this.#eventsBetween(since, seq) };
    }
    const keyframe = this.#fold.toKeyframe();
    const catchUps: CatchUp[] = [];
    for (const { file, version } of pending) {
      const now = keyframe.files.find((known) => known.id === file)?.version;
      if (now === undefined || version >= now) continue;
      const edits = (await this.#editsAfter(file, version)).filter((edit) => edit.version <= now);
      if (edits.length === now - version) catchUps.push(catchUp(file, edits, client));
    }
    return { kind: 'keyframe', keyframe, catchUps };
  }

  /** Events from memory where they are there, else from the log. `upTo` may be ahead of what is durable. */
  async #eventsBetween(after: number, upTo: number): Promise<readonly RoomEvent[]> {
    const recent = this.#recent.between(after, upTo);
    if (recent !== null) return recent;
    const { before } = this.#recent;
    const rest = this.#recent.between(before, upTo) ?? [];
    return [...(await this.#deps.store.events(this.id, after, before)), ...rest];
  }

  /** The edits of a file after version `base`, up to the newest. */
  async #editsAfter(file: FileId, base: number): Promise<LoggedEdit[]> {
    const { seq } = this.#fold;
    const near = editsAfter(this.#recent.between(this.#recent.before, seq) ?? [], file, base);
    if (near[0]?.version === base + 1) return near;
    const start = await this.#deps.store.seqBefore(this.id, file, base);
    return editsAfter(await this.#eventsBetween(start, seq), file, base);
  }

  // ---- coming and going ---------------------------------------------------------------------------------

  #isConnected(participant: ParticipantId): boolean {
    for (const seat of this.#seats.values()) if (seat.participant.id === participant) return true;
    for (const seat of this.#arriving) if (seat.participant.id === participant) return true;
    return false;
  }

  #mayLeave(participant: ParticipantId): void {
    if (this.#ended || this.#isConnected(participant)) return;
    if (this.#fold.state.members.get(participant)?.here) this.#awaitReturn(participant);
  }

  #awaitReturn(participant: ParticipantId): void {
    if (this.#leaving.has(participant)) return;
    const callOff = this.#deps.clock.after(LIMITS.leaveGraceMs, () => {
      this.#leaving.delete(participant);
      if (this.#fold.state.members.get(participant)?.here && !this.#isConnected(participant)) {
        this.#propose({ kind: 'member.left', participant }, participant);
      }
    });
    this.#leaving.set(participant, callOff);
  }

  #dismiss(participant: ParticipantId, code: RefusalCode): void {
    for (const seat of [...this.#seats.values()]) {
      if (seat.participant.id !== participant) continue;
      this.#seats.delete(seat.client);
      this.#presence.leave(seat.client, participant);
      seat.dismiss(refusal(code));
    }
    this.#watchIdle();
  }

  #watchIdle(): void {
    if (this.#ended) return;
    this.#callOffIdle?.();
    this.#callOffIdle = null;
    if (this.#seats.size > 0 || this.#arriving.size > 0) return;
    this.#callOffIdle = this.#deps.clock.after(LIMITS.idleRoomMs, () => {
      if (this.#runs.going > 0) this.#watchIdle();
      else this.#deps.onIdle(this);
    });
  }
}

/** What an operation does without what it says: retained and deleted lengths, and the lengths of inserts. */
function opShape(op: Op): string {
  return op.map((part) => (typeof part === 'string' ? `+${part.length}` : String(part))).join(' ');
}

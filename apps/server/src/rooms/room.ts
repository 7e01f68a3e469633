// One room as an actor: commands in, events out after they are durable. It names no transport and no database.
import type {
  BlobHash,
  CallReply,
  CallRequest,
  CommandKind,
  DivergenceReport,
  EventBody,
  GuideRequest,
  HashCheck,
  HashVerdict,
  LinkRole,
  Origin,
  OutgoingSignal,
  ParticipantId,
  PresenceUpdate,
  Refusal,
  Role,
  RoomEvent,
  RoomId,
  RunQuestion,
  SignalReply,
  TerminalMessage,
} from '@codesync/protocol';
import { LIMITS, refusal } from '@codesync/protocol';
import { type Invited, invite, type LinkClaim } from '@codesync/room';
import type { BlobStore, Clock, Log, Relays, RoomStore, Runner, Screens, Workspaces } from '../ports.ts';
import { Attendance } from './attendance.ts';
import type { Audience } from './audience.ts';
import { Authors } from './authors.ts';
import { RoomCall } from './call.ts';
import { Commands } from './commands.ts';
import type { GroupCommit } from './group-commit.ts';
import { Guide } from './guide.ts';
import { HashChecks } from './hash-checks.ts';
import { HostTalk, withoutHostTalk } from './host-talk.ts';
import { type JoinInput, Joining } from './joining.ts';
import { RoomPairing } from './pairing.ts';
import { RoomPresence } from './presence.ts';
import type { RoomFigures, RunsTold } from './room-handle.ts';
import { type Recovered, RoomLog } from './room-log.ts';
import { RunHistory } from './run-history.ts';
import { CUT_OFF_RUN, RoomRuns } from './runs.ts';
import type { Seat } from './seat.ts';
import { CUT_OFF_SHELL, RoomTerminals } from './terminals.ts';
import type { MeasuredCommand } from './text-units.ts';

export type RoomDeps = {
  readonly store: RoomStore;
  readonly blobs: BlobStore;
  readonly commit: GroupCommit;
  readonly clock: Clock;
  readonly runner: Runner;
  readonly workspaces: Workspaces;
  readonly screens: Screens;
  readonly relays: Relays;
  readonly audience: Audience;
  readonly log: Log;
  /** Random ids for runs and workspaces. */
  readonly newId: () => string;
  /** The room has lost its place in the log and must be forgotten. */
  readonly onLost: (room: Room) => void;
  /** Nobody has been in the room for `LIMITS.idleRoomMs`, and nothing runs. */
  readonly onIdle: (room: Room) => void;
};

/**
 * The single writer of one room. Its state is folded ahead of what is durable, so that the next command is
 * sequenced against it at once; nobody is told of an event before it is durable.
 */
export class Room {
  readonly id: RoomId;
  readonly #deps: RoomDeps;
  /** What everyone may hear. */
  readonly #audience: Audience;
  readonly #hostTalk: HostTalk;
  readonly #log: RoomLog;
  readonly #authors: Authors;
  readonly #attendance: Attendance;
  readonly #presence: RoomPresence;
  readonly #guide: Guide;
  readonly #pairing: RoomPairing;
  readonly #call: RoomCall;
  readonly #runs: RoomRuns;
  readonly #history: RunHistory;
  readonly #terminals: RoomTerminals;
  readonly #hashes: HashChecks;
  readonly #joining: Joining;
  readonly #commands: Commands;

  constructor(deps: RoomDeps, recovered: Recovered) {
    const { id } = recovered;
    const { clock, store, blobs, runner, log, commit, newId } = deps;
    const audience = withoutHostTalk(deps.audience);
    this.#audience = audience;
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
        const idle = this.#terminals.idle(LIMITS.idleRoomMs);
        if (idle && this.#runs.going === 0) deps.onIdle(this);
      },
    });
    this.#presence = new RoomPresence(clock, (entries) => audience.presence(id, entries));
    this.#call = new RoomCall({
      clock,
      relays: deps.relays,
      roleOf: (participant) => this.role(participant),
      seatOf: (client) => this.#attendance.seatOf(client),
      tell: (state) => audience.call(id, state),
      signal: (seat, signal) => audience.to(seat, { kind: 'signal', signal }),
    });
    const propose = this.#propose.bind(this);
    const state = () => this.#log.fold.state;
    this.#guide = new Guide({ clock, audience, seats: () => this.#attendance.all(), state });
    this.#pairing = new RoomPairing({ clock, propose, state });
    this.#runs = new RoomRuns(id, runner, clock, propose);
    this.#history = new RunHistory(id, this.#log, store, commit);
    const { workspaces, screens } = deps;
    this.#terminals = new RoomTerminals({
      room: id,
      blobs: {
        put: (blob, part, body) => blobs.put(id, blob, part, body, async () => this.blobsInUse()),
        read: (blob) => blobs.read(id, blob),
      },
      workspaces,
      screens,
      clock,
      audience,
      log: this.#log,
      commit,
      serverLog: log,
      propose,
      newId,
    });
    this.#hostTalk = new HostTalk(
      {
        audience: deps.audience,
        seats: () => this.#attendance.all(),
        roleOf: (participant) => this.role(participant) ?? undefined,
      },
      this.#log.fold.state,
    );
    this.#hashes = new HashChecks(id, this.#log, log);
    const parts = { log: this.#log, authors: this.#authors, attendance: this.#attendance, propose };
    const terminals = this.#terminals;
    this.#joining = new Joining({
      ...parts,
      commit,
      audience,
      terminals,
      presence: this.#presence,
      guide: this.#guide,
      clock,
      call: this.#call,
    });
    this.#commands = new Commands({
      ...parts,
      commit,
      audience,
      terminals,
      runs: this.#runs,
      bytesOf: (hash) => blobs.bytesOf(id, hash),
      newId,
    });
  }

  /** Takes up work, once: ends the runs and shells that nobody knows of any more, and waits for who was here. */
  open(): void {
    this.#log.open();
    const { runs, terminals, members } = this.#log.fold.state;
    for (const run of runs.values()) {
      if (run.phase !== 'ended') this.#propose({ kind: 'run.ended', run: run.id, ...CUT_OFF_RUN }, null);
    }
    for (const { id, end } of terminals.values()) {
      if (end === null) this.#propose({ kind: 'terminal.ended', terminal: id, ...CUT_OFF_SHELL }, null);
    }
    for (const member of members.values()) if (member.here) this.#attendance.awaitReturn(member.id);
    this.#pairing.open();
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
  get figures(): RoomFigures {
    const { size: clients, participants } = this.#attendance;
    return { clients, participants, ...this.#hashes.counts };
  }

  /** What a link tells whoever holds it. */
  invitation(claim: LinkClaim): Invited {
    return invite(this.#log.fold.state, claim);
  }

  /** Null for somebody who was never in the room, or was removed. */
  role(participant: ParticipantId): Role | null {
    const member = this.#member(participant);
    return member === undefined || member.removed ? null : member.role;
  }

  /** The blobs of its files, and of those that can be brought back. */
  blobsInUse(): readonly BlobHash[] {
    const { files, deleted } = this.#log.fold.state;
    return [...files.values(), ...deleted.values()].flatMap(({ blob }) => blob?.hash ?? []);
  }

  /** Lets a client in, or says why not. When it resolves to null, the seat has had its welcome. */
  async join(seat: Seat, input: JoinInput): Promise<Refusal | null> {
    this.#terminals.attended();
    const refused = await this.#joining.join(seat, input);
    if (refused === null && this.#attendance.has(seat)) this.#hostTalk.entered(seat);
    return refused;
  }

  /** The client is no longer connected, or was not let in. */
  leave(seat: Seat): void {
    this.#terminals.leave(seat);
    this.#joining.leave(seat);
    if (!this.#attendance.hasClient(seat.client)) this.#call.left(seat.client);
  }

  /** Carries out a command, or refuses it; a command that is in the log already is answered with its event. */
  command(seat: Seat, command: MeasuredCommand): void {
    this.#commands.command(seat, command);
  }

  /** Whether the seat's participant has the role for such a command now. */
  may(seat: Seat, kind: CommandKind): boolean {
    return this.#commands.may(seat.participant.id, kind);
  }

  /** Something was heard of a connected client again, or nothing for `LIMITS.silentMs`. */
  hear(seat: Seat, heard: boolean): void {
    this.#attendance.hear(seat, heard);
  }

  /** What a client says of a terminal beside its commands. */
  terminal(seat: Seat, message: TerminalMessage): void {
    const error = this.#attendance.has(seat)
      ? this.#terminals.hear(seat, message)
      : refusal('protocol.unjoined');
    if (error !== null) this.#audience.to(seat, { kind: 'refused', clientSeq: null, error });
  }

  /** What a client asks of the call. */
  call(seat: Seat, request: CallRequest): CallReply {
    if (!this.#attendance.has(seat)) return { ok: false, error: refusal('protocol.unjoined') };
    return this.#call.ask(seat, request);
  }

  /** What a client says to another one in the call. */
  signal(seat: Seat, signal: OutgoingSignal): SignalReply {
    if (!this.#attendance.has(seat)) return { ok: false, error: refusal('protocol.unjoined') };
    return this.#call.signal(seat, signal);
  }

  presence(seat: Seat, update: PresenceUpdate): void {
    if (this.#attendance.has(seat)) this.#presence.update(seat.client, seat.participant.id, update);
  }

  /** Asks others to follow or to come somewhere, or says why not. */
  guide(seat: Seat, request: GuideRequest): Refusal | null {
    return this.#attendance.has(seat) ? this.#guide.ask(seat, request) : refusal('protocol.unjoined');
  }

  check(seat: Seat, check: HashCheck): HashVerdict {
    return this.#attendance.has(seat) ? this.#hashes.check(seat.client, check) : { verdict: 'unknown' };
  }

  /** What of its runs a client asks for. */
  async runs(seat: Seat, question: RunQuestion): Promise<RunsTold> {
    if (this.#attendance.has(seat)) return this.#history.ask(question);
    return { reply: { ok: false, error: refusal('protocol.unjoined') }, units: 0 };
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
    this.#terminals.end();
    this.#pairing.close();
    this.#attendance.close();
    this.#presence.close();
    this.#call.close();
    await this.#log.close();
  }

  #member(participant: ParticipantId) {
    return this.#log.fold.state.members.get(participant);
  }

  #propose(body: EventBody, actor: ParticipantId | null, origin?: Origin, units?: number): void {
    const event = this.#log.propose(body, actor, origin, units);
    this.#authors.note(event);
    this.#terminals.follow(event);
    this.#pairing.follow(event);
  }

  #onCommitted(events: readonly RoomEvent[]): void {
    this.#hostTalk.committed(events);
    this.#audience.events(this.id, events);
    this.#guide.committed(events);
    for (const { body } of events) {
      if (body.kind !== 'member.removed') continue;
      this.#call.removed(body.participant);
      for (const seat of this.#attendance.seatsOf(body.participant)) {
        this.leave(seat);
        this.#audience.to(seat, { kind: 'dismissed', error: refusal('room.removed') });
      }
    }
  }

  #onLost(reason: 'fenced' | 'fault'): void {
    this.#deps.log.warn(
      { room: this.id, epoch: this.epoch, reason },
      'the room has lost its place in the log',
    );
    this.#runs.abandon();
    this.#terminals.abandon();
    this.#pairing.close();
    this.#attendance.close();
    this.#presence.close();
    this.#call.close();
    this.#audience.resync(this.id);
    this.#deps.onLost(this);
  }
}

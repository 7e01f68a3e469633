// What becomes of a client's command: a fact of the log, or a refusal.
import {
  type BlobHash,
  type CommandBody,
  type CommandKind,
  type EventBody,
  type Origin,
  type ParticipantId,
  type Refusal,
  RunId,
  refusal,
} from '@codesync/protocol';
import { type Decision, decide, denial, type Given, NOTHING_GIVEN } from '@codesync/room';
import type { Attendance } from './attendance.ts';
import type { Audience } from './audience.ts';
import type { Authors } from './authors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Propose, RoomLog } from './room-log.ts';
import type { RoomRuns } from './runs.ts';
import type { Seat } from './seat.ts';
import type { RoomTerminals } from './terminals.ts';
import { knownUnits, type MeasuredCommand } from './text-units.ts';
import { readingRefusal } from './unreadable.ts';

/**
 * How many commands of one client may wait for something to be read from the log. Further ones are refused for now.
 */
const READING_LIMIT = 64;

export type CommandsDeps = {
  readonly commit: Pick<GroupCommit, 'stalled' | 'crowded' | 'unsaved'>;
  readonly audience: Audience;
  readonly log: RoomLog;
  readonly authors: Authors;
  readonly attendance: Attendance;
  readonly runs: RoomRuns;
  readonly terminals: Pick<RoomTerminals, 'act'>;
  readonly propose: Propose;
  /** The length of a blob that the server has. */
  readonly bytesOf: (hash: BlobHash) => Promise<number | null>;
  /** Random ids for runs. */
  readonly newId: () => string;
};

type Older = Extract<Decision, { kind: 'older' }>;
/** What has to be read before a command can be decided on. */
type Missing = Older | Extract<Decision, { kind: 'blob' }>;
/** What was read for a command. */
type Read = Partial<Pick<Given, 'older' | 'blob'>>;

/** What became of an attempt. */
type Outcome = typeof DONE | Missing | Extract<Decision, { kind: 'refused' }>;

const isMissing = (outcome: Outcome): outcome is Missing =>
  outcome.kind === 'older' || outcome.kind === 'blob';

const DONE = { kind: 'done' } as const;

const refused = (error: Refusal) => ({ kind: 'refused', error }) as const;

export class Commands {
  readonly #deps: CommandsDeps;
  /** The numbers of the commands that wait for the log, by the id of their seat. */
  readonly #reading = new Map<string, Set<number>>();

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  /** Carries out a command, or refuses it; a command that is in the log already is answered with its event. */
  command(seat: Seat, command: MeasuredCommand): void {
    const { log, attendance, authors } = this.#deps;
    if (log.ended || !attendance.has(seat)) {
      this.#refuse(seat, command, refusal('protocol.unjoined'));
    } else if (this.#reading.get(seat.id)?.has(command.clientSeq)) {
      // It came before, and waits for the log. The answer to that one is the answer to this one.
    } else if (command.clientSeq <= authors.last(seat.client)) {
      this.#background(seat, command, () => this.#repeat(seat, command));
    } else {
      const outcome = this.#attempt(seat, command, {});
      if (!isMissing(outcome)) this.#answer(seat, command, outcome);
      else this.#background(seat, command, () => this.#carryOutWith(seat, command, outcome));
    }
  }

  /** Whether the participant has the role for such a command. */
  may(participant: ParticipantId, kind: CommandKind): boolean {
    return denial(this.#deps.log.fold.state, participant, kind) === null;
  }

  /** @param read what the command needs and memory does not have. */
  #attempt(seat: Seat, command: MeasuredCommand, read: Read): Outcome {
    const { log, runs, commit, propose } = this.#deps;
    const { clientSeq, body } = command;
    const actor = seat.participant.id;
    const decision = decide(log, actor, body, this.#given(body, read));
    if (decision.kind === 'refused') return decision;
    if (commit.crowded || (commit.stalled && body.kind === 'run.start')) {
      return refused(refusal(commit.unsaved));
    }
    const origin: Origin = { client: seat.client, clientSeq };
    switch (decision.kind) {
      case 'fact':
        propose(decision.body, actor, origin, knownUnits(decision.body, command));
        this.#act(seat, decision.body);
        return DONE;
      case 'stop':
        return runs.stop(decision.run, actor, origin) ? DONE : refused(refusal('run.unknown'));
      case 'older':
      case 'blob':
        return decision;
    }
  }

  #given(body: CommandBody, read: Read): Given {
    const { runs, newId } = this.#deps;
    const run = body.kind === 'run.start' ? { id: RunId.parse(newId()), sandbox: runs.sandbox } : null;
    return { ...NOTHING_GIVEN, ...read, run };
  }

  /** What a new fact asks of the world outside. */
  #act(seat: Seat, body: EventBody): void {
    const { log, runs, terminals } = this.#deps;
    terminals.act(seat, body);
    if (body.kind === 'run.started') runs.start(log.fold, body, seat.network);
    if (body.kind === 'run.input') runs.input(body);
  }

  /** Tries a command again, with what it lacked. */
  async #carryOutWith(seat: Seat, command: MeasuredCommand, missing: Missing): Promise<void> {
    const { log, attendance } = this.#deps;
    const read = await this.#read(missing);
    if (log.ended || !attendance.has(seat)) return;
    const outcome = read === null ? refused(refusal('edit.invalid')) : this.#attempt(seat, command, read);
    if (isMissing(outcome)) await this.#carryOutWith(seat, command, outcome);
    else this.#answer(seat, command, outcome);
  }

  /** Null for edits that there are not. */
  async #read(missing: Missing): Promise<Read | null> {
    const { log, bytesOf } = this.#deps;
    if (missing.kind === 'blob') {
      return { blob: { hash: missing.hash, bytes: await bytesOf(missing.hash) } };
    }
    const { file, from, to } = missing;
    const older = (await log.editsAfter(file, from - 1)).map(({ op }) => op);
    // What was read may be more than was asked for: what has become old meanwhile is among it.
    return older.length > to - from ? { older } : null;
  }

  /** A command whose number is not new: it is in the log, or was refused, or overtaken after a refusal. */
  async #repeat(seat: Seat, command: MeasuredCommand): Promise<void> {
    const { log, attendance, audience } = this.#deps;
    const known = await log.ofOrigin({ client: seat.client, clientSeq: command.clientSeq });
    if (log.ended || !attendance.has(seat)) return;
    if (known !== null) {
      if (known.seq <= log.committed) audience.to(seat, { kind: 'events', events: [known] });
      return;
    }
    const outcome = this.#attempt(seat, command, {});
    if (isMissing(outcome)) await this.#carryOutWith(seat, command, outcome);
    else this.#answer(seat, command, outcome);
  }

  /**
   * Lets work for one command go on by itself. Refuses the command when the store cannot be reached, and when as much
   * goes on for this client as may.
   */
  #background(seat: Seat, command: MeasuredCommand, work: () => Promise<void>): void {
    const reading = this.#reading.get(seat.id) ?? new Set();
    if (reading.size >= READING_LIMIT) {
      this.#refuse(seat, command, refusal('rate.exceeded'));
      return;
    }
    this.#reading.set(seat.id, reading.add(command.clientSeq));
    work()
      .catch((error: unknown) => {
        this.#refuse(seat, command, readingRefusal(error, this.#deps.commit));
      })
      .finally(() => {
        reading.delete(command.clientSeq);
        if (reading.size === 0) this.#reading.delete(seat.id);
      });
  }

  #answer(seat: Seat, command: MeasuredCommand, outcome: Exclude<Outcome, Missing>): void {
    if (outcome.kind === 'refused') this.#refuse(seat, command, outcome.error);
  }

  #refuse(seat: Seat, { clientSeq }: MeasuredCommand, error: Refusal): void {
    this.#deps.audience.to(seat, { kind: 'refused', clientSeq, error });
  }
}

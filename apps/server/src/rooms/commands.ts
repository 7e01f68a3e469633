// What becomes of a client's command: a fact of the log, or a refusal.
import type { Op } from '@codesync/ot';
import {
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
  readonly propose: Propose;
  /** Random ids for runs. */
  readonly newId: () => string;
};

export class Commands {
  readonly #deps: CommandsDeps;
  /** How many commands of a seat wait for the log, by its id. */
  readonly #reading = new Map<string, number>();

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  /** Carries out a command, or refuses it; a command that is in the log already is answered with its event. */
  command(seat: Seat, command: MeasuredCommand): void {
    const { log, attendance, authors } = this.#deps;
    if (log.ended || !attendance.has(seat)) {
      this.#refuse(seat, command, refusal('protocol.unjoined'));
    } else if (command.clientSeq <= authors.last(seat.client)) {
      const error = this.#background(seat, command, () => this.#repeat(seat, command));
      if (error !== null) this.#refuse(seat, command, error);
    } else {
      this.#carryOut(seat, command, []);
    }
  }

  /** Whether the participant has the role for such a command. */
  may(participant: ParticipantId, kind: CommandKind): boolean {
    return denial(this.#deps.log.fold.state, participant, kind) === null;
  }

  #carryOut(seat: Seat, command: MeasuredCommand, older: readonly Op[]): void {
    const error = this.#attempt(seat, command, older);
    if (error !== null) this.#refuse(seat, command, error);
  }

  /**
   * Null when the command is done, or goes on in the background.
   * @param older edits of the log that an edit needs and memory does not have.
   */
  #attempt(seat: Seat, command: MeasuredCommand, older: readonly Op[]): Refusal | null {
    const { log, runs, commit, propose } = this.#deps;
    const { clientSeq, body } = command;
    const actor = seat.participant.id;
    const decision = decide(log, actor, body, this.#given(body, older));
    if (decision.kind === 'refused') return decision.error;
    if (commit.crowded || (commit.stalled && body.kind === 'run.start')) return refusal(commit.unsaved);
    const origin: Origin = { client: seat.client, clientSeq };
    switch (decision.kind) {
      case 'fact':
        propose(decision.body, actor, origin, knownUnits(decision.body, command));
        this.#act(seat, decision.body);
        return null;
      case 'stop':
        return runs.stop(decision.run, actor, origin) ? null : refusal('run.unknown');
      case 'older':
        return this.#background(seat, command, () => this.#carryOutOld(seat, command, decision));
    }
  }

  #given(body: CommandBody, older: readonly Op[]): Given {
    const { runs, newId } = this.#deps;
    if (body.kind === 'run.start') return { older, run: { id: RunId.parse(newId()), sandbox: runs.sandbox } };
    return older.length === 0 ? NOTHING_GIVEN : { older, run: null };
  }

  /** What a new fact asks of the world outside. */
  #act(seat: Seat, body: EventBody): void {
    const { log, runs } = this.#deps;
    if (body.kind === 'run.started') runs.start(log.fold, body, seat.network);
    if (body.kind === 'run.input') runs.input(body);
  }

  /** An edit against a version that is older than what memory holds. It is tried again with the missing edits. */
  async #carryOutOld(
    seat: Seat,
    command: MeasuredCommand,
    { file, from, to }: Extract<Decision, { kind: 'older' }>,
  ): Promise<void> {
    const { log, attendance, authors } = this.#deps;
    const before = authors.lastSeq(seat.client);
    const older = (await log.editsAfter(file, from - 1)).map(({ op }) => op);
    if (log.ended || !attendance.has(seat)) return;
    // The same command may have come again meanwhile, and have been carried out.
    if (authors.lastSeq(seat.client) !== before) return this.#repeat(seat, command);
    // This may be more than was asked for: what has become old meanwhile is among it, and need not be read again.
    if (older.length > to - from) this.#carryOut(seat, command, older);
    else this.#refuse(seat, command, refusal('edit.invalid'));
  }

  /** A command whose number is not new: it is in the log, or was refused, or overtaken after a refusal. */
  async #repeat(seat: Seat, command: MeasuredCommand): Promise<void> {
    const { log, attendance, audience, authors } = this.#deps;
    for (;;) {
      const before = authors.lastSeq(seat.client);
      const known = await log.ofOrigin({ client: seat.client, clientSeq: command.clientSeq });
      if (log.ended || !attendance.has(seat)) return;
      if (known !== null) {
        if (known.seq <= log.committed) audience.to(seat, { kind: 'events', events: [known] });
        return;
      }
      // What became of another command meanwhile may be this one, sent twice: only one of the two is carried out.
      if (authors.lastSeq(seat.client) === before) break;
    }
    this.#carryOut(seat, command, []);
  }

  /**
   * Lets work for one command go on by itself. If the store cannot be reached, the command is refused. Returns false,
   * and begins nothing, for a client that has too much work going on.
   */
  #background(seat: Seat, command: MeasuredCommand, work: () => Promise<void>): Refusal | null {
    const reading = this.#reading.get(seat.id) ?? 0;
    if (reading >= READING_LIMIT) return refusal('rate.exceeded');
    this.#reading.set(seat.id, reading + 1);
    work()
      .catch((error: unknown) => {
        this.#refuse(seat, command, readingRefusal(error, this.#deps.commit));
      })
      .finally(() => this.#endReading(seat.id));
    return null;
  }

  #endReading(seat: string): void {
    const left = this.#reading.get(seat)! - 1;
    if (left > 0) this.#reading.set(seat, left);
    else this.#reading.delete(seat);
  }

  #refuse(seat: Seat, { clientSeq }: MeasuredCommand, error: Refusal): void {
    this.#deps.audience.to(seat, { kind: 'refused', clientSeq, error });
  }
}

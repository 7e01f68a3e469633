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
  /** Random ids for runs. */
  readonly newId: () => string;
};

type Older = Extract<Decision, { kind: 'older' }>;

/** What became of an attempt. */
type Outcome = typeof DONE | Older | Extract<Decision, { kind: 'refused' }>;

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
      const outcome = this.#attempt(seat, command, []);
      if (outcome.kind !== 'older') this.#answer(seat, command, outcome);
      else this.#background(seat, command, () => this.#carryOutOld(seat, command, outcome));
    }
  }

  /** Whether the participant has the role for such a command. */
  may(participant: ParticipantId, kind: CommandKind): boolean {
    return denial(this.#deps.log.fold.state, participant, kind) === null;
  }

  /** @param older edits of the log that an edit needs and memory does not have. */
  #attempt(seat: Seat, command: MeasuredCommand, older: readonly Op[]): Outcome {
    const { log, runs, commit, propose } = this.#deps;
    const { clientSeq, body } = command;
    const actor = seat.participant.id;
    const decision = decide(log, actor, body, this.#given(body, older));
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
        return decision;
    }
  }

  #given(body: CommandBody, older: readonly Op[]): Given {
    const { runs, newId } = this.#deps;
    if (body.kind === 'run.start') return { older, run: { id: RunId.parse(newId()), sandbox: runs.sandbox } };
    return older.length === 0 ? NOTHING_GIVEN : { older, run: null };
  }

  /** What a new fact asks of the world outside. */
  #act(seat: Seat, body: EventBody): void {
    const { log, runs, terminals } = this.#deps;
    terminals.act(seat, body);
    if (body.kind === 'run.started') runs.start(log.fold, body, seat.network);
    if (body.kind === 'run.input') runs.input(body);
  }

  /** An edit against a version that is older than what memory holds. It is tried again with the missing edits. */
  async #carryOutOld(seat: Seat, command: MeasuredCommand, { file, from, to }: Older): Promise<void> {
    const { log, attendance } = this.#deps;
    const older = (await log.editsAfter(file, from - 1)).map(({ op }) => op);
    if (log.ended || !attendance.has(seat)) return;
    // What was read may be more than was asked for: what has become old meanwhile is among it.
    const enough = older.length > to - from;
    const outcome = enough ? this.#attempt(seat, command, older) : refused(refusal('edit.invalid'));
    if (outcome.kind === 'older') await this.#carryOutOld(seat, command, outcome);
    else this.#answer(seat, command, outcome);
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
    const outcome = this.#attempt(seat, command, []);
    if (outcome.kind === 'older') await this.#carryOutOld(seat, command, outcome);
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

  #answer(seat: Seat, command: MeasuredCommand, outcome: Exclude<Outcome, Older>): void {
    if (outcome.kind === 'refused') this.#refuse(seat, command, outcome.error);
  }

  #refuse(seat: Seat, { clientSeq }: MeasuredCommand, error: Refusal): void {
    this.#deps.audience.to(seat, { kind: 'refused', clientSeq, error });
  }
}

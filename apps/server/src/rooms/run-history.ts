// What a room tells of its runs so far, out of its log.
import {
  LIMITS,
  type PrintedWords,
  type Refusal,
  type RoomId,
  type Run,
  type RunAnswer,
  type RunQuestion,
  refusal,
} from '@codesync/protocol';
import { RoomFold, runOf, summaryOf } from '@codesync/room';
import type { RoomStore } from '../ports.ts';
import type { GroupCommit } from './group-commit.ts';
import type { RunsTold } from './room-handle.ts';
import type { RoomLog } from './room-log.ts';
import { answerUnits } from './text-units.ts';
import { readingRefusal } from './unreadable.ts';

/** The output of so many units is searched for an answer, or that of one run. */
const SEARCHED_UNITS = 1_000_000;
/** Control sequences and strings of a terminal, and what else begins with an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?/g;

export class RunHistory {
  readonly #room: RoomId;
  readonly #log: RoomLog;
  readonly #store: RoomStore;
  readonly #commit: Pick<GroupCommit, 'unsaved'>;
  /** One answer at a time: a room's old text may be long, and its people wait for other things. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(room: RoomId, log: RoomLog, store: RoomStore, commit: Pick<GroupCommit, 'unsaved'>) {
    this.#room = room;
    this.#log = log;
    this.#store = store;
    this.#commit = commit;
  }

  /** Answers from what is durable. */
  ask(question: RunQuestion): Promise<RunsTold> {
    const told = this.#turn.then(() => this.#tell(question));
    // Whoever asked hears of a failure. The next question does not depend on it.
    this.#turn = told.catch(() => undefined);
    return told;
  }

  async #tell(question: RunQuestion): Promise<RunsTold> {
    try {
      return await this.#answer(question);
    } catch (error) {
      return unanswered(readingRefusal(error, this.#commit));
    }
  }

  async #answer(question: RunQuestion): Promise<RunsTold> {
    switch (question.ask) {
      case 'runs':
        return this.#runs(question.before ?? this.#log.committed + 1);
      case 'run':
        return this.#run(question.seq);
      case 'text':
        return this.#text(question);
      case 'words':
        return this.#words(question);
    }
  }

  async #runs(before: number): Promise<RunsTold> {
    // One more than is told says whether there are more.
    const events = await this.#store.runsBefore(this.#room, before, LIMITS.runsPerPage + 1);
    const starts = events.filter(({ body }) => body.kind === 'run.started');
    const runs = starts.slice(-LIMITS.runsPerPage).flatMap(({ seq, body }) => {
      const run = body.kind === 'run.started' ? runOf(events, body.run) : null;
      return run === null ? [] : [{ seq, run: summaryOf(run) }];
    });
    return answered({ kind: 'runs', runs: runs.toReversed(), more: starts.length > LIMITS.runsPerPage });
  }

  async #run(seq: number): Promise<RunsTold> {
    const events = await this.#store.runEvents(this.#room, seq);
    const [start] = events;
    const run = start?.body.kind === 'run.started' ? runOf(events, start.body.run) : null;
    return run === null ? unanswered(refusal('run.unlogged')) : answered({ kind: 'run', run });
  }

  async #words({ before, words }: Extract<RunQuestion, { ask: 'words' }>): Promise<RunsTold> {
    const events = await this.#store.runsBefore(this.#room, before, LIMITS.runsPerPage);
    const starts = events.flatMap(({ seq, body }) => (body.kind === 'run.started' ? [{ seq, ...body }] : []));
    const runs: PrintedWords[] = [];
    let read = 0;
    for (const { seq, run: id } of starts.toReversed()) {
      const run = runOf(await this.#store.runEvents(this.#room, seq), id);
      const printed = run === null ? '' : printedBy(run);
      runs.push({ seq, words: words.filter((word) => printed.includes(word.toLowerCase())) });
      read += printed.length + 1;
      if (read >= SEARCHED_UNITS) break;
    }
    return answered({ kind: 'words', runs }, read);
  }

  async #text({ seq, file }: Extract<RunQuestion, { ask: 'text' }>): Promise<RunsTold> {
    if (seq > this.#log.committed) return unanswered(refusal('run.unlogged'));
    const [start] = await this.#store.events(this.#room, seq - 1, seq);
    if (start?.body.kind !== 'run.started') return unanswered(refusal('run.unlogged'));
    const keyframe = await this.#store.keyframeBefore(this.#room, seq);
    const fold = keyframe === null ? new RoomFold() : RoomFold.from(keyframe.keyframe);
    for (const event of await this.#store.events(this.#room, fold.seq, seq)) fold.apply(event);
    // Whatever is asked of it, the whole room was read.
    const units = [...fold.texts.values()].reduce((sum, { buffer }) => sum + buffer.length, 0);
    const blob = fold.state.files.get(file)?.blob ?? null;
    if (blob !== null) return answered({ kind: 'binary', blob }, units);
    const text = fold.texts.get(file);
    return text === undefined
      ? unanswered(refusal('file.unknown'), units)
      : answered({ kind: 'text', text: text.buffer.toString() }, units);
  }
}

/** What a run printed and was given, in small letters, without escape sequences. */
function printedBy({ output }: Run): string {
  return output
    .map(({ text }) => text)
    .join('')
    .replace(ESCAPES, '')
    .toLowerCase();
}

/** @param read what was read beside what is told. */
function answered(answer: RunAnswer, read = 0): RunsTold {
  return { reply: { ok: true, answer }, units: read + answerUnits(answer) };
}

function unanswered(error: Refusal, read = 0): RunsTold {
  return { reply: { ok: false, error }, units: read };
}

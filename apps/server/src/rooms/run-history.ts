// What a room tells of its runs so far, out of its log.
import {
  LIMITS,
  type Refusal,
  type RoomId,
  type RunAnswer,
  type RunQuestion,
  type RunReply,
  refusal,
} from '@codesync/protocol';
import { RoomFold, runOf, summaryOf } from '@codesync/room';
import type { RoomStore } from '../ports.ts';
import type { GroupCommit } from './group-commit.ts';
import type { RoomLog } from './room-log.ts';
import { readingRefusal } from './unreadable.ts';

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
  ask(question: RunQuestion): Promise<RunReply> {
    const answered = this.#turn.then(() => this.#reply(question));
    this.#turn = answered.catch(() => undefined);
    return answered;
  }

  async #reply(question: RunQuestion): Promise<RunReply> {
    try {
      const answer = await this.#answer(question);
      return 'code' in answer ? { ok: false, error: answer } : { ok: true, answer };
    } catch (error) {
      return { ok: false, error: readingRefusal(error, this.#commit) };
    }
  }

  async #answer(question: RunQuestion): Promise<RunAnswer | Refusal> {
    switch (question.ask) {
      case 'runs':
        return this.#runs(question.before ?? this.#log.committed + 1);
      case 'run':
        return this.#run(question.seq);
      case 'text':
        return this.#text(question);
    }
  }

  async #runs(before: number): Promise<RunAnswer> {
    // One more than is told says whether there are more.
    const events = await this.#store.runsBefore(this.#room, before, LIMITS.runsPerPage + 1);
    const starts = events.filter(({ body }) => body.kind === 'run.started');
    const runs = starts.slice(-LIMITS.runsPerPage).flatMap(({ seq, body }) => {
      const run = body.kind === 'run.started' ? runOf(events, body.run) : null;
      return run === null ? [] : [{ seq, run: summaryOf(run) }];
    });
    return { kind: 'runs', runs: runs.toReversed(), more: starts.length > LIMITS.runsPerPage };
  }

  async #run(seq: number): Promise<RunAnswer | Refusal> {
    const events = await this.#store.runEvents(this.#room, seq);
    const [start] = events;
    const run = start?.body.kind === 'run.started' ? runOf(events, start.body.run) : null;
    return run === null ? refusal('run.unlogged') : { kind: 'run', run };
  }

  async #text({ seq, file }: Extract<RunQuestion, { ask: 'text' }>): Promise<RunAnswer | Refusal> {
    if (seq > this.#log.committed) return refusal('run.unlogged');
    const [start] = await this.#store.events(this.#room, seq - 1, seq);
    if (start?.body.kind !== 'run.started') return refusal('run.unlogged');
    const keyframe = await this.#store.keyframeBefore(this.#room, seq);
    const fold = keyframe === null ? new RoomFold() : RoomFold.from(keyframe.keyframe);
    for (const event of await this.#store.events(this.#room, fold.seq, seq)) fold.apply(event);
    const text = fold.texts.get(file);
    return text === undefined ? refusal('file.unknown') : { kind: 'text', text: text.buffer.toString() };
  }
}

// The runs of the room so far, as the server tells them out of its log.
import type { BlobRef, FileId, PastRun, Run, RunAnswer, RunQuestion } from '@codesync/protocol';
import { createStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';

type ArchiveState = {
  /** Newest first. */
  readonly runs: readonly PastRun[];
  /** The log has older ones. */
  readonly more: boolean;
  readonly busy: boolean;
  /** Why the last question was not answered, in a sentence. */
  readonly problem: string | null;
  /** What was asked for in full, by where it was started. */
  readonly whole: ReadonlyMap<number, Run>;
  /** The words that outputs were last searched for, and which of them each run has, by where it was started. */
  readonly sought: readonly string[];
  readonly printed: ReadonlyMap<number, readonly string[]>;
};

const UNASKED: ArchiveState = {
  runs: [],
  more: true,
  busy: false,
  problem: null,
  whole: new Map(),
  sought: [],
  printed: new Map(),
};
const NO_ANSWER = 'The server did not answer. Try again when the connection is back.';

class RunArchive {
  readonly state = createStore<ArchiveState>(() => UNASKED);
  readonly #desk: Desk;
  /** The server answers one question of a page at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Asks for the newest runs. Those that are known stay, for as long as the newest ones reach to them. */
  refresh = (): Promise<void> =>
    this.#inTurn(async () => {
      const answer = await this.#ask({ ask: 'runs', before: null });
      if (answer?.kind !== 'runs') return;
      const { runs, more } = this.state.getState();
      const last = answer.runs.at(-1)?.seq ?? 0;
      const joined = runs.some(({ seq }) => seq >= last);
      this.state.setState({
        runs: joined ? [...answer.runs, ...runs.filter(({ seq }) => seq < last)] : answer.runs,
        more: joined ? more : answer.more,
      });
    });

  /** Asks for the runs before those that are known. */
  older = (): Promise<void> =>
    this.#inTurn(async () => {
      const { runs } = this.state.getState();
      const answer = await this.#ask({ ask: 'runs', before: runs.at(-1)?.seq ?? null });
      if (answer?.kind === 'runs')
        this.state.setState({ runs: [...runs, ...answer.runs], more: answer.more });
    });

  /** Asks for a run with its output. */
  whole = (seq: number): Promise<void> =>
    this.#inTurn(async () => {
      if (this.state.getState().whole.get(seq)?.end) return;
      const answer = await this.#ask({ ask: 'run', seq });
      if (answer?.kind !== 'run') return;
      this.state.setState(({ whole }) => ({ whole: new Map(whole).set(seq, answer.run) }));
    });

  /** Asks which of the words are in what a run printed, and in what some of those before it did. */
  search = (words: readonly string[], seq: number): Promise<void> =>
    this.#inTurn(async () => {
      const answer = await this.#ask({ ask: 'words', before: seq + 1, words: [...words] });
      if (answer?.kind !== 'words') return;
      this.state.setState(({ sought, printed }) => {
        const known = isSame(sought, words) ? printed : [];
        const told = answer.runs.map((run) => [run.seq, run.words] as const);
        // Whatever is told, this run is not asked for again.
        return { sought: words, printed: new Map([...known, [seq, []], ...told]) };
      });
    });

  /** A file as it was when a run was started: its text, or what else it was. Null when that is not told. */
  content = (seq: number, file: FileId): Promise<string | BlobRef | null> =>
    this.#inTurn(async () => {
      const answer = await this.#ask({ ask: 'text', seq, file });
      if (answer?.kind === 'binary') return answer.blob;
      return answer?.kind === 'text' ? answer.text : null;
    });

  /** Does one thing after the other: each looks at what the one before has come to. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    // Whoever asked hears of a failure. The next one does not depend on it.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #ask(question: RunQuestion): Promise<RunAnswer | null> {
    this.state.setState({ busy: true, problem: null });
    const reply = await this.#desk.source.pastRuns(question);
    const problem = reply === null ? NO_ANSWER : reply.ok ? null : reply.error.message;
    this.state.setState({ busy: false, problem });
    return reply?.ok ? reply.answer : null;
  }
}

/** Whether both are the same words. */
export function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

export const archiveOf = perDesk((desk) => new RunArchive(desk));

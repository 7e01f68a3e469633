// Runs of one room that are going: how what the runner says becomes facts of the log.
import {
  type EventBody,
  joinedWords,
  LOST_RUN,
  type Origin,
  type ParticipantId,
  type RoomId,
  type RunEnd,
  type RunId,
  type RunPhase,
  type RunWords,
  type SandboxStatus,
} from '@codesync/protocol';
import { programPath, type RoomFold } from '@codesync/room';
import type { Clock, Runner } from '../ports.ts';
import type { Propose } from './room-log.ts';

/** Output waits this long for more of itself, except the first of a run. */
const BATCH_MS = 12;
/** Output that does not wait, in UTF-16 units. */
const BATCH_UNITS = 65_536;

type Going = {
  /** The one that the log has, null before the first. */
  phase: RunPhase | null;
  /** The program has begun, which the log does not have yet. */
  begun: boolean;
  waiting: RunWords[];
  waitingUnits: number;
  spoke: boolean;
  callOff: (() => void) | null;
  stopping: { readonly actor: ParticipantId; readonly origin: Origin } | null;
};

/** The end of a run that was going when its room's process ended. */
export const CUT_OFF_RUN: RunEnd = {
  ...LOST_RUN,
  message: 'The server was stopped while this ran. Run it again.',
};

export class RoomRuns {
  readonly #room: RoomId;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #propose: Propose;
  readonly #going = new Map<RunId, Going>();
  #closed = false;

  constructor(room: RoomId, runner: Runner, clock: Clock, propose: Propose) {
    this.#room = room;
    this.#runner = runner;
    this.#clock = clock;
    this.#propose = propose;
  }

  /** How many runs have not ended. */
  get going(): number {
    return this.#going.size;
  }

  /** Whether anything can run now. */
  get sandbox(): SandboxStatus {
    return this.#runner.status();
  }

  /** Starts a run, for somebody at `network`, with the files as they are folded now. */
  start(fold: RoomFold, started: Extract<EventBody, { kind: 'run.started' }>, network: string): void {
    const { run, language, entry, args, env, stdin, workFolder } = started;
    const going: Going = {
      phase: null,
      begun: false,
      waiting: [],
      waitingUnits: 0,
      spoke: false,
      callOff: null,
      stopping: null,
    };
    this.#going.set(run, going);
    const program = programPath(fold.state.files.get(entry)!.path, language, fold.state)!;
    const files = started.files.map(({ file, path }) => {
      const { blob } = fold.state.files.get(file)!;
      return blob === null
        ? { path: file === entry ? program : path, text: fold.texts.get(file)!.buffer.toString() }
        : { path, blob };
    });
    this.#runner.start(
      {
        run,
        room: this.#room,
        network,
        language,
        entry: program,
        files,
        args: args ?? [],
        env: Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
        workFolder: workFolder ?? 'room',
      },
      {
        phase: (phase) => {
          // The runner also tells every change of a place in its queue. That is no fact of the room's.
          if (this.#closed || phase === going.phase) return;
          going.phase = phase;
          this.#flush(run, going);
          if (phase === 'running') {
            // Written together with what the program says at once. By itself it would hold those words up for a write.
            going.begun = true;
            this.#flushSoon(run, going);
          } else this.#propose({ kind: 'run.phase', run, phase }, null);
        },
        output: (words) => {
          if (!this.#closed) this.#output(run, going, words);
        },
        ended: (end) => {
          if (this.#closed) return;
          this.#flush(run, going);
          this.#going.delete(run);
          const { actor, origin } = going.stopping ?? { actor: null };
          this.#propose({ kind: 'run.ended', run, ...end }, actor, origin);
        },
      },
    );
    if (stdin !== undefined) this.#runner.input(run, fold.texts.get(stdin)!.buffer.toString(), true);
  }

  /** Asks for the end of a run; its `run.ended` bears the command's origin. False when it has ended or is ending. */
  stop(run: RunId, actor: ParticipantId, origin: Origin): boolean {
    const going = this.#going.get(run);
    if (going === undefined) return false;
    if (going.stopping !== null) {
      const { client, clientSeq } = going.stopping.origin;
      return client === origin.client && clientSeq === origin.clientSeq;
    }
    going.stopping = { actor, origin };
    this.#runner.stop(run);
    return true;
  }

  input({ run, text, eof }: Extract<EventBody, { kind: 'run.input' }>): void {
    this.#runner.input(run, text, eof);
  }

  /** Ends everything at once and for good; what the runner still says is not for this room any more. */
  end(): void {
    for (const [run, going] of this.#going) {
      this.#flush(run, going);
      this.#propose({ kind: 'run.ended', run, ...CUT_OFF_RUN }, null);
    }
    this.abandon();
  }

  /** As `end`, in a room whose log is no longer ours: nothing is written. */
  abandon(): void {
    this.#closed = true;
    for (const [run, going] of this.#going) {
      going.callOff?.();
      this.#runner.stop(run);
    }
    this.#going.clear();
  }

  #output(run: RunId, going: Going, words: RunWords): void {
    going.waiting.push(words);
    going.waitingUnits += words.text.length;
    if (!going.spoke || going.waitingUnits >= BATCH_UNITS) {
      going.spoke = true;
      this.#flush(run, going);
    } else {
      this.#flushSoon(run, going);
    }
  }

  #flushSoon(run: RunId, going: Going): void {
    going.callOff ??= this.#clock.after(BATCH_MS, () => this.#flush(run, going));
  }

  #flush(run: RunId, going: Going): void {
    going.callOff?.();
    going.callOff = null;
    const words = joinedWords(going.waiting);
    going.waiting = [];
    going.waitingUnits = 0;
    if (going.begun) this.#propose({ kind: 'run.phase', run, phase: 'running' }, null);
    going.begun = false;
    if (words !== null) this.#propose({ kind: 'run.output', run, ...words }, null);
  }
}

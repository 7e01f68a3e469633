// Starting and stopping programs from one person's desk.
import type { CommandBody, ConfigurationId, FileId, Run, RunId } from '@codesync/protocol';
import { createStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { blockedBy, type Target, targetOf } from './entry.ts';
import { nextPlace } from './places.ts';

/** The dialog of run configurations. */
export const CONFIGURATIONS = 'configurations';
/** The dialog of the runs so far. */
export const HISTORY = 'run-history';

/** How long a run waits for the last edits to be in the log. */
const FLUSH_MS = 10_000;

/** What is to be run: a file, or a configuration. */
type Asked = Omit<Extract<CommandBody, { kind: 'run.start' }>, 'kind'>;

type RunnerState = {
  /** The run that is seen; null follows the newest. */
  readonly selected: RunId | null;
  /** Between pressing Run and the run's place in the log: the last edits are being saved. */
  readonly starting: boolean;
  /** The newest of this person's runs, while it most likely waits for input. */
  readonly waiting: RunId | null;
  /** The run whose input line is to have the focus: its program waits, and who started it has not gone on to code. */
  readonly wanted: RunId | null;
};

const AT_REST: RunnerState = { selected: null, starting: false, waiting: null, wanted: null };

export class Runner {
  readonly state = createStore<RunnerState>(() => AT_REST);
  /** This person has gone on to code since a program was started. */
  coding = false;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  select = (run: RunId | null): void => this.state.setState({ selected: run });

  /** Brings a run into view. */
  bring(run: RunId): void {
    this.select(run);
    this.#desk.show('output');
  }

  /** What Run would start at this moment. */
  target(): Target | null {
    const { room } = this.#desk.view();
    const active = this.#desk.active();
    return targetOf(room, active === null ? undefined : room.files.get(active));
  }

  /** Runs that have not ended, oldest first. */
  going(): readonly Run[] {
    return [...this.#desk.view().room.runs.values()].filter(({ end }) => end === null);
  }

  runTarget = (): void => {
    const target = this.target();
    if (target === null || !this.#desk.may('run.start')) return;
    const blocked = blockedBy(this.#desk.view());
    if (blocked !== null) this.#desk.report(blocked);
    else if (target.kind === 'file') this.run({ entry: target.file.id });
    else this.run({ configuration: target.configuration.id });
  };

  run = (asked: Asked): void => {
    this.#desk.show('output');
    this.coding = false;
    void this.#start(asked);
  };

  /** Runs what an earlier run ran, given the same, with the code as it is now. */
  again = ({ entry, configuration, args = [], env = [], stdin, workFolder = 'room' }: Run): void => {
    if (configuration !== undefined && this.#desk.view().room.configurations.has(configuration.id)) {
      this.run({ configuration: configuration.id });
    } else this.run({ entry, setup: { args, env, stdin: stdin ?? null, workFolder } });
  };

  /** What was typed is in the log before a run that should see it begins. */
  async #start(asked: Asked): Promise<void> {
    const { source, report } = this.#desk;
    if (this.state.getState().starting) return;
    this.state.setState({ starting: true });
    try {
      await source.flush(FLUSH_MS);
      const mine = this.#desk.you();
      // Run again means: instead of my last one.
      for (const run of this.going().filter((run) => run.by === mine && isRunOf(run, asked))) {
        await source.command({ kind: 'run.stop', run: run.id });
      }
      const result = await source.command({ kind: 'run.start', ...asked });
      if (result.ok) this.select(null);
      else report(result.error.message, result.error.code);
    } catch (error) {
      report(`Nothing was run. ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.state.setState({ starting: false });
    }
  }

  stop = async (run: RunId): Promise<void> => {
    const { source, report } = this.#desk;
    const result = await source.command({ kind: 'run.stop', run });
    if (!result.ok && result.error.code !== 'run.unknown') report(result.error.message, result.error.code);
  };

  /** Lets Run start this file for everyone; null: what each has open. */
  pin = (file: FileId | null): void => void this.#desk.send({ kind: 'entry.pin', file });

  /** Lets Run take this configuration for everyone; null: a file. */
  pinConfiguration = (configuration: ConfigurationId | null): void =>
    void this.#desk.send({ kind: 'configuration.pin', configuration });

  /** Programs start in the room's top folder, or in their file's own: whichever they do not now. */
  otherWorkFolder = (): void => {
    const { workFolder } = this.#desk.view().room;
    void this.#desk.send({ kind: 'workFolder.set', folder: workFolder === 'room' ? 'entry' : 'room' });
  };

  /** Goes to the next line at which the last run failed, from where the cursor is, through all files. */
  nextFailure = (): void => {
    const { source, state, editor, tell } = this.#desk;
    const places = state.getState().marks.flatMap((place) => {
      const line = source.document(place.file)?.lineNow(place.version, place.line) ?? null;
      return line === null ? [] : [{ ...place, line }];
    });
    const active = this.#desk.active();
    const next = nextPlace(places, active === null ? null : { file: active, line: editor.line() });
    if (next === null) tell('The last run points to no line that is still as it was.');
    else this.#desk.reveal(next.file, { ...next, explain: true });
  };
}

function isRunOf(run: Run, asked: Asked): boolean {
  return asked.configuration === undefined
    ? run.entry === asked.entry
    : run.configuration?.id === asked.configuration;
}

export const runnerOf = perDesk((desk) => new Runner(desk));

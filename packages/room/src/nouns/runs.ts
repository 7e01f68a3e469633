// Runs: what may start, and what is known of each. Pure.
import {
  type CommandKind,
  type EventKind,
  type FileId,
  LIMITS,
  languageOf,
  type RefusalCode,
  RUNNER_LIMITS,
  type Run,
  type RunId,
  type RunSetup,
  type SandboxStatus,
  setupProblem,
  utf8Length,
} from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { byId, withEntry } from '../entries.ts';
import { type FilesPart, isText } from '../file-tree.ts';
import type { FoldedText } from '../folded-text.ts';
import type { CommandOf, Noun } from '../noun.ts';
import { programPath } from '../program-path.ts';
import { trimmed, withPiece, wordsOf } from '../transcript.ts';
import type { ConfigurationsPart } from './configurations.ts';
import type { RoomPart } from './rooms.ts';

export type RunsPart = {
  /** Oldest first: the newest `LIMITS.runsKept`, and every run that has not ended. */
  readonly runs: ReadonlyMap<RunId, Run>;
};

type Seen = RunsPart & RoomPart & FilesPart & ConfigurationsPart;
type Of<Kind> = Extract<Kind, `run.${string}`>;

const NO_ENDING =
  'That language runs files with an ending of its own, and no such name is free beside this file. Rename it, then run it.';

const NO_PROGRAM = 'That file is no text, so it is no program that could be run. Choose another one.';

export const runs: Noun<{
  part: RunsPart;
  kept: 'runs';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: Seen;
}> = {
  empty: { runs: new Map() },

  fold: {
    'run.started': (state, { kind: _, run, language, entry, files, ...given }, { at, actor }) => {
      const started: Run = {
        id: run,
        language,
        entry,
        by: actor,
        startedAt: at,
        files,
        ...given,
        phase: 'queued',
        end: null,
        output: [],
        outputDropped: false,
        // What comes from a file is all that comes.
        ...(given.stdin === undefined ? {} : { inputEnded: { by: actor } }),
      };
      return { ...state, runs: trimmed(withEntry(state.runs, run, started)) };
    },
    'run.phase': (state, { run, phase }) =>
      advanced(state, run, (known) => (known.phase === 'ended' ? known : { ...known, phase })),
    'run.output': (state, words) =>
      advanced(state, words.run, (run) => ({ ...run, output: withPiece(run.output, wordsOf(words)) })),
    'run.input': (state, { run: id, text, eof }, { actor: by }) =>
      advanced(state, id, (run) => ({
        ...run,
        output: withPiece(run.output, { stream: 'stdin', text, by }),
        ...(eof && run.inputEnded === undefined ? { inputEnded: { by } } : {}),
      })),
    'run.ended': (state, { kind: _, run, ...end }) =>
      advanced(state, run, (known) => ({ ...known, phase: 'ended', end })),
  },

  decide: {
    'run.start': ({ fold: { state, texts } }, _, command, given) => {
      if (given.run === null) throw new Error('a run needs an id and a sandbox');
      const asked = askedFor(state, command);
      if (asked === null) return refuse('configuration.unknown');
      const { entry, configuration, args, env, stdin, workFolder } = asked;
      const file = state.files.get(entry);
      if (file === undefined) return refuse(configuration === undefined ? 'file.unknown' : 'run.entryGone');
      if (!isText(state, entry)) return refuse('file.binary', NO_PROGRAM);
      const language = languageOf(file);
      if (language === null) return refuse('run.language');
      if (programPath(file.path, language, state) === null) return refuse('run.language', NO_ENDING);
      if (goingIn(state) >= LIMITS.runsPerRoom) return refuse('run.tooMany');
      const reason = whyNoSandbox(given.run.sandbox);
      if (reason !== null) return refuse('run.unavailable', reason);
      const problem = setupProblem(asked) ?? stdinProblem(stdin, state, texts);
      if (problem !== null) return refuse(problem);
      return fact({
        kind: 'run.started',
        run: given.run.id,
        language,
        entry,
        files: [...state.files.values()].map(({ id, path }) => {
          return { file: id, path, version: texts.get(id)!.version };
        }),
        ...(configuration === undefined ? {} : { configuration }),
        ...(args.length === 0 ? {} : { args }),
        ...(env.length === 0 ? {} : { env }),
        ...(stdin === null ? {} : { stdin }),
        ...(workFolder === 'room' ? {} : { workFolder }),
      });
    },
    'run.stop': ({ fold }, _, { run }) =>
      isGoing(fold.state, run) ? { kind: 'stop', run } : refuse('run.unknown'),
    'run.input': ({ fold }, _, { run, text, eof }) => {
      if (!isGoing(fold.state, run)) return refuse('run.unknown');
      if (fold.state.runs.get(run)?.inputEnded !== undefined) return refuse('run.inputEnded');
      return fact({ kind: 'run.input', run, text, eof });
    },
  },

  toKeyframe: (part) => ({ runs: [...part.runs.values()] }),
  fromKeyframe: (keyframe) => ({ runs: byId(keyframe.runs) }),
};

/** What a run is to be started with, and the configuration that says so. */
type Asked = RunSetup & Pick<Run, 'entry' | 'configuration'>;

/** Null if the command names a configuration that is not there. */
function askedFor(state: Seen, { entry, setup, configuration }: CommandOf<'run.start'>): Asked | null {
  if (entry !== undefined) {
    return { entry, ...(setup ?? { args: [], env: [], stdin: null, workFolder: state.workFolder }) };
  }
  const known = configuration === undefined ? undefined : state.configurations.get(configuration);
  if (known === undefined) return null;
  const { id, name, ...asked } = known;
  return { ...asked, configuration: { id, name } };
}

/** Why the text of that file cannot be a program's input; null when it can, or when no file is named. */
function stdinProblem(
  stdin: FileId | null,
  state: FilesPart,
  texts: ReadonlyMap<FileId, FoldedText>,
): RefusalCode | null {
  if (stdin === null) return null;
  const text = texts.get(stdin);
  if (text === undefined) return 'run.stdinGone';
  if (!isText(state, stdin)) return 'run.stdinBinary';
  return utf8Length(text.buffer.toString()) > RUNNER_LIMITS.stdinBytes ? 'run.stdinTooLarge' : null;
}

/** Returns the same state if it no longer holds the run. */
function advanced<State extends RunsPart>(state: State, id: RunId, change: (run: Run) => Run): State {
  const run = state.runs.get(id);
  if (run === undefined) return state;
  return { ...state, runs: withEntry(state.runs, id, change(run)) };
}

function isGoing(state: RunsPart, id: RunId): boolean {
  const run = state.runs.get(id);
  return run !== undefined && run.phase !== 'ended';
}

function goingIn(state: RunsPart): number {
  return [...state.runs.values()].filter(({ phase }) => phase !== 'ended').length;
}

/** Why nothing can run now, for a person; null when it can. */
/** Why nothing can be run just now, as a sentence; null when code can be run. */
export function whyNoSandbox(status: SandboxStatus): string | null {
  switch (status.state) {
    case 'ready':
      return null;
    case 'off':
      return `${status.reason} ${status.mend}`;
    case 'starting':
      return 'The sandbox is still starting. Try again in a moment.';
    case 'preparing':
      return `The sandbox is being prepared (${Math.floor(status.percent)} %: ${status.step}). Try again when it is ready.`;
  }
}

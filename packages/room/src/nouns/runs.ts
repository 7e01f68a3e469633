// Runs: what may start, and what is known of each. Pure.
import {
  type CommandKind,
  type EventKind,
  LIMITS,
  languageOf,
  type Run,
  type RunId,
  type SandboxStatus,
} from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { byId, withEntry } from '../entries.ts';
import type { FilesPart } from '../file-tree.ts';
import type { Noun } from '../noun.ts';
import { trimmed, withPiece, wordsOf } from '../transcript.ts';
import type { RoomPart } from './rooms.ts';

export type RunsPart = {
  /** Oldest first: the newest `LIMITS.runsKept`, and every run that has not ended. */
  readonly runs: ReadonlyMap<RunId, Run>;
};

type Of<Kind> = Extract<Kind, `run.${string}`>;

export const runs: Noun<{
  part: RunsPart;
  kept: 'runs';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: RunsPart & RoomPart & FilesPart;
}> = {
  empty: { runs: new Map() },

  fold: {
    'run.started': (state, { run, language, entry, files, workFolder }, { at, actor }) => {
      const started: Run = {
        id: run,
        language,
        entry,
        by: actor,
        startedAt: at,
        files,
        ...(workFolder === undefined ? {} : { workFolder }),
        phase: 'queued',
        end: null,
        output: [],
        outputDropped: false,
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
    'run.start': ({ fold: { state, texts } }, _, { entry }, given) => {
      if (given.run === null) throw new Error('a run needs an id and a sandbox');
      const file = state.files.get(entry);
      if (file === undefined) return refuse('file.unknown');
      const language = languageOf(file.path);
      if (language === null) return refuse('run.language');
      if (goingIn(state) >= LIMITS.runsPerRoom) return refuse('run.tooMany');
      const reason = unavailable(given.run.sandbox);
      if (reason !== null) return refuse('run.unavailable', reason);
      const { workFolder } = state;
      return fact({
        kind: 'run.started',
        run: given.run.id,
        language,
        entry,
        files: [...state.files.values()].map(({ id, path }) => {
          return { file: id, path, version: texts.get(id)!.version };
        }),
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
function unavailable(status: SandboxStatus): string | null {
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

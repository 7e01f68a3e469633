// How a run's transcript grows in the live state, and when old output leaves it. Pure.
import {
  type EventBody,
  joinedWords,
  LIMITS,
  type Run,
  type RunId,
  type RunPiece,
  type RunWords,
} from '@codesync/protocol';

type RunEvent = Extract<EventBody, { kind: `run.${string}` }>;
export type Runs = ReadonlyMap<RunId, Run>;

/** Folds one run event. An event of a run that the state no longer holds changes nothing. */
export function foldRun(runs: Runs, event: RunEvent, at: number, by: string | null): Runs {
  if (event.kind === 'run.started') {
    const { run, language, entry, files, workFolder } = event;
    const started: Run = {
      id: run,
      language,
      entry,
      by,
      startedAt: at,
      files,
      ...(workFolder === undefined ? {} : { workFolder }),
      phase: 'queued',
      end: null,
      output: [],
      outputDropped: false,
    };
    return trim(new Map(runs).set(run, started));
  }
  const run = runs.get(event.run);
  if (run === undefined) return runs;
  return new Map(runs).set(run.id, advance(run, event));
}

function advance(run: Run, event: Exclude<RunEvent, { kind: 'run.started' }>): Run {
  switch (event.kind) {
    case 'run.phase':
      return run.phase === 'ended' ? run : { ...run, phase: event.phase };
    case 'run.output':
      return { ...run, output: append(run.output, wordsOf(event)) };
    case 'run.input':
      return { ...run, output: append(run.output, { stream: 'stdin', text: event.text }) };
    case 'run.ended': {
      const { kind: _, run: __, ...end } = event;
      return { ...run, phase: 'ended', end };
    }
  }
}

function wordsOf({ stream, text, turns }: RunWords): RunWords {
  return turns === undefined ? { stream, text } : { stream, text, turns };
}

/**
 * What a program prints is merged while it is small, so that one that prints a byte at a time does not make a piece of
 * each.
 */
const MERGE_BELOW = 4096;

function append(output: readonly RunPiece[], piece: RunPiece): readonly RunPiece[] {
  if (piece.text === '') return output;
  const last = output.at(-1);
  if (last !== undefined && last.text.length < MERGE_BELOW) {
    const merged = mergedWith(last, piece);
    if (merged !== null) return [...output.slice(0, -1), merged];
  }
  return [...output, piece];
}

/** Null for what a person typed beside what the program printed. */
function mergedWith(last: RunPiece, piece: RunPiece): RunPiece | null {
  if (last.stream === 'stdin' && piece.stream === 'stdin') return { ...last, text: last.text + piece.text };
  return last.stream === 'stdin' || piece.stream === 'stdin' ? null : joinedWords([last, piece]);
}

/** Keeps the newest runs, every run that is going, and output up to the cap, newest first. */
function trim(runs: Runs): Runs {
  const newestFirst = [...runs.values()].reverse();
  const kept: Run[] = [];
  let units = 0;
  newestFirst.forEach((run, i) => {
    if (i >= LIMITS.runsKept && run.phase === 'ended') return;
    units += run.output.reduce((sum, piece) => sum + piece.text.length, 0);
    const drop = run.phase === 'ended' && units > LIMITS.runOutputKeptUnits && run.output.length > 0;
    kept.push(drop ? { ...run, output: [], outputDropped: true } : run);
  });
  return new Map(kept.reverse().map((run) => [run.id, run]));
}

// How a run's transcript grows in the live state, and when old output leaves it. Pure.
import { joinedWords, LIMITS, type Run, type RunId, type RunPiece, type RunWords } from '@codesync/protocol';

/** Only the words of an event, or of anything else that has them. */
export function wordsOf({ stream, text, turns }: RunWords): RunWords {
  return turns === undefined ? { stream, text } : { stream, text, turns };
}

/**
 * A last piece with fewer UTF-16 units takes in what follows. So a program that prints a byte at a time does
 * not make a piece of each.
 */
const MERGE_BELOW = 4096;

/** The transcript with one more piece. The last piece takes it in while that is small. */
export function withPiece(output: readonly RunPiece[], piece: RunPiece): readonly RunPiece[] {
  if (piece.text === '') return output;
  const last = output.at(-1);
  if (last !== undefined && last.text.length < MERGE_BELOW) {
    const merged = mergedWith(last, piece);
    if (merged !== null) return [...output.slice(0, -1), merged];
  }
  return [...output, piece];
}

/** Null if one is what a person typed and the other is of another person, or of the program. */
function mergedWith(last: RunPiece, piece: RunPiece): RunPiece | null {
  if (last.stream === 'stdin') {
    const same = piece.stream === 'stdin' && piece.by === last.by;
    return same ? { ...last, text: last.text + piece.text } : null;
  }
  return piece.stream === 'stdin' ? null : joinedWords([last, piece]);
}

/** Keeps the newest runs, every run that is going, and output up to the cap, newest first. */
export function trimmed(runs: ReadonlyMap<RunId, Run>): ReadonlyMap<RunId, Run> {
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

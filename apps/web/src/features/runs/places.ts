// Where in the room's files a run failed. Pure.
import type { FileId, Run } from '@codesync/protocol';
import type { FailurePlace } from '../../editor/failures.ts';
import { failuresOf } from './failures.ts';

const NONE: readonly FailurePlace[] = [];

/** Where a run failed, once it has ended. */
export function placesOf(run: Run | undefined): readonly FailurePlace[] {
  if (run === undefined || run.end === null) return NONE;
  const byPath = new Map(run.files.map((file) => [file.path, file]));
  const places = failuresOf(run).flatMap(({ path, ...failure }) => {
    const file = byPath.get(path);
    return file === undefined ? [] : [{ ...failure, file: file.file, version: file.version }];
  });
  return places.length === 0 ? NONE : places;
}

type Spot = { readonly file: FileId; readonly line: number };

/** The place after `at` in its file, else the first of the next file that has one, round the end. */
export function nextPlace<P extends Spot>(places: readonly P[], at: Spot | null): P | null {
  const files = [...new Set(places.map(({ file }) => file))];
  const ordered = files.flatMap((of) =>
    places.filter(({ file }) => file === of).toSorted((a, b) => a.line - b.line),
  );
  if (at === null || !files.includes(at.file)) return ordered[0] ?? null;
  const first = ordered.findIndex(({ file }) => file === at.file);
  const next = ordered.findIndex(({ file, line }, i) => i >= first && (file !== at.file || line > at.line));
  return ordered[next === -1 ? 0 : next] ?? null;
}

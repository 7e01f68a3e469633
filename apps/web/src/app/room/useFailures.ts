import type { FileId } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { useMemo } from 'react';
import type { FailurePlace } from '../../editor/failures.ts';
import { failuresOf } from '../../features/runs/failures.ts';

const NONE: readonly FailurePlace[] = [];

/** Where the newest run failed, once it has ended. */
export function useFailures({ runs }: RoomState): readonly FailurePlace[] {
  const newest = [...runs.values()].at(-1);
  return useMemo(() => {
    if (newest === undefined || newest.end === null) return NONE;
    const byPath = new Map(newest.files.map((file) => [file.path, file]));
    const places = failuresOf(newest).flatMap(({ path, ...failure }) => {
      const file = byPath.get(path);
      return file === undefined ? [] : [{ ...failure, file: file.file, version: file.version }];
    });
    return places.length === 0 ? NONE : places;
  }, [newest]);
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

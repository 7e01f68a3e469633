// The results as rows of a tree, in the order of the room's files. Pure.
import type { FileId } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import type { Found, Match } from './messages.ts';
import type { Place } from './search.ts';

export type Row =
  | { readonly kind: 'file'; readonly file: FileEntry; readonly found: Found; readonly isOpen: boolean }
  | {
      readonly kind: 'match';
      readonly file: FileEntry;
      readonly found: Found;
      readonly match: Match;
      /** Its place among the matches of its file, from 0. */
      readonly index: number;
    };

/** @param closed files of which only the name is shown. */
export function rowsOf(
  files: readonly FileEntry[],
  found: ReadonlyMap<FileId, Found>,
  closed: ReadonlySet<FileId>,
): readonly Row[] {
  return files.flatMap((file): Row[] => {
    const one = found.get(file.id);
    if (one === undefined) return [];
    const isOpen = !closed.has(file.id);
    const matches = isOpen ? one.matches : [];
    return [
      { kind: 'file', file, found: one, isOpen },
      ...matches.map((match, index): Row => ({ kind: 'match', file, found: one, match, index })),
    ];
  });
}

/** The place of a row. */
export function placeOf(row: Row): Place {
  const { file, stamp } = row.found;
  return { file, stamp, at: row.kind === 'match' ? row.match.start : null };
}

/**
 * The row at a place, or the first one after it in its file; -1 when there is none.
 * @param now where a position of a result is in the text as it is now, as the place has it.
 */
export function rowAt(
  rows: readonly Row[],
  place: Pick<Place, 'file' | 'at'> | null,
  now: (found: Found, position: number) => number | null,
): number {
  if (place === null) return -1;
  const { file, at } = place;
  const head = rows.findIndex((row) => row.kind === 'file' && row.file.id === file);
  if (head === -1 || at === null) return head;
  let last = head;
  for (let i = head + 1; rows[i]?.kind === 'match'; i++) {
    const row = rows[i]!;
    last = i;
    if (row.kind === 'match' && (now(row.found, row.match.start) ?? 0) >= at) return i;
  }
  return last;
}

/** The next match before or after a row, round the end; null when there is none. */
export function stepFrom(rows: readonly Row[], from: number, by: 1 | -1): Row | null {
  const start = from === -1 && by === -1 ? 0 : from;
  for (let step = 1; step <= rows.length; step++) {
    const row = rows[(((start + by * step) % rows.length) + rows.length) % rows.length]!;
    if (row.kind === 'match') return row;
  }
  return null;
}

/** How many matches there are, in how many files, and how many of them are shown. */
export function totals(found: ReadonlyMap<FileId, Found>): {
  readonly matches: number;
  readonly files: number;
  readonly shown: number;
} {
  let matches = 0;
  let shown = 0;
  for (const { count, matches: some } of found.values()) {
    matches += count;
    shown += some.length;
  }
  return { matches, files: found.size, shown };
}

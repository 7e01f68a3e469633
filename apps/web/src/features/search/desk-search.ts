// The search of this person's screen, what is shown of it, and the way through its results.
import type { FileId } from '@codesync/protocol';
import { sortedFiles } from '@codesync/room';
import { createStore, useStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import type { Found, Match } from './messages.ts';
import { openWorker } from './open-worker.ts';
import { escaped } from './pattern-escape.ts';
import { placeOf, type Row, rowAt, rowsOf, stepFrom } from './rows.ts';
import { Search, type SearchState } from './search.ts';

type Shown = {
  /** Files of which only the name is shown. */
  readonly closed: ReadonlySet<FileId>;
  /** Whether the fields for globs are there. */
  readonly withGlobs: boolean;
  /** The field that is to have the focus; another object asks for it again. */
  readonly wanted: { readonly field: 'text' | 'replacement' } | null;
  /** About to be replaced in all files. */
  readonly asking: boolean;
  /** Files that were gone through by a replacement that is going on. */
  readonly work: { readonly done: number; readonly total: number } | null;
};

export const searchOf = perDesk((desk) => new Search(desk.source, openWorker));

export const shownOf = perDesk(() =>
  createStore<Shown>(() => ({
    closed: new Set(),
    withGlobs: false,
    wanted: null,
    asking: false,
    work: null,
  })),
);

export function useSearch<T>(select: (state: SearchState) => T): T {
  return useStore(searchOf(useDesk()).state, select);
}

export function useShown<T>(select: (shown: Shown) => T): T {
  return useStore(shownOf(useDesk()), select);
}

/** Longest selection that is taken over as what is looked for. */
const MOST_TAKEN = 200;

/** Shows the panel, with what is selected in the editor, and with the field for a replacement if asked. */
export function openSearch(desk: Desk, replacing: boolean): void {
  const search = searchOf(desk);
  const { query, replacement } = search.state.getState();
  const selected = desk.editor.selected();
  const taken = selected !== '' && selected.length <= MOST_TAKEN && !selected.includes('\n');
  if (taken) {
    const text = query.regex ? escaped(selected) : selected;
    if (text !== query.text) search.ask({ text });
  }
  if (replacing && desk.may('edit')) search.replaceBy(replacement ?? '');
  const field = replacing && desk.may('edit') && (taken || query.text !== '') ? 'replacement' : 'text';
  shownOf(desk).setState({ wanted: { field } });
  desk.show('search');
}

export function setClosed(desk: Desk, files: Iterable<FileId>): void {
  shownOf(desk).setState({ closed: new Set(files) });
}

/** Goes to the place of a row: the match is selected in its file, which is only previewed. */
export function follow(desk: Desk, row: Row): void {
  const search = searchOf(desk);
  search.choose(placeOf(row));
  if (row.kind === 'match') reveal(desk, row.found, row.match);
  else desk.previewFile(row.file.id);
}

/** Goes to the next match after the chosen one, or before it. */
export function step(desk: Desk, by: 1 | -1): void {
  const search = searchOf(desk);
  const { found } = search.state.getState();
  const rows = rowsOf(sortedFiles(desk.view().room.files), found, new Set());
  const at = rowAt(rows, search.currentNow(), (one, position) => search.now(one, position));
  const next = stepFrom(rows, at, by);
  if (next !== null) follow(desk, next);
}

function reveal(desk: Desk, found: Found, match: Match): void {
  const search = searchOf(desk);
  const text = desk.source.text(found.file);
  const start = search.now(found, match.start);
  const end = search.now(found, match.end);
  if (text === null || start === null || end === null) {
    desk.tell('The text of that file has changed. Wait for the results to follow, and try again.');
    return;
  }
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  const column = start - before.lastIndexOf('\n');
  desk.preview(found.file, { line, column, length: Math.max(0, end - start) });
}

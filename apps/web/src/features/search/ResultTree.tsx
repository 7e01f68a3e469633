import { type KeyboardEvent, useLayoutEffect, useMemo, useRef } from 'react';
import type { Desk } from '../../desk/desk.ts';
import { useDesk, useFiles, usePhone } from '../../desk/hooks.tsx';
import { follow, searchOf, setClosed, shownOf, useSearch, useShown } from './desk-search.ts';
import { ResultRow, rowId } from './ResultRow.tsx';
import { placeOf, type Row, rowAt, rowsOf } from './rows.ts';
import { useRowsInSight } from './useRowsInSight.ts';

/** Of a row, in pixels. */
const HEIGHT = 24;
const HEIGHT_ON_PHONE = 44;

type ResultTreeProps = { mayReplace: boolean };

/** The matches, by file. Arrow keys walk along; only what is in sight is in the page. */
export function ResultTree({ mayReplace }: ResultTreeProps) {
  const desk = useDesk();
  const search = searchOf(desk);
  const files = useFiles();
  const found = useSearch((state) => state.found);
  const current = useSearch((state) => state.current);
  const closed = useShown((shown) => shown.closed);
  const rows = useMemo(() => rowsOf(files, found, closed), [files, found, closed]);
  // The chosen place stands for itself: `currentNow` carries it to where the text has moved it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `current` is another place
  const at = useMemo(
    () => rowAt(rows, search.currentNow(), (one, position) => search.now(one, position)),
    [rows, search, current],
  );
  const height = usePhone() ? HEIGHT_ON_PHONE : HEIGHT;
  const scroller = useRef<HTMLDivElement>(null);
  const { from, to, onScroll, reveal } = useRowsInSight(scroller, rows.length, height);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice is brought into sight
  useLayoutEffect(() => {
    if (at !== -1) reveal(at);
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const act = resultKey(event, desk, rows, at);
    if (act === null) return;
    event.preventDefault();
    act();
  };

  const shown = rows.slice(from, to);
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Results"
      tabIndex={rows.length === 0 ? -1 : 0}
      aria-activedescendant={at >= from && at < to ? rowId(at) : undefined}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && at === -1 && rows[0] !== undefined)
          search.choose(placeOf(rows[0]));
      }}
      className="group/tree min-h-0 flex-1 overflow-y-auto overflow-x-hidden [overflow-anchor:none] focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: rows.length * height }}>
        {shown.map((row, i) => (
          <ResultRow
            key={keyOf(row)}
            row={row}
            at={from + i}
            top={(from + i) * height}
            height={height}
            isChosen={from + i === at}
            mayReplace={mayReplace}
          />
        ))}
      </div>
    </div>
  );
}

function keyOf({ file, ...row }: Row): string {
  return row.kind === 'file' ? file.id : `${file.id} ${row.index}`;
}

/** What a key does in the results; null when it means nothing there. */
function resultKey(event: KeyboardEvent, desk: Desk, rows: readonly Row[], at: number): (() => void) | null {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return null;
  const search = searchOf(desk);
  const row = rows[at];
  const choose = (to: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (next !== undefined) search.choose(placeOf(next));
  };
  const { closed } = shownOf(desk).getState();
  const fold = (isOpen: boolean) => {
    if (row === undefined) return;
    const others = [...closed].filter((file) => file !== row.file.id);
    setClosed(desk, isOpen ? others : [...others, row.file.id]);
  };
  const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / HEIGHT) - 1);
  const acts: Partial<Record<string, () => void>> = {
    ArrowDown: () => choose(at + 1),
    ArrowUp: () => choose(at - 1),
    PageDown: () => choose(at + page),
    PageUp: () => choose(at - page),
    Home: () => choose(0),
    End: () => choose(rows.length - 1),
    ArrowRight: () => {
      if (row?.kind === 'file' && !row.isOpen) fold(true);
      else choose(at + 1);
    },
    ArrowLeft: () => {
      if (row?.kind === 'file') fold(false);
      else choose(rows.findIndex(({ kind, file }) => kind === 'file' && file.id === row?.file.id));
    },
    Enter: () => {
      if (row?.kind === 'file') fold(!row.isOpen);
      else if (row !== undefined) follow(desk, row);
    },
    Delete: () => {
      if (row !== undefined) search.dismiss(row.file.id, row.kind === 'match' ? row.match : null);
    },
  };
  return acts[event.key] ?? null;
}

import clsx from 'clsx';
import { ChevronDown, ChevronRight, Replace, X } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { follow, searchOf, setClosed, shownOf } from './desk-search.ts';
import type { Match } from './messages.ts';
import { replaceFile, replaceMatch } from './replace.ts';
import { placeOf, type Row } from './rows.ts';

/** The id of a row's element, for the tree to name it. */
export const rowId = (at: number) => `search-result-${at}`;

type ResultRowProps = {
  row: Row;
  /** Its place among all rows. */
  at: number;
  /** In pixels. */
  top: number;
  height: number;
  isChosen: boolean;
  mayReplace: boolean;
};

/** A file with its matches' number, or a match in its line. */
export function ResultRow({ row, at, top, height, isChosen, mayReplace }: ResultRowProps) {
  const desk = useDesk();
  const search = searchOf(desk);
  const isFile = row.kind === 'file';
  const replaces = mayReplace && search.state.getState().replacement !== null;
  const what = isFile ? row.file.path : `line ${row.match.line} of ${row.file.path}`;
  const toggle = () => {
    const { closed } = shownOf(desk).getState();
    const others = [...closed].filter((file) => file !== row.file.id);
    setClosed(desk, isFile && row.isOpen ? [...others, row.file.id] : others);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for the row that is chosen
    <div
      id={rowId(at)}
      role="treeitem"
      aria-level={isFile ? 1 : 2}
      aria-selected={isChosen}
      {...(isFile
        ? { 'aria-expanded': row.isOpen }
        : { 'aria-posinset': row.index + 1, 'aria-setsize': row.found.count })}
      aria-labelledby={`${rowId(at)}-text`}
      tabIndex={-1}
      onClick={() => {
        search.choose(placeOf(row));
        if (isFile) toggle();
        else follow(desk, row);
      }}
      onDoubleClick={() => {
        if (!isFile) desk.keepOpen(row.file.id);
      }}
      className={clsx(
        'group absolute inset-x-1 flex select-none items-center gap-1 rounded-md pr-1',
        isChosen
          ? 'bg-surface-3 text-ink-1 group-focus-visible/tree:ring-1 group-focus-visible/tree:ring-accent group-focus-visible/tree:ring-inset'
          : 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
        isFile ? 'pl-1' : 'pl-2',
      )}
      style={{ top, height }}
    >
      {isFile ? (
        <FileName id={`${rowId(at)}-text`} row={row} />
      ) : (
        <Line id={`${rowId(at)}-text`} match={row.match} />
      )}
      <span
        className={clsx('shrink-0 items-center', isChosen ? 'flex' : 'hidden group-hover:flex phone:flex')}
      >
        {replaces && (
          <RowButton
            label={`Replace ${isFile ? 'all in ' : ''}${what}`}
            onClick={() =>
              void (isFile ? replaceFile(desk, row.file.id) : replaceMatch(desk, row.found, row.match))
            }
          >
            <Replace size={14} strokeWidth={1.5} aria-hidden="true" />
          </RowButton>
        )}
        <RowButton
          label={`Dismiss ${what}`}
          onClick={() => search.dismiss(row.file.id, isFile ? null : row.match)}
        >
          <X size={14} strokeWidth={1.5} aria-hidden="true" />
        </RowButton>
      </span>
    </div>
  );
}

/** Said to those who do not see how it is laid out. It stands before or after what is seen, and never within it. */
const Said = ({ children }: { children: string }) => <span className="sr-only">{children}</span>;

function FileName({ id, row }: { id: string; row: Extract<Row, { kind: 'file' }> }) {
  const { path } = row.file;
  const slash = path.lastIndexOf('/');
  const Chevron = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <Chevron size={14} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-ink-3" />
      <span id={id} className="flex min-w-0 flex-1 items-center gap-1">
        <span title={path} className="min-w-0 flex-1 truncate">
          <span className="text-ink-1">{path.slice(slash + 1)}</span>
          {slash > 0 && <span className="text-ink-3 text-xs"> {path.slice(0, slash)}</span>}
        </span>
        <span className="shrink-0 rounded-full bg-surface-3 px-1.5 text-2xs text-ink-2 tabular-nums">
          {row.found.count.toLocaleString('en')}
          <Said>{row.found.count === 1 ? ' match' : ' matches'}</Said>
        </span>
      </span>
    </>
  );
}

function Line({ id, match }: { id: string; match: Match }) {
  const { line, before, hit, after, becomes } = match;
  return (
    <span id={id} className="flex min-w-0 flex-1 items-center">
      <span className="w-7 shrink-0 text-right text-2xs text-ink-3 tabular-nums">
        <Said>Line </Said>
        {line}
      </span>
      <span className="min-w-0 flex-1 truncate whitespace-pre pl-2 font-mono text-xs">
        {before}
        {becomes === null ? (
          <mark className="rounded-[2px] bg-selection text-ink-1">{hit}</mark>
        ) : (
          <>
            <del className="rounded-[2px] bg-danger-soft text-ink-1 decoration-danger">{hit}</del>
            <ins className="rounded-[2px] bg-success-soft text-ink-1 no-underline">{becomes}</ins>
          </>
        )}
        {after}
      </span>
      {becomes !== null && <Said>{`: ${hit} becomes ${becomes}`}</Said>}
    </span>
  );
}

type RowButtonProps = { label: string; onClick: () => void; children: ReactNode };

function RowButton({ label, onClick, children }: RowButtonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={(event: MouseEvent) => {
        event.stopPropagation();
        onClick();
      }}
      onDoubleClick={(event) => event.stopPropagation()}
      className="inline-flex size-5 items-center justify-center rounded-sm text-ink-3 hover:bg-surface-3 hover:text-ink-1 phone:size-11"
    >
      {children}
    </button>
  );
}

import { LIMITS, type ParticipantId } from '@codesync/protocol';
import clsx from 'clsx';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { usePhone } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { INPUT } from '../../ui/TextField.tsx';
import { clock } from '../../ui/time.ts';
import { isSame } from './archive.ts';
import { PastRunView } from './PastRunView.tsx';
import { isSought, type ResultKind, soughtIn } from './search.ts';
import { TONES } from './tones.ts';
import { type HistoryRow, useHistory } from './useHistory.ts';
import { pathOfRun, resultWords, stateWords } from './words.ts';

/** So many found runs are enough for the eye, and so many pages are asked for by themselves until they are there. */
const ENOUGH = 12;
const PAGES_BY_ITSELF = 8;
/** Whoever types goes on typing. */
const TYPING_MS = 250;

const NOTHING: ReadonlyMap<number, readonly string[]> = new Map();

const RESULTS = [
  { value: 'any', label: 'Any result' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'stopped', label: 'Stopped' },
  { value: 'going', label: 'Going now' },
] as const;

/** Every run of the room so far: a list to search, and the one that is chosen beside the code that it ran. */
export function HistoryDialog({ open, onOpenChange }: DialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Run history"
      description="Every run of this room, with what it printed and the code that it ran."
      width="full"
    >
      {open && <History onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function History({ onDone }: { onDone: () => void }) {
  const phone = usePhone();
  const members = useRoom(({ room }) => room.members);
  const nameOf = useCallback(
    (of: ParticipantId | null) => (of === null ? undefined : members.get(of)?.name) ?? 'Someone',
    [members],
  );
  const { archive, rows, more, busy, problem, sought: searched, printed } = useHistory(true);
  const [words, setWords] = useState('');
  const [result, setResult] = useState<ResultKind | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  /** Pages that were asked for without a hand. */
  const [pages, setPages] = useState(0);
  const sought = words.trim() !== '' || result !== null;
  const wanted = useMemo(
    () =>
      soughtIn(words)
        .map((word) => word.slice(0, LIMITS.soughtWordUnits))
        .slice(0, LIMITS.soughtWords),
    [words],
  );
  const known = isSame(wanted, searched) ? printed : NOTHING;
  const found = rows.filter(({ seq, run }) => isSought(run, nameOf(run.by), words, result, known.get(seq)));
  /** The newest run whose output was not searched for these words. */
  const unread =
    wanted.length === 0 ? undefined : rows.find((row) => !row.printed && !known.has(row.seq))?.seq;
  const shown = found.find(({ seq }) => seq === chosen) ?? (phone ? undefined : found[0]);
  const further = more || unread !== undefined;
  const goFurther = useCallback(
    () => void (unread === undefined ? archive.older() : archive.search(wanted, unread)),
    [archive, unread, wanted],
  );
  const searches = sought && further && problem === null && found.length < ENOUGH && pages < PAGES_BY_ITSELF;
  useEffect(() => {
    if (!searches || busy) return;
    const timer = setTimeout(() => {
      setPages((asked) => asked + 1);
      goFurther();
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [searches, busy, goFurther]);

  const list = (
    <div className="flex min-h-0 w-72 shrink-0 flex-col gap-2 phone:w-full">
      <input
        type="search"
        aria-label="Search the runs"
        placeholder="Person, file, arguments, result, output"
        value={words}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => {
          setWords(target.value);
          setPages(0);
        }}
        className={INPUT}
      />
      <Select
        label="Result"
        value={result ?? 'any'}
        onChange={(next) => {
          setResult(next === 'any' ? null : next);
          setPages(0);
        }}
        options={RESULTS}
      />
      <ul aria-label="Runs" className="min-h-0 flex-1 overflow-y-auto">
        {found.map((row) => (
          <Row
            key={row.seq}
            row={row}
            by={nameOf(row.run.by)}
            current={row.seq === shown?.seq}
            onChoose={() => setChosen(row.seq)}
          />
        ))}
        <li className="p-2 text-ink-3 text-xs">
          <p role="status">
            {problem ??
              (searches
                ? 'Searching what older runs printed…'
                : busy
                  ? 'Asking the server…'
                  : found.length > 0
                    ? ''
                    : nothingFound(sought))}
          </p>
          {further && !busy && !searches && rows.length > 0 && (
            <Button variant="ghost" onClick={goFurther} className="px-2!">
              {sought ? 'Search older runs' : 'Show older runs'}
            </Button>
          )}
        </li>
      </ul>
    </div>
  );
  const view = shown !== undefined && (
    <PastRunView
      key={shown.seq}
      row={shown}
      nameOf={nameOf}
      onDone={onDone}
      onBack={phone ? () => setChosen(null) : null}
    />
  );
  return (
    <div className="flex h-[calc(84vh-88px)] min-h-0 gap-4 phone:h-[70vh]">
      {phone ? view || list : list}
      {!phone && <div className="flex min-w-0 flex-1 flex-col">{view}</div>}
    </div>
  );
}

function nothingFound(sought: boolean): string {
  return sought ? 'No run has all of this.' : 'Nothing has been run in this room yet.';
}

type RowProps = { row: HistoryRow; by: string; current: boolean; onChoose: () => void };

function Row({ row: { run }, by, current, onChoose }: RowProps) {
  return (
    <li>
      <button
        type="button"
        aria-current={current}
        onClick={onChoose}
        className="flex w-full flex-col rounded-md px-2 py-1.5 text-left hover:bg-surface-2 aria-[current=true]:bg-accent-soft"
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate">{run.configuration?.name ?? pathOfRun(run)}</span>
          <span className={clsx('shrink-0 text-xs', TONES[stateWords(run, 0).tone])}>{resultWords(run)}</span>
        </span>
        <span className="w-full truncate text-ink-3 text-xs">
          {by} · {dayAndTime(run.startedAt)}
          {run.configuration !== undefined && ` · ${pathOfRun(run)}`}
        </span>
      </button>
    </li>
  );
}

/** The time of today, and the day too where it was another one. */
function dayAndTime(at: number): string {
  const day = new Date(at).toLocaleDateString();
  return day === new Date().toLocaleDateString() ? clock(at) : `${day}, ${clock(at)}`;
}

import { joinedWords, type Run, type RunId, type RunPiece, stretchesOf } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import clsx from 'clsx';
import { Check, Copy, Eraser, Play, TextWrap } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RoomSource } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCopy, useNow } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { OutputLines } from './OutputLines.tsx';
import { RunInput } from './RunInput.tsx';
import { roomPathOf } from './references.ts';
import { plainText, SHOWN_LINES, Transcript } from './transcript.ts';
import {
  announcement,
  endFacts,
  endNotes,
  endRemark,
  pathOfRun,
  type RunTone,
  resultWords,
  standingOfRun,
  stateWords,
  truncatedWords,
  versionOfRun,
} from './words.ts';

const TONES: Readonly<Record<RunTone, string>> = {
  success: 'text-success',
  danger: 'text-danger',
  warning: 'text-warning',
  neutral: 'text-ink-2',
  active: 'text-accent',
};

type OutputPanelProps = {
  room: RoomState;
  /** The run that is seen; null shows the newest. */
  selected: RunId | null;
  onSelect: (run: RunId | null) => void;
  mayRun: boolean;
  /** The run that most likely waits for input, and the one whose input line is to have the focus. */
  waiting: RunId | null;
  wanted: RunId | null;
  /** This device's copy of a room has no output in it. */
  online: boolean;
  /** What Run would start, for the empty state. */
  runHint: string;
  command: RoomSource['command'];
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  fontSize: number;
  onFollow: (path: string, line: number) => void;
  onClose?: () => void;
};

/** What a run printed, as it prints it, and how it ended; earlier runs can be chosen. */
export function OutputPanel(props: OutputPanelProps) {
  const {
    room,
    selected,
    onSelect,
    mayRun,
    waiting,
    wanted,
    online,
    runHint,
    command,
    wrap,
    onWrap,
    fontSize,
    onFollow,
    onClose,
  } = props;
  const runs = useMemo(() => [...room.runs.values()], [room.runs]);
  const run = (selected === null ? undefined : room.runs.get(selected)) ?? runs.at(-1) ?? null;
  const newest = runs.at(-1) ?? null;
  const nameOf = useCallback(
    (of: Run) => (of.by === null ? 'Someone' : (room.members.get(of.by)?.name ?? 'Someone')),
    [room.members],
  );
  const said = useAnnouncement(runs, nameOf);
  const [cleared, setCleared] = useState<{ run: RunId; units: number } | null>(null);
  const { copy, state: copied } = useCopy();

  const paths = useMemo(() => new Set([...room.files.values()].map(({ path }) => path)), [room.files]);
  const entry = run === null ? '' : pathOfRun(run);
  const fileOf = useCallback((printed: string) => roomPathOf(printed, paths, entry), [paths, entry]);

  return (
    <section aria-label="Output" className="flex h-full min-h-0 flex-col bg-surface-0">
      <div className="@container border-line border-b">
        <PanelHeader title="Output" {...(onClose === undefined ? {} : { onClose })}>
          {run !== null && (
            <>
              <RunState run={run} />
              {run.id !== newest?.id && (
                <Button
                  variant="ghost"
                  onClick={() => onSelect(null)}
                  className="@max-[640px]:hidden text-accent text-xs"
                >
                  Newest run
                </Button>
              )}
              {runs.length > 1 && (
                <Select
                  label="Which run"
                  value={run.id}
                  onChange={(id) => onSelect(id === newest?.id ? null : id)}
                  className="mx-1 max-w-[30cqw] @max-[640px]:max-w-[22cqw] border-transparent! bg-transparent! text-xs"
                  options={runs.toReversed().map((of) => ({
                    value: of.id,
                    label: `${pathOfRun(of)} · ${nameOf(of)}`,
                    hint: `${clock(of.startedAt)} · ${resultWords(of)}`,
                  }))}
                />
              )}
              <IconButton
                label="Wrap lines"
                pressed={wrap}
                onClick={() => onWrap(!wrap)}
                className="phone:hidden"
              >
                <TextWrap size={16} strokeWidth={1.5} />
              </IconButton>
              <IconButton
                label={
                  copied === 'copied'
                    ? 'Copied'
                    : copied === 'failed'
                      ? 'The browser refused to copy'
                      : 'Copy all output'
                }
                onClick={() => void copy(plainText(run.output))}
              >
                {copied === 'copied' ? (
                  <Check size={16} strokeWidth={1.5} />
                ) : (
                  <Copy size={16} strokeWidth={1.5} />
                )}
              </IconButton>
              <IconButton
                label="Clear view"
                className="phone:hidden"
                onClick={() => setCleared({ run: run.id, units: unitsOf(run.output) })}
              >
                <Eraser size={16} strokeWidth={1.5} />
              </IconButton>
            </>
          )}
        </PanelHeader>
      </div>
      {run === null ? (
        <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-2 p-4 text-center text-ink-3">
          <Play size={20} strokeWidth={1.5} aria-hidden="true" />
          <p className="max-w-80">{runHint}</p>
        </div>
      ) : (
        <>
          <RunOutput
            key={run.id}
            run={run}
            by={nameOf(run)}
            online={online}
            from={cleared?.run === run.id ? cleared.units : 0}
            wrap={wrap}
            fontSize={fontSize}
            fileOf={fileOf}
            onFollow={onFollow}
          />
          {run.end === null && run.phase === 'running' && mayRun && (
            <RunInput
              key={`${run.id}-input`}
              run={run}
              command={command}
              fontSize={fontSize}
              waiting={run.id === waiting}
              wanted={run.id === wanted}
            />
          )}
        </>
      )}
      <div role="status" className="sr-only">
        {said}
      </div>
    </section>
  );
}

/** The last thing worth saying aloud about runs. What was there when the page opened is not news. */
function useAnnouncement(runs: readonly Run[], nameOf: (run: Run) => string): string {
  const before = useRef<readonly Run[] | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = before.current === null ? null : announcement(before.current, runs, nameOf);
    before.current = runs;
    if (words !== null) setSaid(words);
  }, [runs, nameOf]);
  return said;
}

function clock(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' }).format(at);
}

/** The state of the seen run in the panel's head, with its time while it runs. */
function RunState({ run }: { run: Run }) {
  const going = run.end === null;
  const phase = useRef({ name: run.phase, since: Date.now() });
  if (phase.current.name !== run.phase) phase.current = { name: run.phase, since: Date.now() };
  const now = useNow(500, going);
  const words = stateWords(run, Math.max(0, now - phase.current.since));
  const facts = run.end === null ? [] : endFacts(run.end);
  return (
    // A line of its own for what does not fit, and nobody sees it: the measures go one by one, from the last.
    <span
      data-run-state={run.end?.reason ?? run.phase}
      title={[words.label, ...facts.map(({ name, value }) => `${name} ${value}`)].join(' · ')}
      className="flex h-6 min-w-24 flex-[99] flex-wrap justify-end gap-x-2 overflow-hidden px-1 text-xs leading-6"
    >
      <span className={clsx('flex min-w-0 max-w-full items-center gap-1.5 font-medium', TONES[words.tone])}>
        {going && <Spinner className="size-3" />}
        <span className="truncate">{words.label}</span>
      </span>
      {facts.map(({ name, value }) => (
        <span key={name} className="whitespace-nowrap text-ink-2 tabular-nums">
          <span className="text-ink-3">{name}</span> {value}
        </span>
      ))}
    </span>
  );
}

type RunOutputProps = {
  run: Run;
  by: string;
  online: boolean;
  /** How much of the output was cleared from view, in UTF-16 units. */
  from: number;
  wrap: boolean;
  fontSize: number;
  fileOf: (path: string) => string | null;
  onFollow: (path: string, line: number) => void;
};

function RunOutput({ run, by, online, from, wrap, fontSize, fileOf, onFollow }: RunOutputProps) {
  const reader = useRef<{ from: number; transcript: Transcript } | null>(null);
  const { transcript, blocks } = useMemo(() => {
    const pieces = rest(run.output, from);
    const known = reader.current;
    const follows = known !== null && known.from === from && known.transcript.follows(pieces);
    const current = follows ? known.transcript : new Transcript();
    reader.current = { from, transcript: current };
    current.take(pieces);
    return { transcript: current, blocks: current.blocks() };
  }, [run.output, from]);
  const version = versionOfRun(run);
  const standing = standingOfRun(run);
  const gone =
    run.output.length > 0
      ? null
      : online
        ? run.outputDropped && '. Its output is no longer kept here.'
        : '. What it printed is shown again when the connection is back.';
  const { end } = run;
  const silent = !run.outputDropped && run.output.every(({ stream }) => stream === 'stdin');
  const remark = end === null ? null : endRemark(end, silent && online);
  const cut = end === null ? null : truncatedWords(end);

  return (
    <OutputLines
      blocks={blocks}
      wrap={wrap}
      fontSize={Math.max(11, fontSize - 1)}
      fileOf={fileOf}
      onFollow={onFollow}
      before={
        from === 0 && (
          <div className="px-3.5 pb-1 font-sans text-ink-3 text-xs">
            {by} ran {pathOfRun(run)}
            {standing !== null && ` ${standing}`}
            {version !== null && ` at version ${version}`}, {clock(run.startedAt)}
            {gone}
            {transcript.dropped > 0 &&
              `. The last ${SHOWN_LINES.toLocaleString()} lines are shown; Copy takes all of them.`}
          </div>
        )
      }
      after={
        end !== null && (
          <div className="px-3.5 pt-1 font-sans text-xs">
            {remark !== null && <p className={TONES[stateWords(run, 0).tone]}>{remark}</p>}
            {endNotes(end).map((note) => (
              <p key={note} className="text-ink-2">
                {note}
              </p>
            ))}
            {cut !== null && <p className="text-ink-3">{cut}</p>}
          </div>
        )
      }
    />
  );
}

function unitsOf(pieces: Run['output']): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** The pieces after the first `from` units. */
function rest(pieces: Run['output'], from: number): Run['output'] {
  if (from === 0) return pieces;
  const later: RunPiece[] = [];
  let skip = from;
  for (const piece of pieces) {
    if (piece.text.length > skip) later.push(skip === 0 ? piece : restOf(piece, skip));
    skip = Math.max(0, skip - piece.text.length);
  }
  return later;
}

function restOf(piece: RunPiece, from: number): RunPiece {
  if (piece.stream === 'stdin') return { ...piece, text: piece.text.slice(from) };
  return joinedWords([...stretchesOf(piece, from)])!;
}

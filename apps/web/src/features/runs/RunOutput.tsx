import { joinedWords, type ParticipantId, type Run, type RunPiece, stretchesOf } from '@codesync/protocol';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { FindBar } from '../../ui/FindBar.tsx';
import { clock } from '../../ui/time.ts';
import { givenWords } from './configuration-words.ts';
import { type Found, findIn } from './find.ts';
import { OutputLines } from './OutputLines.tsx';
import { pathReader } from './references.ts';
import { TONES } from './tones.ts';
import { SHOWN_LINES, Transcript, type Typed } from './transcript.ts';
import {
  endNotes,
  endRemark,
  pathOfRun,
  standingOfRun,
  stateWords,
  truncatedWords,
  versionOfRun,
} from './words.ts';

type RunOutputProps = {
  run: Run;
  by: string;
  /** The name of a participant. */
  nameOf: (participant: ParticipantId | null) => string;
  online: boolean;
  /** How much of the output was cleared from view, in UTF-16 units. */
  from: number;
  wrap: boolean;
  fontSize: number;
  onFollow: (path: string, line: number) => void;
  /** Words are being looked for in it. */
  finding?: boolean;
  onFinding?: (finding: boolean) => void;
};

/** What a run printed, from `from` on, with how it began and how it ended. */
export function RunOutput({
  run,
  by,
  nameOf,
  online,
  from,
  wrap,
  fontSize,
  onFollow,
  finding = false,
  onFinding,
}: RunOutputProps) {
  const files = useRoom(({ room }) => room.files);
  const paths = useMemo(() => new Set([...files.values()].map(({ path }) => path)), [files]);
  const { entry, files: ran, language } = run;
  const fileOf = useMemo(
    () => pathReader({ entry, files: ran, language }, paths),
    [entry, ran, language, paths],
  );
  const typistOf = useCallback(
    ({ by }: Typed) => (by === undefined || by === null ? null : nameOf(by)),
    [nameOf],
  );
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
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => (finding ? findIn(blocks, words) : []), [finding, blocks, words]);
  const place = Math.min(at, found.length - 1);
  const current = useKept(found[place] ?? null);
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
  const endedBy = run.inputEnded === undefined || run.stdin !== undefined ? null : nameOf(run.inputEnded.by);
  const notes = end === null ? [] : endNotes(end);
  const cut = end === null ? null : truncatedWords(end);

  const lines = (
    <OutputLines
      blocks={blocks}
      wrap={wrap}
      fontSize={Math.max(11, fontSize - 1)}
      fileOf={fileOf}
      onFollow={onFollow}
      typistOf={typistOf}
      found={found}
      current={current}
      before={
        from === 0 && (
          <div className="px-3.5 pb-1 font-sans text-ink-3 text-xs">
            {by} ran {pathOfRun(run)}
            {standing !== null && ` ${standing}`}
            {givenWords(run).map((words) => ` ${words}`)}
            {version !== null && ` at version ${version}`}, {clock(run.startedAt)}
            {gone}
            {transcript.dropped > 0 &&
              `. The last ${SHOWN_LINES.toLocaleString()} lines are shown; Copy takes all of them.`}
          </div>
        )
      }
      after={
        (end !== null || endedBy !== null) && (
          <div className="px-3.5 pt-1 font-sans text-xs">
            {endedBy !== null && <p className="text-ink-3">{endedBy} ended the input.</p>}
            {remark !== null && <p className={TONES[stateWords(run, 0).tone]}>{remark}</p>}
            {notes.map((note) => (
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
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of what lies in it
    <div
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (onFinding === undefined || event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onFinding(true);
      }}
    >
      {finding && (
        <FindBar
          label="Find in the output"
          words={words}
          told={words === '' ? '' : found.length === 0 ? 'Not found' : `${place + 1} of ${found.length}`}
          nowhere={found.length === 0}
          enter={1}
          onWords={(next) => {
            setWords(next);
            setAt(0);
          }}
          onStep={(by) => setAt((place + by + found.length) % Math.max(1, found.length))}
          onClose={() => onFinding?.(false)}
        />
      )}
      {lines}
    </div>
  );
}

/** The same object for as long as it says the same. */
function useKept(found: Found | null): Found | null {
  const kept = useRef(found);
  const before = kept.current;
  const same =
    before !== null &&
    found !== null &&
    before.block === found.block &&
    before.line === found.line &&
    before.from === found.from &&
    before.to === found.to;
  if (!same) kept.current = found;
  return kept.current;
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

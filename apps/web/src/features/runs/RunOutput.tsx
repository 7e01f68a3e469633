import { joinedWords, type ParticipantId, type Run, type RunPiece, stretchesOf } from '@codesync/protocol';
import { useCallback, useMemo, useRef } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { clock } from '../../ui/time.ts';
import { OutputLines } from './OutputLines.tsx';
import { roomPathOf } from './references.ts';
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
};

/** What a run printed, from `from` on, with how it began and how it ended. */
export function RunOutput({ run, by, nameOf, online, from, wrap, fontSize, onFollow }: RunOutputProps) {
  const files = useRoom(({ room }) => room.files);
  const paths = useMemo(() => new Set([...files.values()].map(({ path }) => path)), [files]);
  const entry = pathOfRun(run);
  const fileOf = useCallback((printed: string) => roomPathOf(printed, paths, entry), [paths, entry]);
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
  const notes = end === null ? [] : endNotes(end);
  const cut = end === null ? null : truncatedWords(end);

  return (
    <OutputLines
      blocks={blocks}
      wrap={wrap}
      fontSize={Math.max(11, fontSize - 1)}
      fileOf={fileOf}
      onFollow={onFollow}
      typistOf={typistOf}
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
        (end !== null || run.inputEnded !== undefined) && (
          <div className="px-3.5 pt-1 font-sans text-xs">
            {run.inputEnded !== undefined && (
              <p className="text-ink-3">{nameOf(run.inputEnded.by)} ended the input.</p>
            )}
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

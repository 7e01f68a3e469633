import { type FileId, languageOf, may, type Run, type RunId } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { RoomSource } from '../../room-source/types.ts';
import type { Report } from './useProblems.ts';
import type { SteadyView } from './useRoomView.ts';

/** How long a run waits for the last edits to be in the log. */
const FLUSH_MS = 10_000;

export type RunActions = {
  readonly going: readonly Run[];
  /** The chosen run; null follows the newest. */
  readonly selected: RunId | null;
  readonly select: (run: RunId | null) => void;
  readonly starting: boolean;
  /** Why nothing can be started, in a sentence; null when it can. */
  readonly blocked: string | null;
  readonly mayRun: boolean;
  readonly start: (file: FileId) => Promise<void>;
  readonly stop: (run: RunId) => Promise<void>;
};

/** Starting and stopping programs: what was typed is in the log before a run that should see it begins. */
export function useRuns(source: RoomSource, view: SteadyView, report: Report): RunActions {
  const [selected, select] = useState<RunId | null>(null);
  const [starting, setStarting] = useState(false);
  const busy = useRef(false);
  const { room, you } = view;
  const mayRun = you !== null && may(you.role, 'run.start');
  const going = useMemo(() => [...room.runs.values()].filter((run) => run.end === null), [room.runs]);

  const start = useCallback(
    async (file: FileId) => {
      if (busy.current) return;
      busy.current = true;
      setStarting(true);
      try {
        await source.flush(FLUSH_MS);
        const mine = source.view().you?.id ?? null;
        const same = [...source.view().room.runs.values()].filter(
          (run) => run.entry === file && run.end === null,
        );
        // Run again means: instead of my last one.
        for (const run of same.filter(({ by }) => by === mine)) {
          await source.command({ kind: 'run.stop', run: run.id });
        }
        const result = await source.command({ kind: 'run.start', entry: file });
        if (result.ok) select(null);
        else report(result.error.message, result.error.code);
      } catch (error) {
        report(`Nothing was run. ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        busy.current = false;
        setStarting(false);
      }
    },
    [source, report],
  );

  const stop = useCallback(
    async (run: RunId) => {
      const result = await source.command({ kind: 'run.stop', run });
      if (!result.ok && result.error.code !== 'run.unknown') report(result.error.message, result.error.code);
    },
    [source, report],
  );

  return { going, selected, select, starting, blocked: blockedBy(view), mayRun, start, stop };
}

function blockedBy({ you, connection, sandbox }: SteadyView): string | null {
  if (you === null || connection.kind !== 'online')
    return 'Runs need the server. They are back when the connection is.';
  if (!may(you.role, 'run.start')) return 'You are viewing. Ask the host to let you edit and run.';
  switch (sandbox.state) {
    case 'starting':
      return 'The sandbox is starting.';
    case 'preparing':
      return `The sandbox is being prepared: ${Math.round(sandbox.percent)} %.`;
    case 'off':
      return `${sandbox.reason} ${sandbox.mend}`;
    case 'ready':
      return null;
  }
}

/**
 * The file that Run starts: the one that is pinned, else the one being looked at, else what was run last, else the
 * first that can be.
 */
export function entryFile(
  pinned: FileId | null,
  active: FileEntry | undefined,
  files: readonly FileEntry[],
  runs: Iterable<Run>,
): FileEntry | null {
  const runnable = files.filter(({ path }) => languageOf(path) !== null);
  const always = runnable.find(({ id }) => id === pinned);
  if (always !== undefined) return always;
  if (active !== undefined && languageOf(active.path) !== null) return active;
  const last = [...runs].at(-1)?.entry;
  return runnable.find(({ id }) => id === last) ?? runnable[0] ?? null;
}

import type { BlobRef, FileId, Run } from '@codesync/protocol';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { archiveOf } from './archive.ts';

/** A run of the history, as well as it is known now. */
export type HistoryRow = {
  readonly seq: number;
  readonly run: Run;
  /** Its output is in it. */
  readonly printed: boolean;
};

/** The runs so far, newest first, while `active`: as the log tells them, and the last ones as the room has them. */
export function useHistory(active: boolean) {
  const archive = archiveOf(useDesk());
  const { runs, more, busy, problem, whole, sought, printed } = useStore(archive.state);
  const live = useRoom(({ room }) => room.runs);
  const newest = [...live.keys()].at(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a newer run is a reason to ask again
  useEffect(() => {
    if (active) void archive.refresh();
  }, [active, archive, newest]);
  const rows = useMemo<readonly HistoryRow[]>(
    () =>
      runs.map(({ seq, run }) => {
        const now = live.get(run.id);
        const full = now !== undefined && !now.outputDropped ? now : whole.get(seq);
        return { seq, run: full ?? run, printed: full !== undefined };
      }),
    [runs, live, whole],
  );
  return { archive, rows, more, busy, problem, sought, printed };
}

type Past = string | BlobRef | null;

/**
 * A file as it was when a run was started: its text, or what else it was. Undefined until it is known, null when it is not
 * told.
 */
export function usePastContent(seq: number, file: FileId): Past | undefined {
  const archive = archiveOf(useDesk());
  const [known, setKnown] = useState<{ seq: number; file: FileId; content: Past } | null>(null);
  useEffect(() => {
    let over = false;
    void archive.content(seq, file).then((content) => {
      if (!over) setKnown({ seq, file, content });
    });
    return () => {
      over = true;
    };
  }, [archive, seq, file]);
  return known?.seq === seq && known.file === file ? known.content : undefined;
}

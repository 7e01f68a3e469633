import { useEffect } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import type { RangeMark } from '../../editor/range-marks.ts';
import { pressed } from './acts.ts';
import { commentsOf, followTexts, placeThreads, unsentOf, useComments, useUnsent } from './desk-comments.ts';

/** The marks in the code move by themselves. The lines in the list are counted again when nobody types for so long. */
const QUIET_MS = 150;

/** Sends what was written, keeps places true, and marks the code; says aloud where one has gone. */
export function CommentsBackground() {
  const desk = useDesk();
  const threads = useRoom(({ room }) => room.threads);
  const files = useRoom(({ room }) => room.files);
  const spoken = useComments((shown) => shown.spoken);

  useEffect(() => unsentOf(desk).start(), [desk]);
  useEffect(() => followTexts(desk), [desk]);
  useEffect(() => desk.onMargin((press) => pressed(desk, press)), [desk]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other threads and other files have other places
  useEffect(() => placeThreads(desk), [desk, threads, files]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = desk.source.onTexts(({ file }) => {
      const { placed } = commentsOf(desk).getState();
      if (!placed.some(({ thread }) => thread.file === file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => placeThreads(desk), QUIET_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [desk]);
  useMarks();

  return (
    <p aria-live="polite" className="sr-only">
      {spoken}
    </p>
  );
}

/** Marks the threads that are open, the one that is looked at, and what is about to be one. */
function useMarks(): void {
  const desk = useDesk();
  const placed = useComments((shown) => shown.placed);
  const chosen = useComments((shown) => shown.chosen);
  const beginning = useComments((shown) => shown.beginning);
  const resolved = useComments((shown) => shown.resolved);
  const unsent = useUnsent();
  useEffect(() => {
    const marks: RangeMark[] = placed
      .filter(
        ({ thread, range }) =>
          range !== null && (thread.resolved === null || (resolved && thread.id === chosen)),
      )
      .map(({ thread: { id, file } }) => ({
        key: id,
        file,
        at: () => desk.source.anchors(file).get(id) ?? null,
        chosen: id === chosen,
      }));
    const { threads } = desk.view().room;
    for (const each of unsent) {
      if (each.kind !== 'open' || threads.has(each.comment)) continue;
      const { comment: key, file, start, end } = each;
      marks.push({ key, file, at: () => ({ start, end }), chosen: key === chosen });
    }
    if (beginning !== null) {
      const { file, range } = beginning;
      marks.push({ key: 'new', file, at: () => range, chosen: true });
    }
    desk.markRanges(marks);
  }, [desk, placed, chosen, beginning, resolved, unsent]);
}

import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { RoomSource, RoomView } from '../../room-source/types.ts';

/** While the tab is hidden there are no frames; what it shows is then renewed this often. */
const HIDDEN_MS = 250;

/** The newest view of a room, at most once per frame, however fast events come. */
export function useRoomView(source: RoomSource): RoomView {
  const [view, setView] = useState(() => source.view());
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = source.view();
    const show = () => {
      frame = 0;
      timer = undefined;
      const next = source.view();
      // The frame that shows a new letter may not call it saved any more; React by itself would come a frame later.
      const unsaved = shown.save.kind === 'saved' && next.save.kind !== 'saved';
      shown = next;
      if (unsaved) flushSync(() => setView(next));
      else setView(next);
    };
    const onChange = () => {
      if (frame !== 0 || timer !== undefined) return;
      if (document.hidden) timer = setTimeout(show, HIDDEN_MS);
      else frame = requestAnimationFrame(show);
    };
    const onVisible = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      show();
    };
    setView(shown);
    const unsubscribe = source.subscribe(onChange);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', onVisible);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [source]);
  return view;
}

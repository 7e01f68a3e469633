import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { RoomSource, RoomView, SaveState } from '../../room-source/types.ts';

/** While the tab is hidden there are no frames; what it shows is then renewed this often. */
const HIDDEN_MS = 250;

/** A view without what typing alone changes: whoever shows that asks for it, so that a key draws nothing else. */
export type SteadyView = Omit<RoomView, 'save'>;

/** The newest view of a room, at most once per frame, however fast events come. */
export function useRoomView(source: RoomSource): SteadyView {
  return useNewest(source, STEADY);
}

/** How safe what was typed is, by the same frames. */
export function useSave(source: RoomSource): SaveState {
  return useNewest(source, SAVE);
}

type Aspect<T> = {
  readonly of: (view: RoomView) => T;
  readonly same: (before: T, after: T) => boolean;
  /** It has to be in the very next frame; React by itself would come a frame later. */
  readonly atOnce: (before: T, after: T) => boolean;
};

const STEADY: Aspect<SteadyView> = {
  of: (view) => view,
  same: (before, after) => {
    const { save: _, ...steady } = after as RoomView;
    const keys = Object.keys(steady) as (keyof SteadyView)[];
    return keys.every((key) => Object.is(before[key], after[key]));
  },
  atOnce: () => false,
};

const SAVE: Aspect<SaveState> = {
  of: ({ save }) => save,
  same: Object.is,
  // The frame that shows a new letter may not call it saved any more.
  atOnce: (before, after) => before.kind === 'saved' && after.kind !== 'saved',
};

function useNewest<T>(source: RoomSource, { of, same, atOnce }: Aspect<T>): T {
  const [newest, setNewest] = useState(() => of(source.view()));
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = of(source.view());
    const show = () => {
      frame = 0;
      timer = undefined;
      const before = shown;
      const next = of(source.view());
      if (same(before, next)) return;
      shown = next;
      if (atOnce(before, next)) flushSync(() => setNewest(next));
      else setNewest(next);
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
    setNewest(shown);
    const unsubscribe = source.subscribe(onChange);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', onVisible);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [source, of, same, atOnce]);
  return newest;
}

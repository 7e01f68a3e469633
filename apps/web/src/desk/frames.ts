// What a room's driver says, in step with the screen.

/** While the tab is hidden there are no frames; what it shows is then renewed this often. */
const HIDDEN_MS = 250;

type Viewed<View> = {
  readonly view: () => View;
  readonly subscribe: (listener: () => void) => () => void;
};

/**
 * The newest view of `source`, at most once per frame, however fast events come. It listens to the source only while
 * somebody listens to it. React draws within the same frame what a store like this one tells it, so the frame that
 * shows a new letter never calls it saved.
 */
export function framesOf<View>(source: Viewed<View>): Viewed<View> {
  const listeners = new Set<() => void>();
  let shown = source.view();
  let stop = () => {};

  const start = () => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = 0;
      timer = undefined;
      const next = source.view();
      if (next === shown) return;
      shown = next;
      for (const listener of [...listeners]) listener();
    };
    const onChange = () => {
      if (frame !== 0 || timer !== undefined) return;
      if (document.hidden) timer = setTimeout(show, HIDDEN_MS);
      else frame = requestAnimationFrame(show);
    };
    shown = source.view();
    const unsubscribe = source.subscribe(onChange);
    document.addEventListener('visibilitychange', show);
    return () => {
      unsubscribe();
      document.removeEventListener('visibilitychange', show);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  };

  return {
    view: () => {
      if (listeners.size === 0) shown = source.view();
      return shown;
    },
    subscribe: (listener) => {
      if (listeners.size === 0) stop = start();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}

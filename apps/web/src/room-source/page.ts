// What the live driver hears from the browser around it.

export type PageListener = {
  /** The browser has found a network, or lost it; see `networkUp`. */
  readonly network: () => void;
  /** Someone looks at the page again. */
  readonly wake: () => void;
  /** The page may be about to go: keep what is not kept yet. */
  readonly hide: () => void;
  /** A key, the mouse or a finger. */
  readonly input: () => void;
};

const INPUTS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const;

export type Page = {
  readonly networkUp: () => boolean;
  readonly inSight: () => boolean;
  /** Returns the way to stop listening; what is left out is not listened to. */
  readonly watch: (listener: Partial<PageListener>) => () => void;
};

export const browserPage: Page = {
  networkUp: () => navigator.onLine,
  inSight: () => document.visibilityState === 'visible',
  watch: ({ network, wake, hide, input }) => {
    const stop = new AbortController();
    const { signal } = stop;
    const on = (kind: string, listener: (() => void) | undefined, options = {}) => {
      if (listener !== undefined) window.addEventListener(kind, listener, { signal, ...options });
    };
    on('online', network);
    on('offline', network);
    on('pageshow', wake);
    on('pagehide', hide);
    const seen = () => (browserPage.inSight() ? wake?.() : hide?.());
    document.addEventListener('visibilitychange', seen, { signal });
    for (const kind of INPUTS) on(kind, input, { capture: true, passive: true });
    return () => stop.abort();
  },
};

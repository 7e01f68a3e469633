// What the live driver hears from the browser around it.

export type PageListener = {
  /** The browser has found a network, or lost it; see `networkUp`. */
  readonly network: () => void;
  /** Someone looks at the page again. */
  readonly wake: () => void;
  /** The page may be about to go: keep what is not kept yet. */
  readonly hide: () => void;
};

export type Page = {
  readonly networkUp: () => boolean;
  /** Returns the way to stop listening. */
  readonly watch: (listener: PageListener) => () => void;
};

export const browserPage: Page = {
  networkUp: () => navigator.onLine,
  watch: ({ network, wake, hide }) => {
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener('online', network, { signal });
    window.addEventListener('offline', network, { signal });
    window.addEventListener('pageshow', wake, { signal });
    window.addEventListener('pagehide', hide, { signal });
    const seen = () => (document.visibilityState === 'visible' ? wake() : hide());
    document.addEventListener('visibilitychange', seen, { signal });
    return () => stop.abort();
  },
};

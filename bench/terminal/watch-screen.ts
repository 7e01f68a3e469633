/** Runs in a page: notes when keys go down, and when a terminal of xterm.js has drawn what. Moments are Unix milliseconds. */

/** What `watchScreen` leaves in the page. */
export type Watched = {
  readonly watched: {
    /** What is drawn, line by line, without what is empty at the ends. */
    text(): string;
    /** When it first fits the expression, from now on. */
    until(source: string): Promise<number>;
    /** When the last key, or button of the mouse, went down. */
    pressedAt(): number;
    /** Notes from now on keys, and each last line that is drawn. */
    note(): void;
    noted(): Noted;
  };
};

export type Noted = {
  readonly keys: readonly number[];
  readonly lines: readonly { readonly at: number; readonly line: string }[];
};

/** It stands by itself: the browser gets its text. */
export function watchScreen(): void {
  type Waiting = { readonly fits: RegExp; readonly seen: (at: number) => void };
  let waiting: Waiting[] = [];
  let noting: { keys: number[]; lines: { at: number; line: string }[] } | null = null;
  let pressed = 0;
  const now = () => performance.timeOrigin + performance.now();
  const lines = () =>
    [...document.querySelectorAll('.xterm-rows > div')].map((row) =>
      (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd(),
    );
  const text = () => lines().join('\n').trimEnd();
  const look = () => {
    if (waiting.length > 0) {
      const shown = text();
      waiting = waiting.filter(({ fits, seen }) => {
        const fit = fits.test(shown);
        if (fit) seen(now());
        return !fit;
      });
    }
    if (noting === null) return;
    const line = lines().findLast((line) => line !== '') ?? '';
    if (line !== noting.lines.at(-1)?.line) noting.lines.push({ at: now(), line });
  };
  // The rows may be yet to come.
  const around = document.querySelector('.xterm-screen') ?? document.body;
  new MutationObserver(look).observe(around, { subtree: true, childList: true, characterData: true });
  for (const event of ['keydown', 'mousedown']) {
    document.addEventListener(
      event,
      () => {
        pressed = now();
        if (event === 'keydown') noting?.keys.push(pressed);
      },
      true,
    );
  }
  const watched = {
    text,
    until: (source: string) =>
      new Promise<number>((seen) => {
        waiting.push({ fits: new RegExp(source, 'm'), seen });
        look();
      }),
    pressedAt: () => pressed,
    note: () => {
      noting = { keys: [], lines: [] };
    },
    noted: () => noting,
  };
  Object.assign(globalThis, { watched });
}

/** Runs in the page: notes when what is typed into its terminal is there to be drawn. */

export type KeyTimes = { readonly echoMs: number; readonly seenMs: number; readonly wrong: boolean };

/** What `startClock` leaves in the page. */
export type Marked = {
  readonly marks: {
    /** @param line what the cursor's line is going to be. Up to its first space is the prompt. */
    begin(line: string): void;
    /** Of each key of the line that is no space. */
    end(): KeyTimes[];
  };
};

/** It stands by itself: the browser gets its text. */
export function startClock(): void {
  type Key = { at: number; col: number; echo: number | null; seen: number | null; wrong: boolean };
  let line = '';
  let keys: Key[] = [];
  const screen = document.querySelector('.xterm-screen')!;
  const rows = screen.querySelector('.xterm-rows')!;
  const layer = screen.querySelector<HTMLElement>('[data-predicted]')!;
  const look = () => {
    const now = performance.now();
    const drawn = [...rows.children].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' '));
    const shown = drawn.findLast((row) => row.startsWith('$')) ?? '';
    const predicted = new Map<number, string>();
    for (const cell of layer.querySelectorAll<HTMLElement>('span')) {
      // Both are shares of the same whole, and all that is typed here is one cell wide.
      const col = Math.round(Number.parseFloat(cell.style.left) / Number.parseFloat(cell.style.width));
      if (cell.style.textDecoration.includes('underline')) predicted.set(col, cell.textContent ?? '');
    }
    for (const key of keys) {
      const wanted = line[key.col];
      if (shown[key.col] === wanted) key.echo ??= now;
      if (shown[key.col] === wanted || predicted.get(key.col) === wanted) key.seen ??= now;
      if (predicted.has(key.col) && predicted.get(key.col) !== wanted) key.wrong = true;
    }
  };
  const about = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(screen, about);
  document.addEventListener(
    'keydown',
    () => {
      const col = 2 + keys.length;
      if (col < line.length) keys.push({ at: performance.now(), col, echo: null, seen: null, wrong: false });
    },
    true,
  );
  const marks = {
    begin: (to: string) => {
      line = to;
      keys = [];
    },
    end: () => {
      look();
      const noted = keys.filter(({ col }) => line[col] !== ' ');
      line = '';
      keys = [];
      return noted.map(({ at, echo, seen, wrong }) => {
        if (echo === null || seen === null) throw new Error('a key was never seen');
        return { echoMs: echo - at, seenMs: seen - at, wrong };
      });
    },
  };
  Object.assign(globalThis, { marks });
}

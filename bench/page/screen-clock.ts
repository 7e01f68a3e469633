/** Runs in the page: when a text, a key and a paste are seen. It stands by itself: the browser gets its text. */

/** What `startClock` leaves in the page. */
export type Clocked = {
  readonly clock: {
    /** Milliseconds from the last click, or from the page's navigation if there was none, to the frame with `text`. */
    until(text: string): Promise<number>;
    /** Milliseconds from each key or paste since `clear` to the end of the frame that shows it. */
    readonly keysMs: readonly number[];
    clear(): void;
  };
};

export function startClock(): void {
  let since = 0;
  const keysMs: number[] = [];
  const drawn = () =>
    [...document.querySelectorAll('.view-line')].map((line) => line.textContent ?? '').join('\n');
  /** Resolves when the frame that is due is laid out and painted. */
  const frame = () =>
    new Promise<void>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
  const timed = (event: Event) => {
    const began = event.timeStamp;
    void frame().then(() => keysMs.push(performance.now() - began));
  };
  addEventListener('keydown', timed, true);
  addEventListener('paste', timed, true);
  addEventListener(
    'click',
    (event) => {
      since = event.timeStamp;
    },
    true,
  );
  const clock: Clocked['clock'] = {
    async until(text) {
      for (;;) {
        const shows = drawn().replaceAll('\u00a0', ' ').includes(text);
        await frame();
        if (shows) return performance.now() - since;
      }
    },
    keysMs,
    clear() {
      keysMs.length = 0;
    },
  };
  Object.assign(globalThis, { clock });
}

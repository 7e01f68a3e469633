/** The end of what a terminal wrote, and when it first shows something. */
const KEPT = 4_096;

export class Tail {
  #text = '';
  #waiting: { readonly shows: RegExp; readonly seen: (at: number) => void } | null = null;

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT);
    const waiting = this.#waiting;
    if (waiting?.shows.test(this.#text) !== true) return;
    this.#waiting = null;
    waiting.seen(performance.now());
  }

  /** The moment, as of performance.now, at which it fits. One such question at a time. */
  until(shows: RegExp): Promise<number> {
    return new Promise((seen) => {
      this.#waiting = { shows, seen };
      this.add('');
    });
  }

  /** What was written does not count from now on. */
  forget(): void {
    this.#text = '';
  }
}

// Work of which only so much may go on at once. The rest waits, first come first served.

export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #going = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work when it is its turn; settles as the work does. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#going >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#going++;
    try {
      return await work();
    } finally {
      // The turn goes to whoever waits, so that nobody new can come in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#going--;
      else next();
    }
  }
}

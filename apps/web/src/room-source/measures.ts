// What this page has measured of late: the way to the server and back, and the way of a key into the database. Pure.

/** One measurement: when it ended, Unix milliseconds, and how long it took. */
export type Sample = { readonly at: number; readonly ms: number };

export type Measures = {
  /** To the server and back. Oldest first, as below. */
  readonly roundTrips: readonly Sample[];
  /** From the first key of an edit until the database had it. */
  readonly saves: readonly Sample[];
};

/** How far back a measurement is of interest, and how many are kept of a time in which there were many. */
export const MEASURES_MS = 5 * 60_000;
const KEPT = 600;

/** The newest measurements of one thing. */
export class Samples {
  #samples: readonly Sample[] = [];

  add(at: number, ms: number): void {
    const fresh = this.#samples.filter((sample) => sample.at > at - MEASURES_MS);
    this.#samples = [...fresh.slice(1 - KEPT), { at, ms }];
  }

  /** Those of the last `MEASURES_MS`; the same array while there is no new one. */
  get all(): readonly Sample[] {
    return this.#samples;
  }
}

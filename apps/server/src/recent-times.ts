/** How long the last few took of something that happens often: adding costs next to nothing, asking sorts. */
export class RecentTimes {
  readonly #times: Float64Array;
  #count = 0;

  constructor(kept = 1024) {
    this.#times = new Float64Array(kept);
  }

  add(ms: number): void {
    this.#times[this.#count % this.#times.length] = ms;
    this.#count++;
  }

  /** The time that a share of them, 0 to 1, do not exceed; null before the first. */
  quantile(share: number): number | null {
    const kept = Math.min(this.#count, this.#times.length);
    if (kept === 0) return null;
    return this.#times.slice(0, kept).sort()[Math.ceil(share * kept) - 1] ?? this.#times[0]!;
  }
}

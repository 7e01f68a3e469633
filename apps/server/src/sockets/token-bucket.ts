// How often something may happen: a burst, then a steady rate. Pure: the caller brings the time.

export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #at: number;

  /** @param now any clock in ms, the same for every call. */
  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes `cost` tokens if they are there. */
  take(now: number, cost = 1): boolean {
    this.#fill(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Takes `cost` tokens whether they are there or not; returns the ms until none is owed any more. */
  spend(now: number, cost: number): number {
    this.#fill(now);
    this.#tokens -= cost;
    return Math.max(0, -this.#tokens / this.#perMs);
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}

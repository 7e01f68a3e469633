// Which of many consecutive stretches holds a position. Pure.

/**
 * The lengths of consecutive stretches, with sums over any prefix: a binary indexed tree (P. Fenwick, "A new
 * data structure for cumulative frequency tables", 1994). Finding and changing cost O(log n).
 */
export class LengthIndex {
  /** `#sums[i]` is the sum of the `i & -i` lengths that end with the i-th, counted from 1. */
  readonly #sums: Float64Array;
  readonly #topStep: number;

  constructor(lengths: readonly number[]) {
    const count = lengths.length;
    const sums = new Float64Array(count + 1);
    for (let i = 1; i <= count; i++) {
      sums[i]! += lengths[i - 1]!;
      const parent = i + (i & -i);
      if (parent <= count) sums[parent]! += sums[i]!;
    }
    this.#sums = sums;
    this.#topStep = count === 0 ? 0 : 2 ** (31 - Math.clz32(count));
  }

  /** Makes the stretch at `index` longer by `delta` (shorter if negative). */
  add(index: number, delta: number): void {
    const sums = this.#sums;
    for (let i = index + 1; i < sums.length; i += i & -i) sums[i]! += delta;
  }

  /**
   * The first stretch that ends at or after `position`, and where it starts.
   * `position` must be between 0 and the sum of all lengths.
   */
  find(position: number): { index: number; start: number } {
    const sums = this.#sums;
    let index = 0;
    let start = 0;
    for (let step = this.#topStep; step > 0; step >>= 1) {
      const next = index + step;
      if (next < sums.length && start + sums[next]! < position) {
        index = next;
        start += sums[next]!;
      }
    }
    return { index, start };
  }
}

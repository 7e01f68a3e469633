// A hash of text, to see cheaply whether two replicas hold the same. Pure.

/**
 * A 53-bit hash of `text`, the same in every engine: a non-negative safe integer.
 *
 * It detects accidents, not attacks: it is not cryptographic. The algorithm is cyrb53 by bryc (public domain,
 * github.com/bryc/code, jshash/experimental/cyrb53.js) with seed 0: two 32-bit multiply-and-xor lanes over the
 * UTF-16 units, then a final mix.
 */
export function hashText(text: string): number {
  const hash = new TextHash();
  hash.addText(text);
  return hash.value();
}

/** The same hash over a text that comes in pieces. */
export class TextHash {
  #low = 0xdeadbeef | 0;
  #high = 0x41c6ce57 | 0;

  /** Take in the next piece. */
  addText(text: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      low = Math.imul(low ^ unit, 2654435761);
      high = Math.imul(high ^ unit, 1597334677);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Take in the units from `from` up to `to`. */
  addUnits(units: ArrayLike<number>, from: number, to: number): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = from; i < to; i++) {
      const unit = units[i]!;
      low = Math.imul(low ^ unit, 2654435761);
      high = Math.imul(high ^ unit, 1597334677);
    }
    this.#low = low;
    this.#high = high;
  }

  /** The hash of all that was taken in. */
  value(): number {
    let low = Math.imul(this.#low ^ (this.#low >>> 16), 2246822507);
    low ^= Math.imul(this.#high ^ (this.#high >>> 13), 3266489909);
    let high = Math.imul(this.#high ^ (this.#high >>> 16), 2246822507);
    high ^= Math.imul(low ^ (low >>> 13), 3266489909);
    return 4294967296 * (2097151 & high) + (low >>> 0);
  }
}

// Reproducible chance: the same seed gives the same numbers on every machine.

/** Declared here, so that importing this file does not require Node's types. */
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Random numbers from a seed, or from a function that makes them. */
export class Random {
  readonly #draw: () => number;

  /** @param from a seed, or whole numbers from 0 up to but not including 2 ** 32 */
  constructor(from: number | (() => number)) {
    this.#draw = typeof from === 'number' ? mulberry32(from) : from;
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#draw() / 2 ** 32;
  }

  /** A whole number from 0 up to but not including `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** True once in `times` calls. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** Whole numbers of 32 bits, after Tommy Ettinger's mulberry32 (public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The seed of a scenario, which its test prints. It is a new one each time, unless `SEED=n` sets it. */
export function seedOfTest(): number {
  return Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
}

/** Seeds of a scenario that is played `count` times: 1, 2, 3 … `CASES=k`: k times as many. `SEED=n`: only n. */
export function seedsOfTest(count: number): readonly number[] {
  if (process.env.SEED !== undefined) return [seedOfTest()];
  return Array.from({ length: count * Number(process.env.CASES ?? 1) }, (_, i) => i + 1);
}

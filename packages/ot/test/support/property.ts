// Properties: a statement tried on many seeded cases. `SEED=n` tries one case, `CASES=k` k times as many.
import { test } from 'vitest';
import { Random } from './random.ts';

const seedToReplay = process.env.SEED;
const factor = Number(process.env.CASES ?? 1);

/** A test that `holds` (it throws if not) on `cases` seeds; a failure says which seed it was. */
export function property(title: string, cases: number, holds: (random: Random) => void): void {
  test(title, { timeout: 60_000 * Math.max(1, factor) }, () => {
    if (seedToReplay !== undefined) {
      holds(new Random(Number(seedToReplay)));
      return;
    }
    for (let seed = 1; seed <= cases * factor; seed++) {
      try {
        holds(new Random(seed));
      } catch (error) {
        throw new Error(`seed ${seed} fails (replay it with SEED=${seed}): ${String(error)}`, {
          cause: error,
        });
      }
    }
  });
}

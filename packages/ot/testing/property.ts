/** Property tests over random input that a test draws step by step. fast-check shrinks a counterexample. */
import fc, { Arbitrary, type Random as Source, Stream, Value } from 'fast-check';
import { test } from 'vitest';
import { mulberry32, Random } from './random.ts';

export type { Random };

/** `CASES=k` tries k times as many cases. */
const FACTOR = Number(process.env.CASES ?? 1);
/** How long a counterexample is shrunk. */
const SMALLER_MS = 10_000;
/** A case that draws this many zeros past its end would loop for ever. It is discarded. */
const MOST_ZEROS = 10_000;

const ROLLS = fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 2 ** 31 - 1 });

/** Chance that records what was drawn. */
class Noted extends Random {
  readonly rolls: number[];

  constructor(draw: (drawn: number) => number | undefined) {
    const rolls: number[] = [];
    let zeros = 0;
    super(() => {
      const roll = draw(rolls.length);
      if (roll !== undefined) rolls.push(roll);
      else if (++zeros > MOST_ZEROS) fc.pre(false);
      return roll ?? 0;
    });
    this.rolls = rolls;
  }

  [fc.toStringMethod](): string {
    return `chance of ${this.rolls.length} draws`;
  }
}

/** Shrinks to fewer and lower draws. Past the last one, every draw is 0. */
class Chance extends Arbitrary<Random> {
  generate(source: Source): Value<Random> {
    const draw = mulberry32(source.nextInt());
    return new Value(new Noted(draw), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Random {
    return value instanceof Noted;
  }

  shrink(value: Random, context: unknown): Stream<Value<Random>> {
    if (!(value instanceof Noted)) return Stream.nil();
    const until = typeof context === 'number' ? context : performance.now() + SMALLER_MS;
    return ROLLS.shrink(value.rolls, undefined)
      .takeWhile(() => performance.now() < until)
      .map((smaller) => new Value(new Noted((drawn) => smaller.value[drawn]), until));
  }
}

/** Chance for one case of a property. */
export function chance(): Arbitrary<Random> {
  return new Chance();
}

/** A test that runs `holds` on `cases` random cases. `holds` throws for a case that fails. */
export function property(title: string, cases: number, holds: (random: Random) => void): void {
  test(title, { timeout: 120_000 * Math.max(1, FACTOR) }, () => {
    fc.assert(fc.property(chance(), holds), { numRuns: cases * FACTOR });
  });
}

// Ranges stay on their words. fast-check prints the seed of a counterexample.
import { apply, type Op, OpBuilder } from '@codesync/ot';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carryRange, type Range } from '../src/index.ts';

/** A unit of the text, which is told from all others wherever it goes. `null`: it was typed later. */
type Unit = number | null;

type Part = { readonly kind: 'keep' | 'cut' | 'type'; readonly length: number };

const parts: fc.Arbitrary<readonly Part[]> = fc.array(
  fc.record({ kind: fc.constantFrom('keep', 'cut', 'type'), length: fc.integer({ min: 1, max: 5 }) }),
  { maxLength: 8 },
);

function opOf(all: readonly Part[], length: number): Op {
  const builder = new OpBuilder();
  let at = 0;
  for (const { kind, length: wanted } of all) {
    if (kind === 'type') {
      builder.insert('x'.repeat(wanted));
      continue;
    }
    const reach = Math.min(wanted, length - at);
    at += reach;
    if (kind === 'keep') builder.retain(reach);
    else builder.remove(reach);
  }
  return builder.build();
}

/** The units after `op`, by a walk of its own. */
function unitsAfter(units: readonly Unit[], op: Op): Unit[] {
  const after: Unit[] = [];
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') after.push(...Array.from(part, () => null));
    else if (part > 0) after.push(...units.slice(at, at + part));
    at += typeof part === 'string' ? 0 : Math.abs(part);
  }
  return [...after, ...units.slice(at)];
}

test('a range keeps to its words for as long as one unit of them lives, and is a place after that', () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.nat(20),
      fc.nat(8),
      fc.array(parts, { maxLength: 6 }),
      (n, from, size, ops) => {
        const length = n + size + 1;
        const start = from % (length - size);
        let range: Range = { start, end: start + size };
        let units: Unit[] = Array.from({ length }, (_, i) => i);
        const own = new Set<Unit>(units.slice(range.start, range.end));
        for (const each of ops) {
          const op = opOf(each, units.length);
          const covered = units.slice(range.start, range.end);
          range = carryRange(range, op);
          const cut = new Set(covered.filter((unit) => unit !== null));
          units = unitsAfter(units, op);
          const living = units.filter((unit) => own.has(unit));
          expect(range.start).toBeLessThanOrEqual(range.end);
          expect(range.end).toBeLessThanOrEqual(units.length);
          if (living.length > 0) {
            // It reaches from the first to the last that lives, and over what was typed between its words.
            expect(units.slice(range.start, range.end)).toEqual(expect.arrayContaining(living));
            const outside = [...units.slice(0, range.start), ...units.slice(range.end)];
            expect(outside.some((unit) => own.has(unit))).toBe(false);
            const strangers = units
              .slice(range.start, range.end)
              .filter((unit) => unit !== null && !cut.has(unit));
            expect(strangers).toEqual([]);
          }
        }
      },
    ),
  );
});

test.each<[string, Range, Op, Range]>([
  ['typing before it pushes it along', { start: 2, end: 5 }, ['ab'], { start: 4, end: 7 }],
  ['typing right before it stays out', { start: 2, end: 5 }, [2, 'ab'], { start: 4, end: 7 }],
  ['typing right after it stays out', { start: 2, end: 5 }, [5, 'ab'], { start: 2, end: 5 }],
  ['typing inside makes it longer', { start: 2, end: 5 }, [3, 'ab'], { start: 2, end: 7 }],
  ['deleting a part makes it shorter', { start: 2, end: 5 }, [1, -2], { start: 1, end: 3 }],
  ['deleting all of it leaves a place', { start: 2, end: 5 }, [1, -6], { start: 1, end: 1 }],
  ['replacing all of it leaves a place', { start: 2, end: 5 }, [2, -1, 'new', -2], { start: 2, end: 2 }],
  ['a place stays before what is typed there', { start: 2, end: 2 }, [2, 'new'], { start: 2, end: 2 }],
])('%s', (_, range, op, carried) => {
  expect(carryRange(range, op)).toEqual(carried);
  expect(apply('0123456789', op)).toBeTypeOf('string');
});

import { apply, type Op, OpBuilder } from '@codesync/ot';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lower } from '../src/lowered.ts';

const TEXT = 'abcdefgh';
const parts = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 4 }).map((retained) => ({ retained })),
    fc.integer({ min: 1, max: 3 }).map((removed) => ({ removed })),
    fc.constantFrom('', 'x', 'yy', '😀').map((inserted) => ({ inserted })),
  ),
  { maxLength: 8 },
);

type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

/** An operation for a text of so many units; what it inserts is in capitals if it is the view's. */
function opFor(parts: Parts, length: number, shape: (text: string) => string): Op {
  const op = new OpBuilder();
  let left = length;
  for (const part of parts) {
    if ('inserted' in part) op.insert(shape(part.inserted));
    else {
      const units = Math.min(left, 'retained' in part ? part.retained : part.removed);
      if ('retained' in part) op.retain(units);
      else op.remove(units);
      left -= units;
    }
  }
  return op.build();
}

const inserts = (op: Op) => op.filter((part) => typeof part === 'string').join('');

describe('an edit of a view, made in the text below it', () => {
  test('[PV4] gives the view that was edited, and says of it only what its author typed', () => {
    fc.assert(
      fc.property(parts, parts, (shown, made) => {
        const over = opFor(shown, TEXT.length, (text) => text);
        const view = apply(TEXT, over);
        const edit = opFor(made, view.length, (text) => text.toUpperCase());
        const { below, over: left, gone } = lower(over, edit);
        expect(apply(apply(TEXT, below), left)).toBe(apply(view, edit));
        expect(inserts(below)).toBe(inserts(edit));
        expect((inserts(left) + gone).split('').sort()).toEqual(inserts(over).split('').sort());
      }),
      { numRuns: 5_000 },
    );
  });

  test('[PV4] leaves an edit as it is where nothing lies on the text', () => {
    expect(lower([], [3, 'x', -2])).toEqual({ below: [3, 'x', -2], over: [], gone: '' });
  });

  test('[PV4] puts what is typed inside of shown text where that stands', () => {
    expect(lower([2, 'shown'], [4, 'X'])).toEqual({ below: [2, 'X'], over: [2, 'sh', 1, 'own'], gone: '' });
  });

  test('[PV5] deletes no text that is not there', () => {
    expect(lower([2, 'shown'], [1, -7, 'X'])).toEqual({
      below: [1, -2, 'X'],
      over: [],
      gone: 'shown',
    });
  });
});

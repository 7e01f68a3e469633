import { apply, check, fromEdits } from '@codesync/ot';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContentChange, endOfChange, opOfChanges } from '../../../src/editor/changes.ts';

/** What an editor does with changes that it made at once: positions are those of the text before. */
function replaceAll(text: string, changes: readonly ContentChange[]): string {
  const fromTheEnd = [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset);
  return fromTheEnd.reduce(
    (result, { rangeOffset, rangeLength, text: insert }) =>
      result.slice(0, rangeOffset) + insert + result.slice(rangeOffset + rangeLength),
    text,
  );
}

/** A text, and changes at places apart from each other, as several cursors make them, in any order. */
const scene = fc
  .record({
    text: fc.string({ minLength: 0, maxLength: 60, unit: 'grapheme' }),
    cuts: fc.array(fc.nat(60), { maxLength: 8 }),
    inserts: fc.array(fc.string({ maxLength: 5, unit: fc.constantFrom('a', '\n', '😀', 'é', 'Z') }), {
      minLength: 4,
      maxLength: 4,
    }),
    order: fc.nat(23),
  })
  .map(({ text, cuts, inserts, order }) => {
    const whole = (at: number) => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at);
    const places = [...new Set(cuts.map((cut) => whole(Math.min(cut, text.length))))].sort((a, b) => a - b);
    const changes: ContentChange[] = [];
    for (let i = 0; i + 1 < places.length; i += 2) {
      const [start, end] = [places[i]!, places[i + 1]!];
      changes.push({ rangeOffset: start, rangeLength: end - start, text: inserts[i / 2]! });
    }
    return { text, changes: order % 2 === 0 ? changes : changes.reverse() };
  });

describe('changes of an editor as an operation', () => {
  it('do what the editor did, in canonical form', () => {
    fc.assert(
      fc.property(scene, ({ text, changes }) => {
        const op = opOfChanges(changes);
        expect(apply(text, check(op))).toBe(replaceAll(text, changes));
      }),
      { numRuns: 500 },
    );
  });

  it('have LF at line ends, whatever was pasted', () => {
    const paste = { rangeOffset: 0, rangeLength: 0, text: 'one\r\ntwo\rthree\n' };
    expect(opOfChanges([paste])).toEqual(['one\ntwo\nthree\n']);
  });

  it('count units of UTF-16, as the editor does', () => {
    expect(apply('😀x', opOfChanges([{ rangeOffset: 2, rangeLength: 1, text: '😀' }]))).toBe('😀😀');
  });
});

describe('the end of a change', () => {
  it('is where the last changed stretch ends in the new text', () => {
    expect(endOfChange([])).toBe(0);
    expect(endOfChange([3, 'abc'])).toBe(6);
    expect(endOfChange([3, -2])).toBe(3);
    expect(
      endOfChange(
        fromEdits([
          { at: 2, remove: 0, insert: 'xx' },
          { at: 10, remove: 3, insert: 'y' },
        ]),
      ),
    ).toBe(13);
  });
});

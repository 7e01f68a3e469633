import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinedWords, type RunStretch, type RunWords, stretchesOf } from '../src/index.ts';

const stretch = fc.record({ stream: fc.constantFrom('stdout', 'stderr'), text: fc.string({ maxLength: 4 }) });
const words: fc.Arbitrary<RunWords | null> = fc.array(stretch, { maxLength: 8 }).map(joinedWords);

/** A mark of the stream at every unit. */
const units = (stretches: Iterable<RunStretch>) =>
  [...stretches].flatMap(({ stream, text }) => text.split('').map((unit) => `${stream} ${unit}`));

describe('what a program wrote', () => {
  test('joined, it is what it was, unit by unit, and no stretch is empty or of the stream before it', () => {
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const given = parts.filter((part) => part !== null);
        const joined = joinedWords(given);
        const stretches = joined === null ? [] : [...stretchesOf(joined)];
        expect(units(stretches)).toEqual(given.flatMap((part) => units(stretchesOf(part))));
        expect(stretches.every(({ text }) => text !== '')).toBe(true);
        expect(stretches.every(({ stream }, i) => stream !== stretches[i - 1]?.stream)).toBe(true);
      }),
    );
  });

  test('its rest is what comes after the first units', () => {
    fc.assert(
      fc.property(words, fc.nat(40), (part, from) => {
        if (part !== null)
          expect(units(stretchesOf(part, from))).toEqual(units(stretchesOf(part)).slice(from));
      }),
    );
  });

  test('words of one stream need no turns', () => {
    const parts: RunWords[] = ['a', '', 'b'].map((text) => ({ stream: 'stderr', text }));
    expect(joinedWords(parts)).toEqual({ stream: 'stderr', text: 'ab' });
    expect(joinedWords([])).toBe(null);
  });
});

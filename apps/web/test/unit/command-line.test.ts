import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineOf, wordsOf } from '../../src/features/runs/command-line.ts';

const words = (line: string) => {
  const read = wordsOf(line);
  return read.ok ? read.words : read.problem;
};

describe('a line of arguments', () => {
  test.each<[string, readonly string[]]>([
    ['', []],
    ['  a   b\tc\n', ['a', 'b', 'c']],
    ['--name "Ada Lovelace" \'it is\'', ['--name', 'Ada Lovelace', 'it is']],
    ['a""b \'\' ""', ['ab', '', '']],
    ['say\\ it \\"', ['say it', '"']],
    ['"\\"\\\\\\n" \'\\n\'', ['"\\\\n', '\\n']],
    ['$HOME * ~', ['$HOME', '*', '~']],
  ])('%j has the words that a shell would find', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  test('that is not whole says what is missing', () => {
    expect(words('a "b')).toBe('A quote is still open. Close it with ".');
    expect(words("it's")).toBe("A quote is still open. Close it with '.");
    expect(words('a\\')).toBe('A backslash stands at the end. Write two of them for one.');
  });

  test('is written so that it is read again as the same words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '\\', '$', '\n', 'é', '-') });
    fc.assert(
      fc.property(fc.array(word), (given) => {
        expect(words(lineOf(given))).toEqual(given);
      }),
    );
  });
});

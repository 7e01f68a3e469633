import { expect, test } from 'vitest';
import { stretchesOf } from '../src/lines.ts';
import { property } from '../testing/property.ts';

const texts = (old: string, text: string) =>
  stretchesOf(old, text).map((one) => (one.kept ? one.text : [one.old, one.text]));

test.each<[string, string, string, ReturnType<typeof texts>]>([
  ['nothing', '', '', []],
  ['the same', 'a\nb\n', 'a\nb\n', ['a\nb\n']],
  ['a line between', 'a\nb\n', 'a\nx\nb\n', ['a\n', ['', 'x\n'], 'b\n']],
  ['a last line without an end', 'a\nb', 'a\nc', ['a\n', ['b', 'c']]],
  ['a line that moved', 'a\nb\nc\n', 'b\nc\na\n', [['a\n', ''], 'b\nc\n', ['', 'a\n']]],
  [
    'lines that repeat, beside one that does not',
    '}\n}\na\n',
    '}\na\n}\n',
    ['}\n', ['}\n', ''], 'a\n', ['', '}\n']],
  ],
])('[UN12] %s', (_title, old, text, expected) => expect(texts(old, text)).toEqual(expected));

property(
  '[UN12] the stretches are both texts, and no two that are kept or replaced touch',
  2_000,
  (random) => {
    const lines = () => Array.from({ length: random.below(12) }, () => `${random.pick([...'abcdefgh'])}\n`);
    const [old, text] = [lines().join(''), lines().join('') + random.pick(['', 'a', 'z'])];
    const found = stretchesOf(old, text);
    expect(found.map((one) => (one.kept ? one.text : one.old)).join('')).toBe(old);
    expect(found.map((one) => one.text).join('')).toBe(text);
    for (const [index, one] of found.entries()) expect(one.kept).not.toBe(found[index + 1]?.kept);
  },
);

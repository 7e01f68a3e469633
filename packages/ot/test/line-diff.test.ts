import { expect, test } from 'vitest';
import { apply, diffLines, type Op, toEdits, transform } from '../src/index.ts';
import { property } from '../testing/property.ts';
import type { Random } from '../testing/random.ts';

const lines = (random: Random): string[] =>
  Array.from({ length: random.below(10) }, () =>
    random.pick(['a', 'b', 'bb', 'a😀c', '😁c', '', 'x=1', 'x = 1']),
  );

/** A text, and what a program may have made of it. */
function rewritten(random: Random): readonly [string, string] {
  const before = lines(random);
  const after = before.flatMap((line) =>
    random.pick([[line], [line], [line], [], [`${line} `], [line, random.pick(lines(random).concat('new'))]]),
  );
  return [before.join('\n'), random.pick([after, after, after.toReversed()]).join('\n')];
}

property('it leads from the one text to the other', 5_000, (random) => {
  const [before, after] = rewritten(random);
  const op = diffLines(before, after);
  expect(apply(before, op)).toBe(after);
  for (const { insert } of toEdits(op)) expect(insert.isWellFormed()).toBe(true);
});

test.each<[string, string, string, Op]>([
  ['nothing for the same text', 'a\nb\n', 'a\nb\n', []],
  ['each of the lines by itself', 'a=1\nkeep\nb=2\n', 'a = 1\nkeep\nb = 2\n', [1, -1, ' = ', 8, -1, ' = ']],
  ['lines next to each other too', 'a=1\nb=2\n', 'a = 1\nb = 2\n', [1, -1, ' = ', 3, -1, ' = ']],
  ['a line more', 'a\nb\n', 'a\nx\nb\n', [2, 'x\n']],
  ['a last line without an end', 'a\nb', 'c\nb\n', [-1, 'c', 2, '\n']],
])('%s', (_title, before, after, op) => {
  expect(apply(before, diffLines(before, after))).toBe(after);
  expect(diffLines(before, after)).toEqual(op);
});

test('what somebody types between two lines that a formatter changes stays between them', () => {
  const before = 'a=1\n# here\nb=2\n';
  const typed: Op = [10, '!'];
  const formatted = diffLines(before, 'a = 1\n# here\nb = 2\n');
  expect(apply(apply(before, typed), transform(formatted, typed, 'left'))).toBe('a = 1\n# here!\nb = 2\n');
});

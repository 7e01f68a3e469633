// Formatting a text in which people type meanwhile.
import { apply, type Op, OpBuilder, replace, toEdits } from '@codesync/ot';
import type { Random } from '@codesync/ot/testing';
import { property } from '@codesync/ot/testing/property';
import { LIMITS } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { formattingOp } from '../../../src/features/formatting/merge.ts';

/** A text of words in lower case, in lines of any form. */
function text(random: Random): string {
  const words = Array.from({ length: random.below(30) }, () =>
    random.pick(['ab', 'c', 'def', '(', ')', '=']),
  );
  return words.map((word) => word + random.pick(['', ' ', '   ', '\n', '\n\n\n', '\t'])).join('');
}

/** The same words with other blanks, and some of them quoted or gone. */
function reformatted(before: string, random: Random): string {
  return before
    .split(/\s+/)
    .map(
      (word) =>
        (random.oneIn(8) ? '' : random.oneIn(8) ? `"${word}"` : word) + random.pick([' ', '\n', '\n  ', '']),
    )
    .join('');
}

/** Somebody types a capital, or takes something away. */
function change(length: number, random: Random): Op {
  const op = new OpBuilder();
  const at = random.below(length + 1);
  op.retain(at);
  if (random.oneIn(3)) op.remove(random.below(length - at + 1));
  else op.insert(random.pick(['A', 'BC\n', 'D E', '\nF']));
  return op.build();
}

function changes(before: string, random: Random): { readonly since: readonly Op[]; readonly now: string } {
  let now = before;
  const since = Array.from({ length: random.below(12) }, () => {
    const op = change(now.length, random);
    now = apply(now, op);
    return op;
  });
  return { since, now };
}

const capitals = (of: string) => of.replaceAll(/[^A-Z]/g, '');

describe('what a formatter made of a text that has changed', () => {
  property('keeps every letter that was typed meanwhile, in its order', 500, (random) => {
    const before = text(random);
    const { since, now } = changes(before, random);
    const merged = apply(now, formattingOp(before, reformatted(before, random), since));
    expect(capitals(merged)).toBe(capitals(now));
  });

  property(
    'is the formatted text with these letters in it, where nobody took anything away',
    500,
    (random) => {
      const before = text(random);
      const after = reformatted(before, random);
      let now = before;
      const since = Array.from({ length: random.below(12) }, () => {
        const op = replace(random.below(now.length + 1), 0, random.pick(['A', 'BCD']));
        now = apply(now, op);
        return op;
      });
      const merged = apply(now, formattingOp(before, after, since));
      expect(merged.replaceAll(/[A-Z]/g, '')).toBe(after);
    },
  );

  property(
    'is the formatted text where nobody typed, and nothing where nothing was to be formatted',
    200,
    (random) => {
      const before = text(random);
      const after = reformatted(before, random);
      expect(apply(before, formattingOp(before, after, []))).toBe(after);
      const { since } = changes(before, random);
      expect(formattingOp(before, before, since)).toEqual([]);
    },
  );

  test.each([
    ['at the end of a line that gets a semicolon', 'let a = 1|\n', 'let a = 1;\n', 'let a = 1NEW;\n'],
    ['at the end of a text that gets a line end', 'a = 1|', 'a = 1\n', 'a = 1NEW\n'],
    ['where blanks at the end go', 'a = 1 |', 'a = 1\n', 'a = 1NEW\n'],
    ['at the start of a line that is indented', '{\n|a\n}', '{\n  a\n}\n', '{\n  NEWa\n}\n'],
    [
      'at the start of a line that gets empty lines above',
      'a\n|def b\n',
      'a\n\n\ndef b\n',
      'a\n\n\nNEWdef b\n',
    ],
    [
      'in a line that is broken',
      "f(aa, b|b, 'c')\n",
      'f(\n  aa,\n  bb,\n  "c",\n);\n',
      'f(\n  aa,\n  bNEWb,\n  "c",\n);\n',
    ],
    [
      'in a line between two that change',
      'x=1\nkept| = 2\ny=3\n',
      'x = 1\nkept = 2\ny = 3\n',
      'x = 1\nkeptNEW = 2\ny = 3\n',
    ],
  ])('keeps what is typed in its place: %s', (_, marked, after, merged) => {
    const at = marked.indexOf('|');
    const before = marked.replace('|', '');
    const since = [replace(at, 0, 'N'), replace(at + 1, 0, 'EW')];
    expect(apply(marked.replace('|', 'NEW'), formattingOp(before, after, since))).toBe(merged);
  });

  test('leaves alone every word that both texts have', () => {
    const before = "const a = {b:'c'}\n\n\n\nconst d   =  [1,2]\n";
    const after = 'const a = { b: "c" };\n\nconst d = [1, 2];\n';
    const op = formattingOp(before, after, []);
    expect(apply(before, op)).toBe(after);
    for (const { insert } of toEdits(op)) expect(insert).not.toMatch(/\w/);
  });

  test('has no more components than an edit may have', () => {
    const lines = LIMITS.opComponents / 2;
    const before = 'x=1\n'.repeat(lines);
    const after = 'x = 1\n'.repeat(lines);
    const op = formattingOp(before, after, [['# typed\n']]);
    expect(op.length).toBeLessThan(5);
    expect(apply(`# typed\n${before}`, op)).toBe(`# typed\n${after}`);
  });
});

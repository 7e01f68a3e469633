import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS, Path, pathProblem } from '../src/index.ts';

describe('paths that can name a file', () => {
  test.each([
    'main.py',
    'src/lib.rs',
    'a b.txt',
    'größe.py',
    '日本/語.go',
    '.gitignore',
    'a+b(1).js',
    '…/x'.slice(2),
  ])('%s', (path) => expect(pathProblem(path)).toBeNull());
});

describe('paths that are refused with a sentence', () => {
  test.each([
    ['nothing', ''],
    ['a parent', '../x'],
    ['a parent inside', 'a/../../x'],
    ['a dot', '.'],
    ['a dot inside', 'a/./b'],
    ['the root', '/etc/x'],
    ['an empty folder', 'a//b'],
    ['a trailing slash', 'a/'],
    ['a NUL', 'a\0b'],
    ['a backslash', 'a\\b'],
    ['a drive', 'C:x'],
    ['a trailing space', 'a '],
    ['a leading space', ' a'],
    ['a trailing dot', 'a.'],
    ['a trailing space in a folder', 'a /b'],
    ['a line end', 'a\nb'],
    ['an override of writing direction', 'a\u202Eyp.exe'],
    ['an invisible mark', 'a\u200Bb'],
    ['a composed look-alike', 'e\u0301.py'],
    ['a full-width slash', 'a／b'],
    ['300 characters', 'x'.repeat(300)],
    ['many bytes', '語'.repeat(100)],
    ['deep nesting', Array.from({ length: LIMITS.pathSegments + 1 }, () => 'a').join('/')],
    ['a lone surrogate', 'a\uD800'],
  ])('%s', (_, path) => {
    expect(pathProblem(path)).toMatch(/\.$|slashes\.$/);
    expect(Path.safeParse(path).success).toBe(false);
  });
});

test('whatever passes stays below the folder that it is placed in', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    'a',
    ' ',
    '\\',
    '\0',
    '~',
    'é',
    '~root',
    '-rf',
    '$HOME',
    '%2e',
    ':',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = pieces.join('');
      fc.pre(pathProblem(path) === null);
      expect(posix.join('/w', path)).toBe(`/w/${path}`);
    }),
    { numRuns: 5000 },
  );
});

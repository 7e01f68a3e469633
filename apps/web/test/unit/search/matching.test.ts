import { apply, fromEdits } from '@codesync/ot';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globs } from '../../../src/features/search/globs.ts';
import { matchesOf } from '../../../src/features/search/matching.ts';
import type { Query } from '../../../src/features/search/messages.ts';
import { compile } from '../../../src/features/search/pattern.ts';
import { editsOf } from '../../../src/features/search/replacing.ts';
import { search } from '../../../src/features/search/showing.ts';

type Sought = Pick<Query, 'text' | 'matchCase' | 'wholeWord' | 'regex'>;

const PLAIN: Omit<Sought, 'text'> = { matchCase: false, wholeWord: false, regex: false };
const REGEX = { ...PLAIN, regex: true };
const BOUNDS = { edits: 1_000, units: 1_000_000 };

function patternOf(text: string, options: Partial<Sought> = {}): RegExp {
  const compiled = compile({ ...PLAIN, ...options, text });
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.pattern;
}

const problemOf = (text: string) => {
  const compiled = compile({ ...REGEX, text });
  return compiled.ok ? null : compiled.problem;
};

const found = (text: string, sought: string, options: Partial<Sought> = {}) =>
  [...matchesOf(text, patternOf(sought, options))].map((match) => match[0]);

function replaced(text: string, pattern: RegExp, template: string, regex: boolean): string {
  const result = editsOf(text, pattern, { template, regex }, BOUNDS);
  if (!result.ok) throw new Error(result.why);
  return apply(text, fromEdits(result.edits));
}

describe('what is typed', () => {
  test('is found as it stands, signs and all, whatever its capitals unless they matter', () => {
    expect(found('a.b A.B axb', 'a.b')).toEqual(['a.b', 'A.B']);
    expect(found('a.b A.B axb', 'a.b', { matchCase: true })).toEqual(['a.b']);
    expect(found('ÄRGER ärger', 'ärger')).toEqual(['ÄRGER', 'ärger']);
    expect(found('f(x) [y] \\d', 'f(x) [y] \\d')).toEqual(['f(x) [y] \\d']);
  });

  test('is found as a whole word in any script, and where it has no word at its edge', () => {
    expect(found('count counts recount count_1 count', 'count', { wholeWord: true })).toHaveLength(2);
    expect(found('über überall', 'über', { wholeWord: true })).toEqual(['über']);
    expect(found('p->x p->xy', '->x', { wholeWord: true })).toEqual(['->x']);
    expect(found('ab abc', 'a|ab', { wholeWord: true, regex: true })).toEqual(['ab']);
  });

  test('is a regular expression over all lines when it is to be one', () => {
    expect(found('one\ntwo\nthree', '^t\\w+$', { regex: true })).toEqual(['two', 'three']);
    expect(found('one\ntwo', 'e\\nt', { regex: true })).toEqual(['e\nt']);
    expect(found('😀😀', '.', { regex: true })).toEqual(['😀', '😀']);
    expect(found('a-b', '\\a\\-b', { regex: true })).toEqual(['a-b']);
  });

  test('never cuts a character in two', () => {
    expect(found('😀x', '\\-?.', { regex: true })).toEqual(['x']);
  });

  test.each([
    ['(a', 'The regular expression is wrong at its end: a “(” has no “)”. Correct it to search.'],
    ['a)b', 'The regular expression is wrong after “a”: a “)” has no “(”. Correct it to search.'],
    [
      'a**b',
      'The regular expression is wrong after “a**”: there is nothing to repeat. Correct it to search.',
    ],
    ['x[b-a]', /after “x\[b-a”: a range goes backwards\. Correct it to search\.$/],
    ['[a', /at its end: a “\[” has no “\]”\. Correct it to search\.$/],
    ['a\\', /a “\\” has nothing after it\. Correct it to search\.$/],
  ])('is said to be wrong, and where: %s', (text, sentence) => {
    expect(problemOf(text)).toMatch(sentence);
  });

  test('always becomes an expression or a sentence', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab(){}[]|*+?.^$\\dwkpu<>=!:-,1😀') }), (text) => {
        const problem = problemOf(text);
        if (problem !== null) expect(problem).toMatch(/^[A-Z].*\.$/s);
      }),
    );
  });
});

describe('a replacement', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'abAB01 \n.😀é$&') });

  test('is what String.prototype.replace makes of the whole text', () => {
    const expressions = fc.constantFrom(
      'a',
      'a*',
      '(a)(b)?',
      '(?<x>a)|(?<y>b)',
      '^',
      '$',
      '\\b',
      '[ab]+',
      '(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)?',
      '\\n',
    );
    const templates = fc.string({ unit: fc.constantFrom(..."x$&`'019<>xy") });
    fc.assert(
      fc.property(texts, expressions, templates, fc.boolean(), (text, expression, template, matchCase) => {
        const pattern = patternOf(expression, { regex: true, matchCase });
        expect(replaced(text, pattern, template, true)).toBe(text.replace(pattern, template));
      }),
    );
  });

  test('of plain text is taken as it stands', () => {
    fc.assert(
      fc.property(
        texts,
        fc.string({ unit: fc.constantFrom(...'ab$'), minLength: 1 }),
        texts,
        (text, sought, by) => {
          expect(replaced(text, patternOf(sought, { matchCase: true }), by, false)).toBe(
            text.replaceAll(sought, () => by),
          );
        },
      ),
    );
  });

  test('may break lines in a regular expression, and only there', () => {
    expect(replaced('a,b', patternOf(',', REGEX), '\\n\\t\\\\n', true)).toBe('a\n\t\\nb');
    expect(replaced('a,b', patternOf(','), '\\n', false)).toBe('a\\nb');
  });

  test('leaves no half of a character', () => {
    expect(replaced('😀', /(?:)|x/g, '\ud83d', true)).toBe('😀');
  });

  test('is refused where there would be too many, or too much of it', () => {
    const text = 'a'.repeat(100);
    const by = (template: string, bounds: typeof BOUNDS) =>
      editsOf(text, patternOf('a', REGEX), { template, regex: true }, bounds);
    expect(by('b', { edits: 99, units: 1_000 })).toEqual({ ok: false, why: 'many' });
    expect(by("$'", { edits: 1_000, units: 500 })).toEqual({ ok: false, why: 'long' });
  });
});

describe('a match as it is shown', () => {
  const one = (text: string, sought: string, options: Partial<Sought> = {}) =>
    search(text, patternOf(sought, options), 10, null).matches[0]!;

  test('stands in its line, without its indentation', () => {
    expect(one('first\n    return total\n', 'total')).toEqual({
      start: 17,
      end: 22,
      line: 2,
      before: 'return ',
      hit: 'total',
      after: '',
      becomes: null,
    });
  });

  test('is shortened around, and never within a character', () => {
    const { before, hit, after } = one(`${'😀'.repeat(100)}x${'😀'.repeat(300)}`, 'x');
    expect([before.isWellFormed(), after.isWellFormed()]).toEqual([true, true]);
    expect(before.length).toBeLessThan(50);
    expect(before).toMatch(/^…/);
    expect(hit).toBe('x');
    expect(after).toMatch(/…$/);
    expect(after.length).toBeLessThan(200);
  });

  test('over several lines ends with its first', () => {
    expect(one('a {\n}\n', '\\{\\n\\}', { regex: true })).toMatchObject({ hit: '{⏎', after: '' });
  });

  test('has the line and the text that the whole text has there', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' ') }), (text) => {
        for (const { start, end, line, hit } of search(text, patternOf('a+', REGEX), 50, null).matches) {
          expect(text.slice(0, start).split('\n')).toHaveLength(line);
          expect(text.slice(start, end)).toBe(hit);
        }
      }),
    );
  });

  test('is counted beyond those that are shown', () => {
    expect(search('a a a a', patternOf('a'), 2, null)).toMatchObject({ count: 4, matches: [{}, {}] });
  });

  test('shows what it would become', () => {
    expect(
      search('n=1', patternOf('(\\d)', REGEX), 9, { template: '$1$1', regex: true }).matches[0]!.becomes,
    ).toBe('11');
  });
});

describe('globs', () => {
  const means = (list: string, path: string) => globs(list)?.(path);

  test.each([
    ['*.py', ['main.py', 'lib/a.py', 'MAIN.PY'], ['main.pyc', 'py']],
    ['lib', ['lib/a.py', 'src/lib/deep/b.js'], ['library/a.py', 'lib2.py']],
    ['./lib', ['lib/a.py'], ['src/lib/a.py']],
    ['/lib/*.py', ['lib/a.py'], ['lib/deep/a.py', 'src/lib/a.py']],
    ['src/**/test', ['src/test/a.js', 'src/x/test/a.js'], ['test/a.js']],
    ['*.{js,ts}, docs/', ['a.js', 'b/c.ts', 'docs/x.md'], ['a.tsx']],
    ['.env', ['.env', 'a/.env'], ['env']],
  ])('%s means a file or folder at any depth', (list, inside, outside) => {
    for (const path of inside) expect([path, means(list, path)]).toEqual([path, true]);
    for (const path of outside) expect([path, means(list, path)]).toEqual([path, false]);
  });

  test('that are none mean nothing in particular', () => {
    expect(globs(' , ')).toBeNull();
  });

  test('of any characters are taken without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab*?[]{}!(),/.\\|+@') }), (list) => {
        globs(list)?.('a/b.c');
      }),
    );
  });
});

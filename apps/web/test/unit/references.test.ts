import { describe, expect, test } from 'vitest';
import { type Part, partsOf, pathReader } from '../../src/features/runs/references.ts';
import { ran } from '../support/ran.ts';

const ROOM = new Set(['main.py', 'lib/tool.rs', 'web.mjs']);
const parts = (text: string) => partsOf(text, pathReader(ran('main.py'), ROOM));
const followed = (text: string) =>
  parts(text).filter((part): part is Exclude<Part, { kind: 'text' }> => part.kind !== 'text');

describe('what can be followed in a line of output', () => {
  test.each<[string, string, string, number]>([
    ['  File "/w/main.py", line 3, in <module>', '/w/main.py", line 3', 'main.py', 3],
    ['./main.py:12: odd', './main.py:12', 'main.py', 12],
    [' --> lib/tool.rs:4:9', 'lib/tool.rs:4:9', 'lib/tool.rs', 4],
    ['at file:///w/web.mjs:7:1', '///w/web.mjs:7:1', 'web.mjs', 7],
    ['see(main.py:1)', 'main.py:1', 'main.py', 1],
  ])('a place: %s', (text, shown, path, line) => {
    expect(followed(text)).toEqual([{ kind: 'place', text: shown, path, line }]);
  });

  test('a link, without the sentence around it, and nothing but http', () => {
    expect(followed('(see https://example.org/a.py:3?b=1).')).toEqual([
      { kind: 'link', text: 'https://example.org/a.py:3?b=1', url: 'https://example.org/a.py:3?b=1' },
    ]);
    expect(followed('javascript:alert(1) ftp://example.org data:text/html,1')).toEqual([]);
  });

  test.each(['other.py:3', '.py:3', 'lib/.rs:3', 'main.py', 'main.py:x', 'main.pyc:3'])(
    'neither: %s',
    (text) => {
      expect(followed(text)).toEqual([]);
    },
  );

  test.each([
    'a main.py:1 b main.py:2, https://example.org/ main.py:3',
    'main.py:1main.py:2',
    `${'x'.repeat(600)}/main.py:1`,
  ])('no unit is lost or doubled: %s', (text) => {
    expect(
      parts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  test.each<[string, (units: number) => string]>([
    ['one word', (units) => 'x'.repeat(units)],
    ['folders', (units) => 'x/'.repeat(units / 2)],
    ['dots', (units) => '.'.repeat(units)],
    ['ends without a place', (units) => '.py:'.repeat(units / 4)],
    ['places of no file', (units) => '.py:1'.repeat(units / 5)],
    ['beginnings of links', (units) => 'http://'.repeat(units / 7)],
    ['a link of stops', (units) => `http://${'.'.repeat(units)}`],
  ])('a line of %s costs by its length, not by its square', (_, made) => {
    const took = (units: number): number => {
      const text = made(units);
      const began = performance.now();
      parts(text);
      return performance.now() - began;
    };
    const small = Math.max(took(8_000), took(8_000), 2);
    // Twenty times as long; by the square it would be four hundred.
    expect(took(160_000)).toBeLessThan(100 * small);
  });
});

describe('the room’s file that a printed path means', () => {
  const room = new Set(['main.go', 'decoder.py', 'util/u.go', 'proj/cmd/app/main.go', 'proj/util/u.go']);
  test.each<[string, string, string | null]>([
    ['/w/decoder.py', 'main.go', 'decoder.py'],
    // The library's, and another folder's, whatever the room has of that name.
    ['/usr/lib/python3.13/json/decoder.py', 'main.go', null],
    ['/tmp/main.go', 'main.go', null],
    ['./util/u.go', 'main.go', 'util/u.go'],
    // From a folder on the way to the entry; the top folder goes first.
    ['cmd/app/main.go', 'proj/cmd/app/main.go', 'proj/cmd/app/main.go'],
    ['./main.go', 'proj/cmd/app/main.go', 'main.go'],
    // From a module's name.
    ['example.com/x/proj/util/u.go', 'main.go', 'proj/util/u.go'],
    ['example.com/x/none.go', 'main.go', null],
  ])('%s, started from %s: %s', (printed, entry, path) => {
    expect(pathReader(ran(entry), room)(printed)).toBe(path);
  });

  test('is the program’s own, under the name that it has in the sandbox', () => {
    const room = new Set(['tools/script', 'tools/script.go', 'main.go']);
    const read = pathReader(ran('tools/script', 'go'), new Set(['tools/script', 'main.go']));
    expect(read('./tools/script.go')).toBe('tools/script');
    expect(read('/w/tools/script.go')).toBe('tools/script');
    expect(read('./main.go')).toBe('main.go');
    const beside = pathReader(ran('tools/script', 'go', ['tools/script.go']), room);
    expect(beside('./tools/script (program).go')).toBe('tools/script');
    expect(beside('./tools/script.go')).toBe('tools/script.go');
    expect(pathReader(ran('script'), new Set(['script']))('/w/script')).toBe('script');
  });
});

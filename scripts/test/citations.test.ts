/**
 * Tests cite the rules that they prove: the invariants of ARCHITECTURE.md as `[INV3]`, the rules of SPEC.md files by
 * their ids. This keeps every rule a test somewhere, and every citation a rule.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HOMES = ['apps', 'packages', 'e2e', 'scripts'];

/** Everything below `test` folders and `e2e`: contract suites have titles too. */
function testFiles(): readonly string[] {
  return HOMES.flatMap((home) =>
    fs
      .readdirSync(path.join(ROOT, home), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(home, file))
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'))
      .filter((file) => file.startsWith('e2e') || file.split(path.sep).includes('test')),
  );
}

/** Ids such as `INV3` in the titles of tests. */
function citedIn(file: string): readonly string[] {
  const source = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const titles = source.matchAll(/\b(?:test|it|property|describe\w*)(?:\.\w+)*\(\s*(['"`])(.*?)\1/gs);
  return [...titles].flatMap(([, , title]) =>
    [...title!.matchAll(/\[([A-Z]{2,4}\d+)\]/g)].map(([, id]) => id!),
  );
}

const cited = new Set(
  testFiles()
    .filter((file) => !file.endsWith('citations.test.ts'))
    .flatMap(citedIn),
);

function invariants(): readonly string[] {
  const text = fs.readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const section = /^## Invariants\n(.*?)^## /ms.exec(text)![1]!;
  return [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => `INV${number}`);
}

function rulesOfText(): readonly string[] {
  const text = fs.readFileSync(path.join(ROOT, 'packages/ot/SPEC.md'), 'utf8');
  return [...text.matchAll(/^- \*\*\[([A-Z]+\d+)\]/gm)].map(([, id]) => id!);
}

test('the invariants are numbered without a gap', () => {
  const numbers = invariants();
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers).toEqual(numbers.map((_, i) => `INV${i + 1}`));
});

test.each([...invariants(), ...rulesOfText()])('%s is proved by a test that says so', (id) => {
  expect(cited).toContain(id);
});

test('what tests cite exists', () => {
  const known = new Set([...invariants(), ...rulesOfText()]);
  expect([...cited].filter((id) => !known.has(id))).toEqual([]);
});

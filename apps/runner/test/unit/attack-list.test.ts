/** The list of attacks in `docs/security.md` is a promise: this keeps every line of it a test somewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const HOMES = ['apps', 'packages', 'e2e', 'scripts'];

function testFiles(): string[] {
  return HOMES.flatMap((home) =>
    readdirSync(join(ROOT, home), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.test\.tsx?$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(ROOT, home, path)),
  );
}

/** Numbers that begin the title of a test; the title of a list of cases stands alone on its line's start. */
function cited(source: string): string[] {
  const titles = source.matchAll(/\b(?:test|it)(?:\.\w+)*\(\s*['"`]((?:\[A\d+\] ?)+)/g);
  const ofCases = source.matchAll(/^\s*(?:\]\s*(?:as const)?\s*\)\(\s*)?['"`]((?:\[A\d+\] ?)+)/gm);
  return [...titles, ...ofCases].flatMap(([, numbers]) => numbers!.match(/A\d+/g)!);
}

test('every attack of the list is cited by a test, and every citation is in the list', () => {
  const list = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').matchAll(/^\| (A\d+) \|/gm);
  const listed = [...list].map(([, number]) => number);
  expect(listed).toEqual(Array.from({ length: 40 }, (_, n) => `A${n + 1}`));
  const found = new Set(testFiles().flatMap((path) => cited(readFileSync(path, 'utf8'))));
  expect([...found].toSorted()).toEqual(listed.toSorted());
});

test.each([
  ['A6', 'and the server', 'apps/server/test/integration'],
  ['A7', 'and the page', 'e2e'],
  ['A9', 'of the page', 'e2e'],
  ['A10', 'of the page', 'e2e'],
  ['A40', 'and typing in another room', 'apps/server/test/integration'],
])('what the list says of %s %s is tested there', (number, _, home) => {
  const there = testFiles().filter((path) => path.startsWith(join(ROOT, home)));
  expect(there.flatMap((path) => cited(readFileSync(path, 'utf8')))).toContain(number);
});

import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { amount, inWords } from '../src/amounts.ts';
import { pathProblem, REFUSALS } from '../src/index.ts';
import { LIMITS } from '../src/limits.ts';

const SRC = path.resolve(import.meta.dirname, '../src');
const NUMBER = /\d|\b(two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b/i;

/** The sentences in a source text, without what is put into them. */
function sentences(source: string): string[] {
  return [...source.matchAll(/(['`])([A-Z“][^\n]*?[.!?])\1/g)].map(([, , text]) =>
    text!.replace(/\$\{[^}]*\}/g, '…'),
  );
}

test.each(['errors.ts', 'files.ts', 'text.ts'])('a number in a sentence of %s comes from a limit', (file) => {
  const found = sentences(fs.readFileSync(path.join(SRC, file), 'utf8'));
  expect(found.length).toBeGreaterThan(0);
  // At least one character: no limit, and the same for ever.
  expect(found.map((text) => text.replace('one of 1 to', '')).filter((text) => NUMBER.test(text))).toEqual(
    [],
  );
});

test('every refusal is among the sentences that are looked at', () => {
  const { length } = sentences(fs.readFileSync(path.join(SRC, 'errors.ts'), 'utf8'));
  expect(length).toBe(Object.keys(REFUSALS).length);
});

test('limits and file endings are said as people say them', () => {
  expect([2_000_000, 1_500_000, 64_000, 9_000_001, 200].map(amount)).toEqual([
    '2 million',
    '1.5 million',
    '64,000',
    '9,000,001',
    '200',
  ]);
  expect([1, 4, 10, 11].map(inWords)).toEqual(['one', 'four', 'ten', '11']);
  expect(REFUSALS['run.tooMany']).toBe('This room already has four runs going. Stop one first.');
  expect(REFUSALS['file.tooLarge']).toContain('2 million characters');
  expect(REFUSALS['run.language']).toContain('start from .py, .js, .mjs, .cjs, .go and .rs files.');
  expect(pathProblem('a/'.repeat(LIMITS.pathSegments))).toContain(String(LIMITS.pathSegments));
});

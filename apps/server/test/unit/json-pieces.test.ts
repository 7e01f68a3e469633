import { expect, test } from 'vitest';
import { jsonPieces } from '../../src/storage/json-pieces.ts';

const MOST_UNITS = 500_000;

test('pieces are the JSON of the whole', () => {
  const values: object[] = [
    {},
    { a: [] },
    { a: 1, list: [1, null, { b: undefined, c: '"\u0001\ud800' }], map: { x: [2] }, last: null },
    { files: Array.from({ length: 3 }, (_, n) => ({ n, text: 'x'.repeat(MOST_UNITS) })), runs: [] },
  ];
  for (const value of values) expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
});

test('a piece has no more of a long list than one element too many', () => {
  const text = 'é'.repeat(100_000);
  const pieces = [...jsonPieces({ files: Array.from({ length: 40 }, () => ({ text })), seq: 1 })];
  expect(pieces.length).toBeGreaterThanOrEqual(8);
  for (const piece of pieces) expect(piece.length).toBeLessThan(MOST_UNITS + text.length + 100);
});

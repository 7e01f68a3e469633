import type { FileId } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import type { FileEntry } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { Histories } from '../../../src/features/search/histories.ts';
import type { Found } from '../../../src/features/search/messages.ts';
import { placeOf, type Row, rowAt, rowsOf, stepFrom, totals } from '../../../src/features/search/rows.ts';

const [a, b, c] = ['a', 'b', 'c'].map(
  (name): FileEntry => ({ id: fileId(`file-${name}`), path: name }) as FileEntry,
);

function foundAt(file: FileId, starts: readonly number[], count = starts.length): Found {
  const matches = starts.map((start) => ({
    start,
    end: start + 1,
    line: 1,
    before: '',
    hit: 'x',
    after: '',
    becomes: null,
  }));
  return { file, stamp: 0, count, matches };
}

const found = new Map([
  [c!.id, foundAt(c!.id, [5], 9)],
  [a!.id, foundAt(a!.id, [1, 3])],
]);
const files = [a!, b!, c!];
const rows = rowsOf(files, found, new Set());
const words = (row: Row | null) =>
  row === null ? null : `${row.file.path}${row.kind === 'match' ? ` ${row.match.start}` : ''}`;
const here = (_: Found, position: number) => position;

describe('the results', () => {
  test('are in the order of the files, and a closed file shows none of its own', () => {
    expect(rows.map(words)).toEqual(['a', 'a 1', 'a 3', 'c', 'c 5']);
    expect(rowsOf(files, found, new Set([a!.id])).map(words)).toEqual(['a', 'c', 'c 5']);
    expect(totals(found)).toEqual({ matches: 11, files: 2, shown: 3 });
  });

  test('are walked from match to match, round the end', () => {
    expect([-1, 1, 2, 4].map((from) => words(stepFrom(rows, from, 1)))).toEqual(['a 1', 'a 3', 'c 5', 'a 1']);
    expect([-1, 1, 2, 4].map((from) => words(stepFrom(rows, from, -1)))).toEqual([
      'c 5',
      'c 5',
      'a 1',
      'a 3',
    ]);
    expect(stepFrom([], -1, 1)).toBeNull();
  });

  test('are found again by their place, or the next one in the file is', () => {
    for (const [index, row] of rows.entries()) expect(rowAt(rows, placeOf(row), here)).toBe(index);
    expect(words(rows[rowAt(rows, { file: a!.id, at: 2 }, here)]!)).toBe('a 3');
    expect(words(rows[rowAt(rows, { file: a!.id, at: 9 }, here)]!)).toBe('a 3');
    expect(rowAt(rows, { file: b!.id, at: 1 }, here)).toBe(-1);
    expect(rowAt(rows, null, here)).toBe(-1);
  });
});

describe('the history of a text', () => {
  const file = a!.id;

  test('carries positions over what was typed since, and knows when it cannot', () => {
    const histories = new Histories();
    histories.changed(file, ['ab']);
    const stamp = histories.stamp(file);
    histories.changed(file, [3, 'cd']);
    expect([0, 3, 4].map((position) => histories.carry(file, stamp, position))).toEqual([0, 5, 6]);
    expect(histories.carry(file, 0, 0)).toBe(2);
    histories.forget(file, stamp);
    expect(histories.carry(file, 0, 0)).toBeNull();
    expect(histories.carry(file, stamp, 4)).toBe(6);
    histories.changed(file, null);
    expect(histories.carry(file, stamp, 4)).toBeNull();
    expect(histories.stamp(file)).toBe(3);
  });
});

import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { StorageUnavailable } from '../../src/ports.ts';
import { classify, query } from '../../src/storage/pool.ts';

/** An error as the driver throws it for what PostgreSQL said. */
function said(code: string): Error {
  return Object.assign(new Error(`PostgreSQL says ${code}`), { code });
}

describe('what PostgreSQL says is', () => {
  test.each(['22P02', '22021', '23505', '23514', '42601', '42804'])(
    'a fault of what was asked: %s',
    (code) => {
      const error = said(code);
      expect(classify(error)).toBe(error);
    },
  );

  test.each(['42501', '42P01', '42703'])('to be mended by who runs the database: %s', (code) => {
    const error = said(code);
    expect(classify(error)).toMatchObject({ name: 'StorageUnavailable', full: false, cause: error });
  });

  test.each(['08006', '40001', '53300', '57P01', '57P03', 'ECONNREFUSED'])('to pass: %s', (code) => {
    expect(classify(said(code))).toBeInstanceOf(StorageUnavailable);
  });

  test('nothing yet: a statement that cannot be made is a fault of what was asked', () => {
    const tooLong = (): unknown => {
      try {
        return 'x'.repeat(2 ** 30);
      } catch (error) {
        return error;
      }
    };
    expect(classify(tooLong())).toBeInstanceOf(RangeError);
  });

  test('a disk that is full', () => {
    expect(classify(said('53100'))).toMatchObject({ name: 'StorageUnavailable', full: true });
  });
});

describe('a statement that PostgreSQL ended to let others through', () => {
  /** A database that says `codes` in turn, and then gives one row. */
  function database(...codes: string[]) {
    let tries = 0;
    const ask = async () => {
      const code = codes[tries++];
      if (code !== undefined) throw said(code);
      return { rows: [{ id: 'room' }] };
    };
    return { pool: { query: ask as unknown as Pool['query'] }, tries: () => tries };
  }

  test.each(['40001', '40P01', '55P03'])('is tried again: %s', async (code) => {
    const { pool, tries } = database(code, code);
    expect(await query(pool, { text: '' })).toEqual([{ id: 'room' }]);
    expect(tries()).toBe(3);
  });

  test('is given up in the end', async () => {
    const { pool, tries } = database(...Array.from({ length: 50 }, () => '40P01'));
    await expect(query(pool, { text: '' })).rejects.toBeInstanceOf(StorageUnavailable);
    expect(tries()).toBeLessThan(50);
  });

  test.each(['08006', '40003', '53100', '23505'])('and no other: %s', async (code) => {
    const { pool, tries } = database(code);
    await expect(query(pool, { text: '' })).rejects.toThrow(code);
    expect(tries()).toBe(1);
  });
});

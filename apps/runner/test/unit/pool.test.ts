import { ManualClock } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import {
  FAILURES_BEFORE_GIVING_UP,
  REFILL_DELAY_MS,
  REFILL_EMPTY_MS,
  RETRY_MAX_MS,
} from '../../src/limits.ts';
import { Pool } from '../../src/pool.ts';
import { handMadePool } from '../support/hand-made-pool.ts';

describe('the warm pool', () => {
  test('makes two at a time, up to its number', async () => {
    const { pool, making, settle, fill } = handMadePool({
      warm: { python: 3, javascript: 1, go: 0, rust: 0 },
    });
    pool.open();
    expect(making.length).toBe(2);
    making.shift()!.ready();
    await settle();
    expect(making.length).toBe(2);
    await fill();
    expect(pool.counts().python).toEqual({ warm: 3, wanted: 3, starting: 0, busy: 0, queued: 0 });
    expect(pool.counts().javascript.warm).toBe(1);
  });

  test('gives a ready sandbox at once, without a place in a queue', async () => {
    const { pool, claim, fill } = handMadePool();
    pool.open();
    await fill();
    const { got } = claim();
    expect(got.sandbox?.language).toBe('python');
    expect(got.positions).toEqual([]);
  });

  test('refills after the run has had its start', async () => {
    const { pool, clock, making, claim, fill } = handMadePool();
    pool.open();
    await fill();
    claim();
    expect(making).toEqual([]);
    clock.advance(REFILL_DELAY_MS);
    expect(making.length).toBe(1);
  });

  test('refills sooner when the last one was taken, and no later for one that was taken before', async () => {
    const { pool, clock, making, claim, fill } = handMadePool();
    pool.open();
    await fill();
    claim();
    clock.advance(REFILL_EMPTY_MS);
    expect(making).toEqual([]);
    claim();
    clock.advance(REFILL_EMPTY_MS);
    expect(making.length).toBe(2);
  });

  test('a sandbox that is taken after a failed start does not hurry the next try', async () => {
    const { pool, clock, making, claim, fill, settle } = handMadePool();
    pool.open();
    await fill();
    claim();
    clock.advance(REFILL_DELAY_MS);
    making.shift()!.fail('no such image');
    await settle();
    claim();
    clock.advance(REFILL_EMPTY_MS);
    expect(making).toEqual([]);
    clock.advance(RETRY_MAX_MS);
    expect(making.length).toBe(1);
  });

  test('a next try that is no longer needed does not hold up a refill', async () => {
    const { pool, clock, making, claim, fill, settle } = handMadePool();
    pool.open();
    making.shift()!.fail('no such image');
    await settle();
    await fill();
    expect(pool.counts().python.warm).toBe(2);
    claim();
    clock.advance(REFILL_DELAY_MS);
    expect(making.length).toBe(1);
  });

  test('never gives one sandbox twice', async () => {
    const { pool, claim, fill, leaving, settle } = handMadePool();
    pool.open();
    await fill();
    const first = claim().got.sandbox!;
    pool.release('python', first);
    for (const gone of leaving.splice(0)) gone();
    await settle();
    await fill();
    const others = [claim().got.sandbox, claim().got.sandbox];
    expect(others).not.toContain(first);
  });

  test('a slot is used again only when its sandbox is gone', async () => {
    const { pool, claim, fill, leaving, settle, making, clock } = handMadePool({
      slots: 1,
      warm: { python: 1, javascript: 0, go: 0, rust: 0 },
    });
    pool.open();
    await fill();
    const first = claim().got.sandbox!;
    pool.release('python', first);
    clock.advance(RETRY_MAX_MS);
    expect(making).toEqual([]);
    for (const gone of leaving.splice(0)) gone();
    await settle();
    expect(making.map(({ slot }) => slot)).toEqual([first.slot]);
  });

  test('a sandbox that ends while it waits is replaced', async () => {
    const { pool, fill, dead, leaving, clock, making } = handMadePool();
    pool.open();
    await fill();
    [...dead.values()][0]!();
    expect(pool.counts().python.warm).toBe(1);
    expect(leaving.length).toBe(1);
    clock.advance(REFILL_DELAY_MS);
    expect(making.length).toBe(1);
  });

  test('failing starts are tried again ever more slowly, and waiting runs are told at last', async () => {
    const { pool, claim, making, settle, clock } = handMadePool({
      warm: { python: 0, javascript: 0, go: 0, rust: 0 },
    });
    pool.open();
    const { got } = claim();
    for (let failure = 1; failure <= FAILURES_BEFORE_GIVING_UP; failure++) {
      expect(making.length).toBe(1);
      expect(got.refused).toBeNull();
      making.shift()!.fail('no such image');
      await settle();
      clock.advance(RETRY_MAX_MS);
    }
    expect(got.refused).toContain('no such image');
    const later = claim();
    clock.advance(RETRY_MAX_MS);
    making.shift()!.ready();
    await settle();
    expect(later.got.sandbox).not.toBeNull();
  });

  test('is settled after closing when what was being made is gone too', async () => {
    const { pool, making, leaving, settle } = handMadePool({
      warm: { python: 1, javascript: 0, go: 0, rust: 0 },
    });
    pool.open();
    await pool.close('gone');
    let settled = false;
    void pool.settled().then(() => {
      settled = true;
    });
    await settle();
    expect(settled).toBe(false);
    making.shift()!.ready();
    await settle();
    expect(settled).toBe(false);
    leaving.shift()!();
    await settle();
    expect(settled).toBe(true);
  });

  test('closing refuses those who wait, destroys what is warm and what still comes, and opens again', async () => {
    const { pool, claim, fill, making, leaving, living, settle, clock } = handMadePool();
    pool.open();
    await fill();
    claim();
    claim();
    const { got } = claim();
    const closed = pool.close('gone');
    expect(got.refused).toBe('gone');
    clock.advance(RETRY_MAX_MS);
    for (const one of making.splice(0)) one.ready();
    await settle();
    for (const gone of leaving.splice(0)) gone();
    await closed;
    expect([...living].length).toBe(2);
    expect(pool.counts().python.warm).toBe(0);
    pool.open();
    await fill();
    expect(pool.counts().python.warm).toBe(2);
  });

  test('holds another kind of sandbox beside, which shares the slots, and neither takes the other’s places', async () => {
    const made: string[] = [];
    const clock = new ManualClock();
    const pool = new Pool<'run python' | 'workspace', string>(
      {
        create: async (key, slot) => {
          made.push(key);
          return `${key} ${slot}`;
        },
        destroy: async () => {},
        watch: () => {},
      },
      {
        warm: { 'run python': 1, workspace: 0 },
        startingAtOnce: 2,
        startingForWaiting: 3,
        slots: 4,
        shares: [
          { keys: ['run python'], busy: 1 },
          { keys: ['workspace'], busy: 2 },
        ],
      },
      clock,
      () => {},
    );
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const given: string[] = [];
    const claim = (key: 'run python' | 'workspace') =>
      pool.acquire(
        key,
        { network: 'one', room: 'one' },
        {
          given: (sandbox) => given.push(sandbox),
          waiting: () => {},
          refused: () => {},
        },
      );
    pool.open();
    await settle();
    expect(made).toEqual(['run python']);
    for (let i = 0; i < 3; i++) claim('workspace');
    await settle();
    claim('run python');
    claim('run python');
    await settle();
    expect(given).toEqual(['workspace 1', 'workspace 2', 'run python 0']);
    expect(pool.counts()).toMatchObject({
      'run python': { wanted: 1, busy: 1, queued: 1 },
      workspace: { wanted: 0, warm: 0, busy: 2, queued: 1 },
    });
    expect([pool.waiting('run python'), pool.waiting('workspace')]).toEqual([1, 1]);
    pool.release('run python', 'run python 0');
    clock.advance(REFILL_DELAY_MS);
    await settle();
    expect(given.slice(3)).toEqual(['run python 3']);
    pool.release('workspace', 'workspace 1');
    await settle();
    expect(given.slice(4)).toEqual(['workspace 1']);
  });
});

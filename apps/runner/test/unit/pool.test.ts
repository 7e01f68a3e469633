import type { Language } from '@codesync/protocol';
import { ManualClock } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import {
  FAILURES_BEFORE_GIVING_UP,
  REFILL_DELAY_MS,
  REFILL_EMPTY_MS,
  RETRY_MAX_MS,
} from '../../src/limits.ts';
import { Pool } from '../../src/pool.ts';
import type { Party } from '../../src/turns.ts';

type Fake = { readonly name: string; readonly language: Language; readonly slot: number };
type Making = { language: Language; slot: number; ready: () => Fake; fail: (reason: string) => void };

/** A pool over sandboxes that the test makes ready, fails and lets go. */
function setUp(options: Partial<{ warm: Record<Language, number>; busy: number; slots: number }> = {}) {
  const clock = new ManualClock();
  const making: Making[] = [];
  const living = new Set<Fake>();
  const leaving: (() => void)[] = [];
  const dead = new Map<Fake, () => void>();
  let made = 0;
  const pool = new Pool<Language, Fake>(
    {
      create: (language, slot) =>
        new Promise((resolve, reject) => {
          making.push({
            language,
            slot,
            ready: () => {
              const sandbox = { name: `${language}-${++made}`, language, slot };
              living.add(sandbox);
              resolve(sandbox);
              return sandbox;
            },
            fail: (reason) => reject(new Error(reason)),
          });
        }),
      destroy: (sandbox) =>
        new Promise((resolve) => {
          leaving.push(() => {
            living.delete(sandbox);
            resolve();
          });
        }),
      watch: (sandbox, died) => dead.set(sandbox, died),
    },
    {
      warm: options.warm ?? { python: 2, javascript: 0, go: 0, rust: 0 },
      startingAtOnce: 2,
      startingForWaiting: 3,
      slots: options.slots ?? 8,
      busy: options.busy ?? 8,
    },
    clock,
    () => {},
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const claim = (language: Language = 'python', party: Party = { network: 'one', room: 'one' }) => {
    const got = { sandbox: null as Fake | null, positions: [] as number[], refused: null as string | null };
    const ticket = pool.acquire(language, party, {
      given: (sandbox) => {
        got.sandbox = sandbox;
      },
      waiting: (position) => got.positions.push(position),
      refused: (reason) => {
        got.refused = reason;
      },
    });
    return { got, ticket };
  };
  /** Makes everything ready that is asked for, until nothing more is. */
  const fill = async () => {
    while (making.length > 0) {
      for (const one of making.splice(0)) one.ready();
      await settle();
    }
  };
  return { pool, clock, making, living, leaving, dead, settle, claim, fill };
}

describe('the warm pool', () => {
  test('makes two at a time, up to its number', async () => {
    const { pool, making, settle, fill } = setUp({ warm: { python: 3, javascript: 1, go: 0, rust: 0 } });
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
    const { pool, claim, fill } = setUp();
    pool.open();
    await fill();
    const { got } = claim();
    expect(got.sandbox?.language).toBe('python');
    expect(got.positions).toEqual([]);
  });

  test('refills after the run has had its start', async () => {
    const { pool, clock, making, claim, fill } = setUp();
    pool.open();
    await fill();
    claim();
    expect(making).toEqual([]);
    clock.advance(REFILL_DELAY_MS);
    expect(making.length).toBe(1);
  });

  test('refills sooner when the last one was taken, and no later for one that was taken before', async () => {
    const { pool, clock, making, claim, fill } = setUp();
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
    const { pool, clock, making, claim, fill, settle } = setUp();
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
    const { pool, clock, making, claim, fill, settle } = setUp();
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
    const { pool, claim, fill, leaving, settle } = setUp();
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

  test('queues in order, tells each its place, and moves it up', async () => {
    const { pool, claim, settle, making } = setUp({ warm: { python: 0, javascript: 0, go: 0, rust: 0 } });
    pool.open();
    const [a, b, c] = [claim(), claim(), claim()];
    expect([a, b, c].map(({ got }) => got.positions)).toEqual([[1], [2], [3]]);
    making.shift()!.ready();
    await settle();
    expect(a.got.sandbox).not.toBeNull();
    expect(b.got.positions).toEqual([2, 1]);
    expect(c.got.positions).toEqual([3, 2]);
  });

  test('makes more at a time while runs wait', async () => {
    const { pool, claim, making, settle } = setUp({ warm: { python: 4, javascript: 0, go: 0, rust: 0 } });
    pool.open();
    expect(making.length).toBe(2);
    const waiting = [claim(), claim()];
    expect(making.length).toBe(3);
    for (const one of making.splice(0, 2)) one.ready();
    await settle();
    expect(waiting.every(({ got }) => got.sandbox !== null)).toBe(true);
    expect(making.length).toBe(2);
  });

  test('a cancelled claim gets nothing and gives up its place', async () => {
    const { pool, claim, settle, making } = setUp({ warm: { python: 0, javascript: 0, go: 0, rust: 0 } });
    pool.open();
    const [a, b] = [claim(), claim()];
    a.ticket.cancel();
    expect(b.got.positions).toEqual([2, 1]);
    making.shift()!.ready();
    await settle();
    expect(a.got.sandbox).toBeNull();
    expect(b.got.sandbox).not.toBeNull();
  });

  test('runs no more at once than fit, though more are warm', async () => {
    const { pool, claim, fill, settle } = setUp({ busy: 1 });
    pool.open();
    await fill();
    const first = claim();
    const second = claim();
    expect(second.got.sandbox).toBeNull();
    expect(second.got.positions).toEqual([1]);
    pool.release('python', first.got.sandbox!);
    await settle();
    expect(second.got.sandbox).not.toBeNull();
  });

  test('a long queue of one language does not keep another waiting', async () => {
    const { pool, claim, making, leaving, settle } = setUp({
      warm: { python: 1, javascript: 0, go: 1, rust: 0 },
      busy: 2,
      slots: 8,
    });
    pool.open();
    const makeAll = async () => {
      for (;;) {
        await settle();
        const next = making.shift();
        if (next === undefined) return;
        next.ready();
      }
    };
    await makeAll();
    const early = Array.from({ length: 6 }, () => claim('python'));
    await makeAll();
    const go = claim('go');
    const late = Array.from({ length: 6 }, () => claim('python'));
    await makeAll();
    const served = () => [...early, go, ...late].filter(({ got }) => got.sandbox !== null);
    expect(served()).toEqual(early.slice(0, 2));
    for (let n = 0; n < 7; n++) {
      const { sandbox } = served()[n]!.got;
      pool.release(sandbox!.language, sandbox!);
      for (const gone of leaving.splice(0)) gone();
      await makeAll();
    }
    expect(served()).toEqual([...early, go, ...late].slice(0, 9));
  });

  test('however many runs of one network wait, another’s is next', async () => {
    const { pool, claim, fill, leaving, settle } = setUp({ busy: 2 });
    pool.open();
    await fill();
    const crowd = Array.from({ length: 12 }, (_, i) => claim('python', { network: 'crowd', room: `${i}` }));
    const alone = claim('python', { network: 'alone', room: 'room' });
    expect(alone.got.positions).toEqual([1]);
    expect(crowd[2]!.got.positions).toEqual([1, 2]);
    pool.release('python', crowd[0]!.got.sandbox!);
    for (const gone of leaving.splice(0)) gone();
    await settle();
    await fill();
    expect(alone.got.sandbox).not.toBeNull();
    expect(crowd[2]!.got.sandbox).toBeNull();
    expect(pool.waiting('crowd')).toBe(10);
    expect(pool.waiting()).toBe(10);
  });

  test('makes no more for a queue than may run', async () => {
    const { pool, claim, making, settle } = setUp({ busy: 3, slots: 20 });
    pool.open();
    const claims = Array.from({ length: 12 }, () => claim());
    for (let n = 0; n < 12; n++) {
      await settle();
      making.shift()?.ready();
    }
    await settle();
    expect(claims.filter(({ got }) => got.sandbox !== null)).toHaveLength(3);
    // Beside those that run, as many wait warm as at any time.
    expect(pool.counts().python).toMatchObject({ busy: 3, warm: 2, starting: 0, queued: 9 });
  });

  test('a slot is used again only when its sandbox is gone', async () => {
    const { pool, claim, fill, leaving, settle, making, clock } = setUp({
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
    const { pool, fill, dead, leaving, clock, making } = setUp();
    pool.open();
    await fill();
    [...dead.values()][0]!();
    expect(pool.counts().python.warm).toBe(1);
    expect(leaving.length).toBe(1);
    clock.advance(REFILL_DELAY_MS);
    expect(making.length).toBe(1);
  });

  test('failing starts are tried again ever more slowly, and waiting runs are told at last', async () => {
    const { pool, claim, making, settle, clock } = setUp({
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
    const { pool, making, leaving, settle } = setUp({ warm: { python: 1, javascript: 0, go: 0, rust: 0 } });
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
    const { pool, claim, fill, making, leaving, living, settle, clock } = setUp();
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

  test('holds another kind of sandbox beside, which shares the slots and the number that may run', async () => {
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
        slots: 3,
        busy: 2,
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
    claim('workspace');
    await settle();
    claim('run python');
    claim('run python');
    await settle();
    expect(given).toEqual(['workspace 1', 'run python 0']);
    expect(pool.counts()).toMatchObject({
      'run python': { wanted: 1, busy: 1, queued: 1 },
      workspace: { wanted: 0, warm: 0, busy: 1, queued: 0 },
    });
    pool.release('workspace', 'workspace 1');
    await settle();
    clock.advance(REFILL_DELAY_MS);
    await settle();
    expect(given.length).toBe(3);
  });
});

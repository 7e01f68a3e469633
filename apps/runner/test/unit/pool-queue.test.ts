// Runs that wait for a sandbox of the pool. Whose turn it is by itself: turns.test.ts.
import { describe, expect, test } from 'vitest';
import { handMadePool } from '../support/hand-made-pool.ts';

describe('the queue at the pool', () => {
  test('queues in order, tells each its place, and moves it up', async () => {
    const { pool, claim, settle, making } = handMadePool({
      warm: { python: 0, javascript: 0, go: 0, rust: 0 },
    });
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
    const { pool, claim, making, settle } = handMadePool({
      warm: { python: 4, javascript: 0, go: 0, rust: 0 },
    });
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
    const { pool, claim, settle, making } = handMadePool({
      warm: { python: 0, javascript: 0, go: 0, rust: 0 },
    });
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
    const { pool, claim, fill, settle } = handMadePool({ busy: 1 });
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
    const { pool, claim, making, leaving, settle } = handMadePool({
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
    const { pool, claim, fill, leaving, settle } = handMadePool({ busy: 2 });
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
    expect(pool.waiting('python', 'crowd')).toBe(10);
    expect(pool.waiting('python')).toBe(10);
  });

  test('makes no more for a queue than may run', async () => {
    const { pool, claim, making, settle } = handMadePool({ busy: 3, slots: 20 });
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
});

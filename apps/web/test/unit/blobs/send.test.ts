// How the content of a file gets to a server that answers, waits, refuses, or is not there. The time is the test's.
import { BLOB_PART_BYTES, BlobHash, type BlobRef, refusal } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { sendBlob } from '../../../src/blobs/send.ts';
import type { PutResult } from '../../../src/blobs/transport.ts';

const MIB = BLOB_PART_BYTES;
const LOST: PutResult = { kind: 'lost' };

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function scene(bytes: number) {
  const ref: BlobRef = { hash: BlobHash.parse('a'.repeat(64)), bytes };
  const stop = new AbortController();
  /** What is on its way, and how the server answers. */
  const under: { part: number; answer: (result: PutResult) => void }[] = [];
  const put: number[] = [];
  const arrived: number[] = [];
  let timers: { at: number; run: () => void }[] = [];
  let now = 0;
  const sent = sendBlob(ref, {
    put: (part, signal) =>
      new Promise((resolve, reject) => {
        put.push(part);
        const one = { part, answer: resolve };
        under.push(one);
        signal.addEventListener('abort', () => {
          under.splice(under.indexOf(one), 1);
          reject(signal.reason);
        });
      }),
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    random: () => 1,
    signal: stop.signal,
    arrived: (some) => arrived.push(some),
  });
  sent.catch(() => undefined);
  const answer = async (...results: PutResult[]) => {
    for (const result of results) {
      under.shift()!.answer(result);
      await settle();
    }
  };
  /** The time of the next pause's end, which then is now. */
  const wake = async () => {
    const next = Math.min(...timers.map(({ at }) => at));
    now = next;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { run } of due) run();
    await settle();
    return now;
  };
  const taken = (missing: number): PutResult => ({ kind: 'taken', missing });
  return { sent, stop, under, put, arrived, answer, wake, taken, timers: () => timers.length };
}

describe('the content of a file', () => {
  test('goes in parts, three at once, and tells how much has arrived', async () => {
    const { sent, put, arrived, answer, taken } = scene(4 * MIB + 5);
    expect(put).toEqual([0, 1, 2]);
    await answer(taken(4));
    expect(put).toEqual([0, 1, 2, 3]);
    await answer(taken(3), taken(2), taken(1), taken(0));
    expect(await sent).toBeNull();
    expect(put).toEqual([0, 1, 2, 3, 4]);
    expect(arrived).toEqual([MIB, 2 * MIB, 3 * MIB, 4 * MIB, 4 * MIB + 5]);
  });

  test('is one empty part where there is nothing in it', async () => {
    const { sent, put, answer, taken } = scene(0);
    await answer(taken(0));
    expect(await sent).toBeNull();
    expect(put).toEqual([0]);
  });

  test('is not sent any further where the server has it already', async () => {
    const { sent, put, under, arrived, answer, taken } = scene(9 * MIB);
    await answer(taken(0));
    expect(await sent).toBeNull();
    expect([put, under]).toEqual([[0, 1, 2], []]);
    expect(arrived).toEqual([9 * MIB]);
  });

  test('goes on by itself after pauses that grow up to a bound, when nothing answers', async () => {
    const { sent, put, answer, wake, taken } = scene(MIB);
    const times: number[] = [];
    for (let n = 0; n < 7; n++) {
      await answer(LOST);
      times.push(await wake());
    }
    const pauses = times.map((time, n) => time - (times[n - 1] ?? 0));
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    await answer(taken(0));
    expect(await sent).toBeNull();
    expect(put).toEqual(Array<number>(8).fill(0));
  });

  test('goes part by part where several do not get through, and none is left out', async () => {
    const { sent, under, put, answer, wake, taken } = scene(4 * MIB);
    await answer(LOST, LOST, LOST);
    expect(under).toEqual([]);
    await wake();
    for (let missing = 3; missing >= 0; missing--) {
      expect(under).toHaveLength(1);
      await answer(taken(missing));
    }
    expect(await sent).toBeNull();
    expect(put.slice(3).toSorted()).toEqual([0, 1, 2, 3]);
  });

  test('waits for as long as the server asks it to', async () => {
    const { sent, answer, wake, taken } = scene(10);
    await answer({ kind: 'wait', ms: 42_000 });
    expect(await wake()).toBe(42_000);
    await answer(taken(0));
    expect(await sent).toBeNull();
  });

  test('is given up where the server does not take it, with the reason', async () => {
    const { sent, under, put, answer } = scene(5 * MIB);
    const error = refusal('room.blobsFull');
    await answer({ kind: 'refused', error });
    expect(await sent).toEqual(error);
    expect([put, under]).toEqual([[0, 1, 2], []]);
  });

  test('is stopped at once, on its way and in a pause', async () => {
    const sending = scene(5 * MIB);
    sending.stop.abort();
    await expect(sending.sent).rejects.toThrow();
    expect(sending.under).toEqual([]);

    const pausing = scene(10);
    await pausing.answer(LOST);
    pausing.stop.abort();
    await expect(pausing.sent).rejects.toThrow();
    expect(pausing.timers()).toBe(0);
  });
});

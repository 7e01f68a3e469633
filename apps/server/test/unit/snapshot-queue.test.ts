import { ManualClock, settle } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/terminals/screen.ts';
import { SnapshotQueue } from '../../src/terminals/snapshot-queue.ts';

const snapshot = (screen: string, tookMs: number): Snapshot => ({
  screen,
  size: { cols: 80, rows: 24 },
  at: 0,
  rest: new Uint8Array(),
  complete: true,
  tookMs,
});

function setUp(tookMs: number) {
  const clock = new ManualClock();
  const taken: string[] = [];
  const answered: string[] = [];
  const queue = new SnapshotQueue({
    clock,
    take: async (screen, lines) => {
      taken.push(`${screen} with ${lines}`);
      return screen === 0 ? null : snapshot(`${screen}`, tookMs);
    },
    answer: (asked, made) => answered.push(`${asked}: ${made?.screen ?? 'none'}`),
  });
  return { clock, queue, taken, answered };
}

test('who waits for the same screen gets one snapshot, with the most lines that any wants', async () => {
  const { queue, taken, answered, clock } = setUp(10);
  queue.ask(1, 100, 1);
  queue.ask(1, 5, 2);
  queue.ask(2, 7, 3);
  queue.ask(1, 900, 4);
  for (let i = 0; i < 3; i++) await clock.pass(30);
  expect(taken).toEqual(['1 with 100', '1 with 900', '2 with 7']);
  expect(answered).toEqual(['1: 1', '2: 1', '4: 1', '3: 2']);
});

test('the thread is left to the shells for three times as long as a snapshot took', async () => {
  const { queue, taken, clock } = setUp(100);
  for (let asked = 1; asked <= 5; asked++) queue.ask(asked, 10, asked);
  await settle();
  expect(taken).toHaveLength(1);
  await clock.pass(299);
  expect(taken).toHaveLength(1);
  await clock.pass(1);
  expect(taken).toHaveLength(2);
  await clock.pass(600);
  expect(taken).toHaveLength(4);
});

test('a screen that is gone is answered with none, and holds up nobody', async () => {
  const { queue, answered, clock } = setUp(10);
  queue.ask(0, 10, 1);
  queue.ask(1, 10, 2);
  await clock.pass(0);
  await settle();
  expect(answered).toEqual(['1: none', '2: 1']);
});

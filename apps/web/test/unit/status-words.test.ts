// What the status says for each state.
import type { ServerStatus } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { columns } from '../../src/features/status/columns.ts';
import {
  copies,
  median,
  ownEdits,
  people,
  poolRows,
  sandboxFact,
  serverSaves,
  shortImage,
  summary,
} from '../../src/features/status/words.ts';

const NOW = 1_000_000;
const online = { kind: 'online', rttMs: 4, way: 'websocket' } as const;
const saved = { kind: 'saved' } as const;

describe('in one sentence', () => {
  const say = (change: Partial<Parameters<typeof summary>[0]>) =>
    summary({ connection: online, save: saved, storage: 'ok', ...change }, NOW);

  test('nothing to worry about', () => {
    expect(say({})).toEqual({ health: 'good', words: 'All is well: connected, and everything is saved.' });
    expect(say({ save: { kind: 'sent', since: NOW - 50, kept: true } })).toEqual({
      health: 'good',
      words: 'All is well: connected, and saving.',
    });
  });

  test('the worst of it', () => {
    expect(say({ storage: 'stalled' })).toMatchObject({
      health: 'bad',
      words: expect.stringMatching(/database.*Nothing is lost/),
    });
    const since = NOW - 65_000;
    for (const connection of [
      { kind: 'offline', since },
      { kind: 'reconnecting', since, attempt: 3 },
    ] as const)
      expect(say({ connection, storage: 'stalled' })).toMatchObject({
        health: 'bad',
        words: expect.stringMatching(/^No connection for 1 min\..*on this device/),
      });
    expect(say({ connection: { kind: 'joining' } }).health).toBe('busy');
    expect(say({ connection: { kind: 'outdated' } }).words).toContain('Reload');
  });
});

test('a person’s own edits', () => {
  expect(ownEdits(saved, NOW).words).toBe('All in the database');
  expect(ownEdits({ kind: 'sent', since: NOW - 3_000, kept: true }, NOW)).toEqual({
    health: 'busy',
    words: 'On their way for 3 s',
  });
  expect(ownEdits({ kind: 'local', since: NOW - 61_000, kept: true }, NOW)).toEqual({
    health: 'bad',
    words: 'On this device for 1 min',
  });
});

test('the server’s saving, by the server’s own clock', () => {
  const say = (stalledSince: number | null, waiting: number) =>
    serverSaves({ now: 5_000, storage: { stalledSince, waiting, edits: null } });
  expect(say(null, 0).words).toBe('Nothing waits');
  expect(say(null, 1).words).toBe('Saving, 1 event waiting');
  expect(say(1_000, 12)).toEqual({ health: 'bad', words: 'Not saving for 4 s, 12 events waiting' });
});

test('pools in the languages’ order, those that there are', () => {
  const pool = { warm: 2, wanted: 3, starting: 1, busy: 0, queued: 4 };
  expect(poolRows({ rust: pool, python: pool })).toMatchObject([
    { label: 'Python', ready: 2, wanted: 3, busy: 0, queued: 4 },
    { label: 'Rust' },
  ]);
  expect(sandboxFact({ state: 'preparing', step: 'Rust', percent: 62.7 }).words).toBe(
    'Being prepared: Rust, 62 %',
  );
  expect(sandboxFact({ state: 'off', reason: 'No engine.', mend: 'Start one.' })).toEqual({
    health: 'bad',
    words: 'No engine. Start one.',
  });
});

test('people, copies, images', () => {
  const room = (change: Partial<ServerStatus['room']>): ServerStatus['room'] => ({
    clients: 1,
    participants: 1,
    diverged: 0,
    healed: 0,
    ...change,
  });
  expect(people(room({}))).toBe('1 person in 1 tab');
  expect(people(room({ clients: 5, participants: 3 }))).toBe('3 people in 5 tabs');
  expect(copies(room({})).words).toBe('None');
  expect(copies(room({ diverged: 2, healed: 2 })).words).toBe('2, all healed');
  expect(copies(room({ diverged: 2, healed: 1 }))).toEqual({ health: 'busy', words: '2, 1 of them healed' });
  expect(shortImage(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('sha256:0123456789ab');
  expect(shortImage('codesync-sandbox')).toBe('codesync-sandbox');
});

test('the middle of an even number is the lower one', () => {
  expect(median([])).toBeNull();
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1])).toBe(1);
});

describe('the columns of a chart', () => {
  test('each is the longest of its time, the last one is now', () => {
    const at = (secondsAgo: number, ms: number) => ({ at: NOW - secondsAgo * 1_000, ms });
    expect(columns([], NOW, 4)).toEqual([null, null, null, null]);
    // A minute in four columns, the last of which has begun 10 s ago.
    expect(columns([at(50, 7), at(20, 4), at(12, 9), at(1, 3)], NOW, 4)).toEqual([7, null, 9, 3]);
  });

  test('a chart grows in steps, and forgets what is too old', () => {
    const every = (seconds: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ at: NOW - (count - 1 - i) * seconds * 1_000, ms: 5 }));
    expect(columns(every(5, 13), NOW, 12).every((ms) => ms === 5)).toBe(true);
    const half = columns(every(5, 14), NOW, 12);
    expect(half.filter((ms) => ms === null).length).toBeGreaterThanOrEqual(4);
    expect(columns([{ at: NOW - 6 * 60_000, ms: 5 }], NOW, 12)).toEqual(Array(12).fill(null));
  });
});

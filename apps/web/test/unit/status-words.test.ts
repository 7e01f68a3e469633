// What the status says for each state.
import type { ServerStatus } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { columns } from '../../src/features/status/columns.ts';
import {
  type Advice,
  advices,
  copies,
  median,
  ownEdits,
  people,
  poolRows,
  sandboxFact,
  serverSaves,
  shortImage,
  summary,
  verdict,
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

describe('what a host can do', () => {
  const ready = { state: 'ready', warm: {}, busy: 0 } as const;
  const STATUS: ServerStatus = {
    now: NOW,
    startedAt: 0,
    storage: { stalledSince: null, waiting: 0, edits: null },
    sandbox: null,
    versions: { product: '1', protocol: 1, node: '24', postgres: null },
    room: { clients: 1, participants: 1, diverged: 0, healed: 0 },
  };
  const view = { connection: online, storage: 'ok', sandbox: ready } as const;
  const pool = { warm: 2, wanted: 2, starting: 0, busy: 0, queued: 0 };
  const sandbox = (queued: number, gaps: { reason: string; mend: string }[]) => ({
    image: 'sha256:1',
    pools: { go: { ...pool, queued } },
    check: { summary: '', gaps },
  });
  const well = summary({ connection: online, save: saved, storage: 'ok' }, NOW);

  test('is nothing while all is well', () => {
    expect(advices(view, null)).toEqual([]);
    expect(advices(view, { ...STATUS, sandbox: sandbox(0, []) })).toEqual([]);
    expect(verdict(well, [])).toBe(well);
  });

  test.each([
    ['the disk is full', { ...view, storage: 'full' }, STATUS, 'bad'],
    ['the database is away', { ...view, storage: 'stalled' }, STATUS, 'bad'],
    ['the server is away', { ...view, connection: { kind: 'offline', since: NOW } }, null, 'bad'],
    [
      'runs are off',
      { ...view, sandbox: { state: 'off', reason: 'No engine.', mend: 'Start one.' } },
      STATUS,
      'bad',
    ],
    ['runs are not ready', { ...view, sandbox: { state: 'starting' } }, STATUS, 'busy'],
    ['runs wait', view, { ...STATUS, sandbox: sandbox(3, []) }, 'busy'],
    [
      'a wall is missing',
      view,
      { ...STATUS, sandbox: sandbox(0, [{ reason: 'No wall.', mend: 'Build.' }]) },
      'busy',
    ],
    ['a copy is wrong', view, { ...STATUS, room: { ...STATUS.room, diverged: 1 } }, 'bad'],
  ] as const)('is said in a sentence where %s', (_, seen, status, health) => {
    const [advice, ...more] = advices(seen, status);
    expect(more).toEqual([]);
    expect(advice?.health).toBe(health);
    expect(advice?.mend).toMatch(/^[A-Z].*\.$/);
  });

  test('takes “all is well” back, and repeats nothing that is said already', () => {
    const off: Advice = { health: 'bad', words: 'Code cannot be run.', mend: 'Start an engine.' };
    expect(verdict(well, [off])).toMatchObject({
      health: 'bad',
      words: expect.not.stringContaining('All is well'),
    });
    const full = summary({ connection: online, save: saved, storage: 'full' }, NOW);
    expect(verdict(full, [off])).toBe(full);
    expect(advices({ ...view, storage: 'full' }, null)[0]?.words).toBeNull();
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

// What is counted, told and logged, part by part.
import type { IncomingMessage } from 'node:http';
import {
  type ClientId,
  Language,
  type RoomEvent,
  type RoomId,
  RunEndReason,
  shapeOf,
  TAIL_BLOCK_UNITS,
  TAIL_BLOCKS,
} from '@codesync/protocol';
import { clientId, fileId, ManualClock, participantId, roomId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { isLocal } from '../../src/http/probes.ts';
import { errorFields } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics.ts';
import { observedStore } from '../../src/observed.ts';
import { type Log, type RoomStore, StorageUnavailable } from '../../src/ports.ts';
import { createReadiness } from '../../src/readiness.ts';
import { RecentTimes } from '../../src/recent-times.ts';
import { EditTimes } from '../../src/sockets/edit-times.ts';

describe('errors in the log', () => {
  test('PostgreSQL’s say what and where, not the row that was at fault', () => {
    const error = Object.assign(new Error('invalid input syntax for type json: "the text"\nmore "text"'), {
      code: '22P02',
      routine: 'json_errsave_error',
      detail: 'Token "the text" is invalid.',
      where: 'JSON data, line 1: the text',
    });
    const told = errorFields(error);
    expect(told).toMatchObject({
      type: 'Error',
      code: '22P02',
      message: 'invalid input syntax for type json',
    });
    expect(JSON.stringify(told)).not.toContain('text"');
    expect(JSON.stringify(told)).toContain('observability.test.ts');
    const wrapped = errorFields(new StorageUnavailable('no connection', { cause: error }));
    expect(wrapped).toMatchObject({ type: 'StorageUnavailable', cause: { code: '22P02' } });
    expect(JSON.stringify(wrapped)).not.toContain('the text');
  });

  test('a body that could not be parsed does not come along, and what is no error is not quoted', () => {
    const error = Object.assign(new SyntaxError('not JSON'), { body: '{"name":"Hana', status: 400 });
    expect(JSON.stringify(errorFields(error))).not.toContain('Hana');
    expect(errorFields('Hana')).toEqual({ type: 'string' });
  });
});

test('a text’s shape is its length and the hashes of its last blocks, from the end', () => {
  const text = Array.from({ length: 3_000 }, (_, i) => i % 10).join('');
  const { units, tail } = shapeOf(text);
  expect(units).toBe(3_000);
  expect(tail).toHaveLength(TAIL_BLOCKS);
  const other = shapeOf(`${text.slice(0, -TAIL_BLOCK_UNITS - 1)}x${text.slice(-TAIL_BLOCK_UNITS)}`).tail;
  expect(tail.map((hash, i) => hash === other[i])).toEqual([true, false, ...Array(6).fill(true)]);
  expect(shapeOf('')).toEqual({ units: 0, tail: [] });
});

describe('who counts as a program on this machine', () => {
  const from = (remoteAddress: string, headers: Record<string, string>, proxies = 0) =>
    isLocal({ socket: { remoteAddress }, headers } as unknown as IncomingMessage, proxies);

  test.each([
    ['127.0.0.1', { host: '127.0.0.1:3000' }, true],
    ['::1', { host: '[::1]:3000' }, true],
    ['::ffff:127.0.0.1', { host: 'localhost' }, true],
    ['::ffff:7f00:1', { host: 'LOCALHOST:3000' }, true],
    ['127.3.2.1', { host: '127.1.2.3' }, true],
    ['::1', { host: '::1' }, false],
    ['::1', { host: '[::1' }, false],
    ['::1', { host: '[::2]' }, false],
    ['::1', { host: 'localhost:3000:3000' }, false],
    ['::1', { host: '127.0.0.1.evil.example' }, false],
    ['', { host: 'localhost' }, false],
    ['127.0.0.1.', { host: 'localhost' }, false],
    ['fe80::1%lo', { host: 'localhost' }, false],
    ['203.0.113.7', { host: 'localhost:3000' }, false],
    ['::ffff:203.0.113.7', { host: 'localhost:3000' }, false],
    ['127.0.0.1', { host: 'code.example.org' }, false],
    ['127.0.0.1', { host: 'localhost.evil.example' }, false],
    ['127.0.0.1', {}, false],
    ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }, false],
    ['127.0.0.1', { host: 'localhost', forwarded: 'for=127.0.0.1' }, false],
    ['127.0.0.1', { host: 'localhost', 'x-real-ip': '127.0.0.1' }, false],
    ['127.0.0.1', { host: 'localhost', via: '1.1 proxy' }, false],
  ])('%s with %o: %s', (address, headers, local) => {
    expect(from(address, headers)).toBe(local);
  });

  test('behind a proxy nobody does: what it forgets to say cannot be told from a program here', () => {
    expect(from('127.0.0.1', { host: 'localhost' }, 1)).toBe(false);
  });
});

describe('readiness', () => {
  test('asks the database once at a time and once a second, however often it is asked', async () => {
    const clock = new ManualClock();
    const questions: ((done: boolean) => void)[] = [];
    const migrated = () => new Promise<boolean>((resolve) => questions.push(resolve));
    const readiness = createReadiness({ clock, migrated, saving: () => true });
    const answers = Promise.all([readiness.unready(), readiness.unready()]);
    await clock.pass(1_500);
    expect(questions).toHaveLength(1);
    questions[0]!(true);
    expect(await answers).toEqual([[], []]);
    expect(await readiness.unready()).toEqual([]);
    expect(questions).toHaveLength(1);
    await clock.pass(1_001);
    const next = readiness.unready();
    questions[1]!(false);
    expect(await next).toEqual(['migrations']);
  });

  test('does not wait for a database that says nothing', async () => {
    const clock = new ManualClock();
    const readiness = createReadiness({ clock, migrated: () => new Promise(() => {}), saving: () => true });
    const answer = readiness.unready();
    await clock.pass(2_001);
    expect(await answer).toEqual(['database']);
  });

  test('names what is missing: no answer, no room on the disk, the end', async () => {
    const clock = new ManualClock();
    const failing = createReadiness({
      clock,
      migrated: () => Promise.reject(new Error('gone')),
      saving: () => true,
    });
    expect(await failing.unready()).toEqual(['database']);
    const stalled = createReadiness({ clock, migrated: () => Promise.resolve(true), saving: () => false });
    expect(await stalled.unready()).toEqual(['storage']);
    stalled.stopping();
    expect(await stalled.unready()).toEqual(['stopping']);
  });
});

describe('times', () => {
  const edit = (client: ClientId, clientSeq: number): RoomEvent => ({
    seq: 1,
    at: 0,
    actor: participantId('hana-hana-hana-hana'),
    origin: { client: client, clientSeq },
    body: { kind: 'edit', file: fileId('file'), version: 1, op: ['x'] },
  });

  test('an edit is timed from its coming to its telling, once its client’s number fits', () => {
    const times: number[] = [];
    const edits = new EditTimes((ms) => times.push(ms));
    edits.came(clientId('a'), 1, 100);
    edits.came(clientId('b'), 7, 102);
    edits.told([edit(clientId('a'), 1), edit(clientId('b'), 6), edit(clientId('c'), 1)], 105);
    expect(times).toEqual([5]);
    edits.told([edit(clientId('b'), 7)], 110);
    edits.came(clientId('a'), 2, 120);
    edits.forget(clientId('a'));
    edits.told([edit(clientId('a'), 2)], 121);
    expect(times).toEqual([5, 8]);
  });

  test('quantiles are of the last ones', () => {
    const times = new RecentTimes(100);
    expect(times.quantile(0.5)).toBeNull();
    times.add(5);
    expect([times.quantile(0), times.quantile(1)]).toEqual([5, 5]);
    for (let i = 0; i < 1_000; i++) times.add(1_000 - i);
    expect([times.quantile(0.5), times.quantile(0.99), times.quantile(1)]).toEqual([50, 99, 100]);
  });
});

test('appends are counted as the store took them, and failures by their kind; why it took none is told once', async () => {
  const metrics = createMetrics('1.2.3');
  const warned: unknown[] = [];
  const log = { warn: ({ err }: { err: Error }) => warned.push(err.message) } as unknown as Log;
  let answer: () => Promise<ReadonlySet<string>> = async () => new Set(['a']);
  const store = observedStore({ append: () => answer() } as unknown as RoomStore, metrics.observer, log);
  const batch = (room: RoomId, count: number) => ({
    room,
    epoch: 1,
    head: 0,
    events: Array<RoomEvent>(count).fill({} as RoomEvent),
  });
  await store.append([batch(roomId('a'), 3), batch(roomId('b'), 9)]);
  for (const why of ['gone', 'gone', 'no right to write']) {
    answer = () => Promise.reject(new StorageUnavailable(why));
    await expect(store.append([batch(roomId('a'), 1)])).rejects.toThrow(StorageUnavailable);
  }
  answer = () => Promise.reject(new Error('fault'));
  await expect(store.append([batch(roomId('a'), 1)])).rejects.toThrow('fault');
  expect(warned).toEqual(['gone', 'no right to write']);
  metrics.observer.edited(2.4);
  metrics.observer.edited(11_000);
  await settle();
  const { body } = await metrics.text();
  for (const line of [
    'codesync_commit_events_sum 3',
    'codesync_commit_events_count 1',
    'codesync_commit_failures_total{reason="unavailable"} 3',
    'codesync_commit_failures_total{reason="fault"} 1',
    'codesync_edit_seconds_bucket{le="0.002"} 0',
    'codesync_edit_seconds_bucket{le="0.003"} 1',
    'codesync_edit_seconds_bucket{le="10"} 1',
    'codesync_edit_seconds_bucket{le="+Inf"} 2',
    'codesync_edit_seconds_sum 11.0024',
    'codesync_edit_seconds_count 2',
  ])
    expect(body.split('\n')).toContain(line);
});

test('runs are timed by language and by why they ended, with every such series there from the start', async () => {
  const { observer, text } = createMetrics('1.2.3');
  observer.spoke('go', 120);
  observer.ended('go', 'wall', 30_000);
  observer.ended('go', 'exit', 40);
  const lines = (await text()).body.split('\n');
  for (const line of [
    'codesync_run_first_output_seconds_count{language="go"} 1',
    'codesync_run_wall_seconds_sum{language="go",reason="wall"} 30',
    'codesync_run_wall_seconds_sum{language="go",reason="exit"} 0.04',
    'codesync_run_wall_seconds_count{language="go",reason="memory"} 0',
  ])
    expect(lines).toContain(line);
  const timed = lines.filter((line) => line.startsWith('codesync_run_wall_seconds_count'));
  expect(timed).toHaveLength(Language.options.length * RunEndReason.options.length);
});

// The log at its most talkative, after people have typed, run, erred and attacked: it says who did what where by
// ids, and nothing of what they wrote.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { BLOB_PART_BYTES, divergenceReport } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOGGER } from '../../src/logger.ts';
import { PROJECT_PARTS, type RunningServer, startServer } from '../../src/server.ts';
import { Person, type Tab } from '../support/client.ts';
import { dataFolder, FAKE_RUNNER, testConfig } from '../support/server.ts';

type Line = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

const data = dataFolder();
const written: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _encoding, done) {
    written.push(chunk.toString());
    done();
  },
});
const TOKEN = 'metrics-token-of-this-test';
let server: RunningServer;

beforeAll(async () => {
  const config = testConfig(data.path, { secret: 'a-secret-of-thirty-two-characters', metricsToken: TOKEN });
  server = await startServer(config, pino({ ...LOGGER, level: 'trace' }, sink), {
    ...PROJECT_PARTS,
    runner: FAKE_RUNNER,
  });
});

afterAll(() => data.remove());

const lines = (): Line[] =>
  written
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

async function sandboxReady(): Promise<void> {
  for (;;) {
    const reply = await fetch(`${server.address}/readyz`);
    if (((await reply.json()) as { sandbox: string }).sandbox === 'ready') return;
  }
}

/** Asks and tells the id that the answer names. */
async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${server.address}${path}`, init);
  await response.arrayBuffer();
  return response.headers.get('x-request-id')!;
}

test('whoever goes before all of a file has come has met no failure', async () => {
  const hana = await Person.named(server.address, 'Hana');
  const room = await hana.createRoom();
  await hana.tab().join(room);
  const body = new Uint8Array(8 * BLOB_PART_BYTES);
  const hash = createHash('sha256').update(body).digest('hex');
  for (let part = 0; part < 8; part++)
    await fetch(`${server.address}/api/rooms/${room}/blobs/${hash}/${part}?bytes=${body.length}`, {
      method: 'PUT',
      headers: { ...hana.headers, Origin: server.address },
      body: body.slice(0, BLOB_PART_BYTES),
    });
  const read = () => fetch(`${server.address}/api/rooms/${room}/blobs/${hash}`, { headers: hana.headers });
  const response = await read();
  expect(response.status).toBe(200);
  await response.body!.cancel();
  const request = response.headers.get('x-request-id');
  await expect.poll(() => lines().some((line) => line.request === request)).toBe(true);
  // What the server still read for the one who went, it has read before this.
  expect((await (await read()).arrayBuffer()).byteLength).toBe(body.length);
  expect(lines().filter((line) => line.msg === 'a request failed')).toEqual([]);
});

test('a request keeps the id that a trusted proxy gave it, if it is one, and gets one otherwise', async () => {
  const given = '7f3c2a90-1d5e-4b6f-8a21-0c9d8e7f6a5b';
  expect(await ask('/api/me', { headers: { 'X-Request-Id': given } })).toBe(given);
  for (const sentence of ['drop table users;', 'short', 'x'.repeat(65), 'sec ret'])
    expect(await ask('/api/me', { headers: { 'X-Request-Id': sentence } })).toMatch(/^[\w-]{16}$/);
  const [first, second] = [await ask('/'), await ask('/')];
  expect(first).not.toBe(second);

  const alone = dataFolder();
  const bare = await startServer(testConfig(alone.path, { proxies: 0 }), pino({ level: 'silent' }), {
    ...PROJECT_PARTS,
    runner: join(import.meta.dirname, 'no-runner-here.ts'),
  });
  const response = await fetch(`${bare.address}/api/me`, { headers: { 'X-Request-Id': given } });
  expect(response.headers.get('x-request-id')).not.toBe(given);
  await bare.stop();
  alone.remove();
});

test('nothing that people wrote, are called or must keep to themselves is in the log', async () => {
  await sandboxReady();
  const hana = (await Person.named(server.address, 'Hanako-Needle')).tab();
  const room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  const gus = (await Person.named(server.address, 'Gustav-Needle')).tab();
  await gus.join(room, links.editor);
  const needles = [
    'Needle',
    hana.person.cookie.split('=')[1]!,
    gus.person.cookie.split('=')[1]!,
    links.editor,
    links.viewer,
    TOKEN,
    'a-secret-of-thirty-two-characters',
  ];

  // What people do.
  expect(await hana.ask({ kind: 'room.rename', name: 'Room Needle' })).toBe('done');
  expect(
    await hana.ask({
      kind: 'file.create',
      file: fileId('needlefile-0001'),
      path: 'Needle.py',
      text: 'Needle',
    }),
  ).toBe('done');
  hana.edit(['wait Needle\n# do you read me, Needle?\n']);
  await hana.saved();
  gus.edit(['wait\n']);
  await gus.saved();
  expect(await hana.ask({ kind: 'run.start', entry: hana.file() })).toBe('done');
  const run = [...hana.fold.state.runs.values()].at(-1)!.id;
  expect(await hana.ask({ kind: 'run.input', run, text: 'typed Needle\n', eof: true })).toBe('done');
  await hana.until(() => [...hana.fold.state.runs.values()].at(-1)?.phase === 'ended');
  expect(await gus.ask({ kind: 'member.update', name: 'Gus Needle', hue: 2 })).toBe('done');

  // What goes wrong.
  const version = hana.fold.texts.get(hana.file())!.version;
  await gus.socket.emitWithAck('check', { file: hana.file(), version, hash: 1 });
  gus.socket.emit(
    'healed',
    divergenceReport({ file: hana.file(), version, pending: true }, 'my Needle', hana.text()),
  );
  expect(
    await gus.ask({ kind: 'file.create', file: fileId('needlefile-0002'), path: 'Needle.py', text: '' }),
  ).toMatchObject({
    code: 'file.exists',
  });
  expect(await gus.ask({ kind: 'room.lock', locked: true })).toMatchObject({ code: 'role.host' });
  const anything = gus.socket as unknown as { emit(name: string, ...values: unknown[]): void };
  await gus.refused(() => anything.emit('command', { clientSeq: 'Needle', body: { text: 'Needle' } }));
  await gus.refused(() => anything.emit('Needle', 'Needle'));
  const stranger = (await Person.named(server.address, 'Stranger Needle')).tab();
  await stranger.tryJoin(room, 'NeedleNeedleNeedleNeed');
  const json = { 'Content-Type': 'application/json', Cookie: gus.person.cookie };
  await ask('/api/me', { method: 'PUT', headers: json, body: '{"name":"Needle' });
  await ask('/api/me', { method: 'PUT', headers: json, body: '{"name":"Needle\\u202e"}' });
  await ask(`/api/rooms/${room}/links?secret=Needle`, { headers: { Cookie: gus.person.cookie } });
  await ask(`/r/${room}?Needle=${links.editor}`, { headers: { Cookie: 'codesync_me=Needle' } });
  await ask('/Needle/%4eeedle', { headers: { 'X-Request-Id': 'a Needle', Referer: 'http://Needle/' } });
  await ask('/metrics', { headers: { Authorization: `Bearer ${TOKEN}` } });
  await ask('/metrics', { headers: { Authorization: 'Bearer Needle' } });
  // PostgreSQL takes no NUL in JSON and quotes what it was given.
  const nul: Tab = gus.person.tab();
  await nul.join(room);
  nul.edit(['Needle\u0000Needle']);
  await nul.until(() => nul.isSaved() || nul.refusals.length > 0 || nul.resyncs > 0 || !nul.socket.connected);
  for (const tab of [hana, gus, stranger, nul]) tab.disconnect();
  await server.stop();

  const all = written.join('');
  for (const needle of needles) expect(all.toLowerCase().includes(needle.toLowerCase()), needle).toBe(false);

  // And still it tells what happened where.
  const said = (msg: string) => lines().filter((line) => line.msg === msg);
  const about = (msg: string) => said(msg).filter((line) => line.room === room);
  expect(about('a client joined')).toHaveLength(3);
  for (const line of about('a client joined'))
    expect(line).toMatchObject({ connection: expect.any(String), client: expect.any(String), how: 'new' });
  expect(about('a run ended')).toMatchObject([{ run, language: 'python', reason: 'exit', level: 30 }]);
  expect(about('a replica has diverged')).toMatchObject([
    { level: 40, version, server: { units: expect.any(Number), tail: [expect.any(Number)] } },
  ]);
  expect(about('a replica that had diverged has healed')).toMatchObject([
    { replica: { units: 9 }, differsAt: 0, pending: true },
  ]);
  expect(about('a refusal').map(({ code }) => code)).toEqual(
    expect.arrayContaining(['file.exists', 'role.host', 'protocol.malformed']),
  );
  expect(said('a refusal').map(({ code }) => code)).toContain('room.link');
  const answered = said('a request was answered');
  for (const line of answered) expect(line).toMatchObject({ request: expect.any(String), level: 20 });
  expect(answered).toContainEqual(
    expect.objectContaining({ route: '/api/rooms/:id/links', room, status: 403, code: 'role.host' }),
  );
});

// The database goes away and comes back under people who type.

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../src/server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { Person } from '../support/client.ts';
import { connectionUrl, dataFolder, inProcess } from '../support/server.ts';

/** Longer than any query may take. */
const HANG_MS = 11_000;

/** The postmaster, once it is there. */
async function postmaster(): Promise<number> {
  for (;;) {
    const pid = postgres.pid();
    if (pid !== null) return pid;
    await delay(20);
  }
}

/** Stops a postmaster, so that it makes no more children, then those that it has; returns them all. */
function suspend(pid: number): number[] {
  process.kill(pid, 'SIGSTOP');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  for (const child of children) process.kill(child, 'SIGSTOP');
  return [pid, ...children];
}

const log = pino({ level: 'silent' });
const data = dataFolder();
const database = dataFolder();
let postgres: EmbeddedPostgres;
let server: RunningServer;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(database.path, log);
  server = await inProcess(data.path, { databaseUrl: connectionUrl(postgres) });
});

afterAll(async () => {
  await server.stop();
  await postgres.stop();
  data.remove();
  database.remove();
});

test('[INV2] PostgreSQL stopped and started again: stalled, then everything, once', async () => {
  const hana = (await Person.named(server.address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  await hana.join(room);
  hana.type('before ');
  await hana.saved();

  await postgres.stop();
  const acknowledged = hana.acknowledged.size;
  hana.type('during ');
  await hana.until(() => hana.storage.at(-1) === 'stalled');
  hana.type('more ');
  expect(hana.acknowledged.size).toBe(acknowledged);
  const newcomer = hana.person.tab();
  expect(await newcomer.tryJoin(room)).toMatchObject({ ok: false, error: { code: 'storage.unavailable' } });
  const refused = await fetch(`${server.address}/api/rooms`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: hana.person.cookie },
    body: JSON.stringify({ language: 'go' }),
  });
  expect(refused.status).toBe(503);

  postgres = await startEmbeddedPostgres(database.path, log);
  await hana.until(() => hana.storage.at(-1) === 'ok');
  await hana.saved();
  expect(hana.text()).toMatch(/before during more $/);
  await newcomer.join(room);
  expect(newcomer.text()).toBe(hana.text());
  for (const tab of [hana, newcomer]) tab.disconnect();
});

test('a database killed with -9 is the same to them', async () => {
  const hana = (await Person.named(server.address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  await hana.join(room);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 20; i++) hana.type(`${round}.${i} `);
    for (const pid of suspend(await postmaster())) process.kill(pid, 'SIGKILL');
    for (let i = 20; i < 40; i++) hana.type(`${round}.${i} `);
    // The private PostgreSQL starts itself again.
    await hana.saved();
  }
  const witness = hana.person.tab();
  await witness.join(room);
  expect(witness.text()).toBe(hana.text());
  expect(witness.text().match(/\d\.\d+ /g)).toHaveLength(120);
  for (const tab of [hana, witness]) tab.disconnect();
});

test.runIf(process.platform === 'linux')(
  'a database that hangs is told as stalled, whether or not it comes back in time',
  async () => {
    const hana = (await Person.named(server.address, 'Hana')).tab();
    const room = await hana.person.createRoom();
    await hana.join(room);
    for (const hang of [2_500, HANG_MS]) {
      hana.type('before ');
      await hana.saved();
      const stopped = suspend(await postmaster());
      hana.type('during ');
      await hana.until(() => hana.storage.at(-1) === 'stalled');
      await delay(hang);
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
      await hana.saved();
      await hana.until(() => hana.storage.at(-1) === 'ok');
    }
    const witness = hana.person.tab();
    await witness.join(room);
    expect(witness.text()).toBe(hana.text());
    expect(witness.text()).toMatch(/(before during ){2}$/);
    for (const tab of [hana, witness]) tab.disconnect();
  },
);

// What /readyz says while the database goes away and comes back, and while the server stops.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../src/server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { createPool } from '../../src/storage/pool.ts';
import { Person } from '../support/client.ts';
import { connectionUrl, dataFolder, inProcess } from '../support/server.ts';

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
  await postgres.stop();
  data.remove();
  database.remove();
});

const ready = async () => {
  const response = await fetch(`${server.address}/readyz`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const told = (await response.json()) as { ready: boolean; missing: readonly string[]; sandbox: string };
  return { status: response.status, ...told };
};

async function until(missing: readonly string[]): Promise<void> {
  while ((await ready()).missing.join() !== missing.join()) await delay(50);
}

test('ready with a sandbox that is off', async () => {
  expect(await ready()).toEqual({ status: 200, ready: true, missing: [], sandbox: 'off' });
});

test('not ready without its database, and alive all the same; ready again with it', async () => {
  await postgres.stop();
  await until(['database']);
  expect(await ready()).toMatchObject({ status: 503, ready: false });
  expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
  postgres = await startEmbeddedPostgres(database.path, log);
  await until([]);
  expect(await ready()).toMatchObject({ status: 200, ready: true });
});

test('not ready on a database that lacks a migration', async () => {
  const pool = createPool(postgres.connection, 2, log);
  const { rows } = await pool.query<{ name: string }>('DELETE FROM migration RETURNING name');
  await until(['migrations']);
  expect(await ready()).toMatchObject({ status: 503 });
  for (const { name } of rows) await pool.query('INSERT INTO migration (name) VALUES ($1)', [name]);
  await pool.end();
  await until([]);
});

test.runIf(process.platform === 'linux')(
  'says that it stops for as long as there is something to save, and lets nobody in',
  async () => {
    const hana = (await Person.named(server.address, 'Hana')).tab();
    await hana.join(await hana.person.createRoom());
    const pid = postgres.pid()!;
    process.kill(pid, 'SIGSTOP');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    for (const child of children) process.kill(child, 'SIGSTOP');
    let stopped: Promise<void>;
    try {
      hana.type('unsaved');
      await hana.until(() => hana.storage.at(-1) === 'stalled');
      stopped = server.stop();
      await until(['stopping']);
      expect(await ready()).toMatchObject({ status: 503, ready: false });
      expect(hana.socket.connected).toBe(false);
      hana.connect(server.address);
      await new Promise((resolve) => hana.socket.once('connect_error', resolve));
    } finally {
      for (const suspended of [pid, ...children]) process.kill(suspended, 'SIGCONT');
    }
    await stopped;
    await expect(fetch(`${server.address}/readyz`)).rejects.toThrow();
  },
);

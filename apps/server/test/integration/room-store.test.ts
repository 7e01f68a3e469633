import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { createPool } from '../../src/storage/pool.ts';
import { postgresRoomStore } from '../../src/storage/room-store.ts';
import { roomStoreContract } from '../support/room-store-contract.ts';
import { dataFolder } from '../support/server.ts';

const data = dataFolder();
const log = pino({ level: 'silent' });
let postgres: EmbeddedPostgres;
let pool: Pool;
let commits: Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(data.path, log);
  pool = createPool(postgres.connection, 10, log);
  commits = createPool(postgres.connection, 1, log);
  await Promise.all([migrate(pool), migrate(pool)]);
});

afterAll(async () => {
  await Promise.all([pool.end(), commits.end()]);
  await postgres.stop();
  data.remove();
});

roomStoreContract(
  'PostgreSQL',
  () => postgresRoomStore(pool, commits),
  // The lease runs by the database's clock, which no test holds.
  (ms) => delay(ms + 50),
);

test('of connections that nobody needs one stays open', async () => {
  const idleTimeoutMillis = 20;
  const quiet = createPool({ ...postgres.connection, idleTimeoutMillis }, 2, log);
  const both = [await quiet.connect(), await quiet.connect()];
  for (const one of both) one.release();
  // Comes after the timers of both, which were set before it.
  await delay(idleTimeoutMillis);
  expect(quiet.totalCount).toBe(1);
  await quiet.end();
});

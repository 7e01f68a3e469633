import { randomBytes } from 'node:crypto';
import { roomId } from '@codesync/protocol/testing';
import type { Pool } from 'pg';
import pino from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { postgresBlobStore } from '../../src/storage/blob-store.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { createPool } from '../../src/storage/pool.ts';
import { blobStoreContract } from '../support/blob-store-contract.ts';
import { dataFolder } from '../support/server.ts';

const data = dataFolder();
const log = pino({ level: 'silent' });
let postgres: EmbeddedPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(data.path, log);
  pool = createPool(postgres.connection, 4, log);
  await migrate(pool);
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
  data.remove();
});

blobStoreContract(
  'PostgreSQL',
  () => postgresBlobStore(pool),
  async () => {
    const room = roomId(randomBytes(16).toString('base64url'));
    await pool.query('INSERT INTO room (id, head) VALUES ($1, 1)', [room]);
    return room;
  },
  async (room) => {
    await pool.query("UPDATE room_blob SET at = at - interval '1 day' WHERE room_id = $1", [room]);
  },
);

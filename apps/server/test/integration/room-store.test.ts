import { setTimeout as delay } from 'node:timers/promises';
import { Random, seedOfTest } from '@codesync/ot/testing';
import type { RoomEvent, RoomId } from '@codesync/protocol';
import { participantId, roomId } from '@codesync/protocol/testing';
import type { Pool, QueryConfig } from 'pg';
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
  // A busy machine may take its time: how long the product waits is not what is tested here.
  for (const { options } of [pool, commits]) options.query_timeout = 60_000;
  await Promise.all([migrate(pool), migrate(pool)]);
});

afterAll(async () => {
  await Promise.all([pool.end(), commits.end()]);
  await postgres.stop();
  data.remove();
});

function renamed(seq: number): RoomEvent {
  return {
    seq,
    at: 1_700_000_000_000,
    actor: participantId('alice-alice-alice'),
    body: { kind: 'room.renamed', name: `n${seq}` },
  };
}

roomStoreContract(
  'PostgreSQL',
  () => postgresRoomStore(pool, commits),
  // The lease runs by the database's clock, which no test holds.
  (ms) => delay(ms + 50),
);

test('append, renew and release of the same rooms at the same time never wait for each other in a circle', async () => {
  const seed = seedOfTest();
  const random = new Random(seed);
  const shuffled = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return items.map(() => left.splice(random.below(left.length), 1)[0]!);
  };
  // Among few rooms PostgreSQL reads them all, in one order; among many it takes them as they are named.
  await pool.query("INSERT INTO room (id, head) SELECT 'other-' || i, 1 FROM generate_series(1, 20000) AS i");
  await pool.query('ANALYZE room');
  const crowd = createPool({ ...postgres.connection, options: '-c deadlock_timeout=10ms' }, 6, log);
  const failures: unknown[] = [];
  const watched = {
    query: (config: QueryConfig) =>
      crowd.query(config).catch((error) => {
        failures.push(error.code);
        throw error;
      }),
  };
  const store = postgresRoomStore(watched as Pool, watched as Pool);
  const rooms: { room: RoomId; epoch: number }[] = [];
  for (let i = 0; i < 40; i++) {
    const room = roomId(`deadlock-${seed}-${i}`);
    await store.create(room, [renamed(1)]);
    const acquired = await store.acquire(room, 'one', 60_000);
    if (acquired.kind === 'acquired') rooms.push({ room, epoch: acquired.epoch });
  }
  const heads = new Map(rooms.map(({ room }) => [room, 1]));
  for (let round = 0; round < 40; round++) {
    const batches = shuffled(rooms).map(({ room, epoch }) => {
      const head = heads.get(room)!;
      return { room, epoch, head, events: [renamed(head + 1)] };
    });
    const [appended] = await Promise.all([
      store.append(batches),
      store.renew('one', shuffled(rooms), 60_000),
      store.renew('one', shuffled(rooms).slice(20), 60_000),
      store.release(shuffled(rooms)),
      store.release(shuffled(rooms).slice(20)),
    ]);
    for (const room of appended) heads.set(room, heads.get(room)! + 1);
    expect(appended.size, `seed ${seed}`).toBe(rooms.length);
  }
  await crowd.end();
  expect(failures, `seed ${seed}`).toEqual([]);
});

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

// What rooms have stored: rows of every format are read, and what a newer version wrote is not taken for damage.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { refusal } from '@codesync/protocol';
import { roomId } from '@codesync/protocol/testing';
import { FORMAT, RoomFold, readKeyframe } from '@codesync/room';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../src/server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { createPool } from '../../src/storage/pool.ts';
import { postgresRoomStore } from '../../src/storage/room-store.ts';
import { Person } from '../support/client.ts';
import { connectionUrl, dataFolder, inProcess } from '../support/server.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const MIGRATIONS = join(ROOT, 'apps/server/src/storage/migrations');
const GOLDEN = join(ROOT, 'packages/room/test/golden/format-1');
/** As the golden log's own. */
const OLD_ROOM = roomId('golden-room-1-golden-r');

const folders = [dataFolder(), dataFolder()] as const;
const log = pino({ level: 'silent' });
let postgres: EmbeddedPostgres;
let sql: pg.Client;
let server: RunningServer;

const golden = (name: string) => JSON.parse(readFileSync(join(GOLDEN, `${name}.json`), 'utf8'));

/** The database of before rows had a format, with the golden log in it. */
async function asItWas(): Promise<void> {
  await sql.query(readFileSync(join(MIGRATIONS, '001_rooms.sql'), 'utf8'));
  await sql.query('CREATE TABLE migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
  await sql.query(`INSERT INTO migration (name) VALUES ('001_rooms.sql')`);
  const events = golden('events');
  await sql.query('INSERT INTO room (id, head) VALUES ($1, $2)', [OLD_ROOM, events.length]);
  for (const { seq, at, actor, client_id, client_seq, kind, body } of events) {
    await sql.query(
      `INSERT INTO room_event (room_id, seq, at, actor, client_id, client_seq, kind, body)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [OLD_ROOM, seq, at, actor, client_id, client_seq, kind, body],
    );
  }
  const { seq, versions, body } = golden('keyframes')[1];
  const packed = await promisify<Buffer, Buffer>(deflate)(Buffer.from(body));
  await sql.query('INSERT INTO room_keyframe (room_id, seq, versions, body) VALUES ($1, $2, $3, $4)', [
    OLD_ROOM,
    seq,
    versions,
    packed,
  ]);
}

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(folders[0].path, log);
  sql = new pg.Client(postgres.connection);
  await sql.connect();
  await asItWas();
  server = await inProcess(folders[1].path, { databaseUrl: connectionUrl(postgres) });
});

afterAll(async () => {
  await server.stop();
  await sql.end();
  await postgres.stop();
  for (const folder of folders) folder.remove();
});

const formats = async (table: string, room: string) =>
  (await sql.query(`SELECT DISTINCT format FROM ${table} WHERE room_id = $1`, [room])).rows;

test('rows of before there were formats are of the first one, and give the room that they gave then', async () => {
  const pool = createPool(postgres.connection, 2, log);
  await migrate(pool);
  const store = postgresRoomStore(pool, pool);
  const stored = await store.newestKeyframe(OLD_ROOM);
  const fold = RoomFold.from(stored!.keyframe);
  for (const event of await store.events(OLD_ROOM, fold.seq, 1_000)) fold.apply(event);
  await pool.end();
  const last = golden('keyframes').at(-1);
  expect(JSON.parse(JSON.stringify(fold.toKeyframe()))).toEqual(readKeyframe(1, JSON.parse(last.body)));
  expect(await formats('room_event', OLD_ROOM)).toEqual([{ format: 1 }]);
});

test('what is written carries the format of today', async () => {
  const person = await Person.named(server.address, 'Hana');
  const room = await person.createRoom();
  const hana = person.tab();
  await hana.join(room);
  hana.type('one ');
  await hana.saved();
  expect(await formats('room_event', room)).toEqual([{ format: FORMAT }]);
  hana.disconnect();
});

test.each([
  [
    'of a kind that this version does not know',
    `kind = 'sketch.drawn', body = '{"kind":"sketch.drawn"}'`,
    'room.newer',
  ],
  ['of a format that this version does not know', `format = ${FORMAT + 1}`, 'room.newer'],
  ['that is damaged', `body = '{"kind":"file.created"}'`, 'room.damaged'],
] as const)('a room with an event %s does not open, and says why; others do', async (_, change, code) => {
  const person = await Person.named(server.address, 'Hana');
  const [good, bad] = [await person.createRoom(), await person.createRoom()];
  await sql.query(`UPDATE room_event SET ${change} WHERE room_id = $1 AND seq = 3`, [bad]);
  const tab = person.tab();
  expect(await tab.tryJoin(bad)).toEqual({ ok: false, error: refusal(code) });
  await tab.join(good);
  tab.disconnect();
});

// Two servers on one database: a room has one writer, and the one that was overtaken finds out.
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../src/server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { Person } from '../support/client.ts';
import { connectionUrl, dataFolder, inProcess } from '../support/server.ts';

const SECRET = 'one secret for both servers of this test';
const folders = [dataFolder(), dataFolder(), dataFolder()] as const;
let postgres: EmbeddedPostgres;
let first: RunningServer;
let second: RunningServer;
let sql: pg.Client;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(folders[0].path, pino({ level: 'silent' }));
  const shared = { databaseUrl: connectionUrl(postgres), secret: SECRET };
  first = await inProcess(folders[1].path, shared);
  second = await inProcess(folders[2].path, shared);
  sql = new pg.Client(postgres.connection);
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await first.stop();
  await second.stop();
  await postgres.stop();
  for (const folder of folders) folder.remove();
});

test('[INV4] a room is refused by a server that does not own it, and taken over when the lease has run out', async () => {
  const person = await Person.named(first.address, 'Hana');
  const room = await person.createRoom();
  const hana = person.tab();
  await hana.join(room);
  hana.type('kept ');
  await hana.saved();

  const there = person.at(second.address).tab();
  expect(await there.tryJoin(room)).toMatchObject({ ok: false, error: { code: 'room.unavailable' } });

  await sql.query(`UPDATE room SET lease_until = now() - interval '1 s' WHERE id = $1`, [room]);
  await there.join(room);
  there.type('theirs ');
  await there.saved();

  hana.type('fenced ');
  await hana.until(() => hana.resyncs === 1);
  expect(hana.acknowledged.size).toBe(1);
  hana.connect(second.address);
  await hana.rejoin();
  await hana.saved();
  await there.until(() => there.fold.seq >= hana.fold.seq);
  expect(there.text()).toBe(hana.text());
  for (const word of ['kept ', 'theirs ', 'fenced ']) expect(hana.text().split(word)).toHaveLength(2);
  for (const tab of [hana, there]) tab.disconnect();
});

// Somebody changes the database by hand under people who type, and takes it back.
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { Person } from '../support/client.ts';
import { connectionUrl, dataFolder, ownProcess, type ServerProcess } from '../support/server.ts';

const data = dataFolder();
const database = dataFolder();
let postgres: EmbeddedPostgres;
let operator: pg.Client;
let server: ServerProcess;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres(database.path, pino({ level: 'silent' }));
  const owner = new pg.Client(postgres.connection);
  await owner.connect();
  // As a hosted database has it: the server is no superuser, so that privileges count.
  await owner.query('CREATE ROLE app LOGIN');
  await owner.query('CREATE DATABASE app OWNER app');
  await owner.end();
  operator = new pg.Client({ ...postgres.connection, database: 'app' });
  await operator.connect();
  const url = new URL(connectionUrl(postgres));
  url.username = 'app';
  url.pathname = 'app';
  server = ownProcess({ CODESYNC_DATA: data.path, DATABASE_URL: url.href });
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exit;
  await operator.end();
  await postgres.stop();
  data.remove();
  database.remove();
});

async function roomOfHana() {
  const hana = (await Person.named(await server.address, 'Hana')).tab();
  await hana.join(await hana.person.createRoom());
  hana.type('before ');
  await hana.saved();
  return hana;
}

test.each([
  ['a privilege', '42501', 'REVOKE INSERT ON room_event FROM app', 'GRANT INSERT ON room_event TO app'],
  ['a table', '42P01', 'ALTER TABLE room RENAME TO aside', 'ALTER TABLE aside RENAME TO room'],
  ['a column', '42703', 'ALTER TABLE room RENAME epoch TO age', 'ALTER TABLE room RENAME age TO epoch'],
])(
  '%s taken away: stalled, with the reason in the log, and everything when it is back',
  async (_what, code, take, give) => {
    const hana = await roomOfHana();
    await operator.query(take);
    hana.type('during ');
    await hana.until(() => hana.storage.at(-1) === 'stalled');
    await server.said(code);
    await operator.query(give);
    await hana.saved();
    await hana.until(() => hana.storage.at(-1) === 'ok');
    expect(hana.text()).toMatch(/before during $/);
    hana.disconnect();
  },
);

test('nobody types while the leases cannot be renewed: stalled all the same, and well again', async () => {
  const hana = await roomOfHana();
  await operator.query('ALTER TABLE room RENAME lease_until TO until_when');
  await hana.until(() => hana.storage.at(-1) === 'stalled');
  await server.said('the rooms could not be kept for longer');
  await operator.query('ALTER TABLE room RENAME until_when TO lease_until');
  await hana.until(() => hana.storage.at(-1) === 'ok');
  hana.disconnect();
});

test('a column of another type is no outage: the server says so and ends', async () => {
  const hana = await roomOfHana();
  await operator.query(
    'ALTER TABLE room ALTER lease_until DROP DEFAULT, ALTER lease_until TYPE boolean USING true',
  );
  expect(await server.exit).toEqual({ code: 1, signal: null });
  const last = server.output().trim().split('\n').at(-1)!;
  expect(JSON.parse(last)).toMatchObject({
    level: 60,
    err: { code: '42804' },
    msg: 'the server ends: a bug',
  });
  hana.disconnect();
});

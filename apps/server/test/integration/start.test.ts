// Starting, stopping, and every way in which a start can be refused.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { processLives } from '../../src/process-identity.ts';
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { Person } from '../support/client.ts';
import { dataFolder, ownProcess } from '../support/server.ts';

const folders: ReturnType<typeof dataFolder>[] = [];
const log = pino({ level: 'silent' });

function folder(): string {
  const made = dataFolder();
  folders.push(made);
  return made.path;
}

afterAll(() => {
  for (const made of folders) made.remove();
});

describe('refused with a sentence', () => {
  const sentence = /^[^\n]+\.\n$/;

  test.each([
    ['a port that is none', { PORT: '99999' }, 'PORT'],
    ['a database URL that is none', { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    ['a short secret', { CODESYNC_SECRET: 'short' }, 'CODESYNC_SECRET'],
    ['a database that is not there', { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, 'DATABASE_URL'],
    ['an address that is not ours', { HOST: '192.0.2.1' }, '192.0.2.1'],
    ['a data folder that cannot be', { CODESYNC_DATA: '/dev/null/data' }, 'CODESYNC_DATA'],
  ])('%s', async (_, environment, word) => {
    const server = ownProcess({ CODESYNC_DATA: folder(), ...environment });
    expect((await server.exit).code).toBe(1);
    expect(server.output()).toMatch(sentence);
    expect(server.output()).toContain(word);
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const server = ownProcess({ CODESYNC_DATA: folder(), PORT: String(port) });
    expect((await server.exit).code).toBe(1);
    expect(server.output()).toMatch(sentence);
    expect(server.output()).toContain(`Port ${port}`);
    other.close();
  });

  test('a data folder that another live server uses', async () => {
    const data = folder();
    const first = ownProcess({ CODESYNC_DATA: data });
    await first.address;
    const second = ownProcess({ CODESYNC_DATA: data });
    expect((await second.exit).code).toBe(1);
    expect(second.output()).toMatch(sentence);
    expect(second.output()).toContain(String(first.child.pid));
    first.child.kill('SIGTERM');
    expect((await first.exit).code).toBe(0);
  });
});

describe('the private PostgreSQL', () => {
  test('is stopped with the server, and starts again quickly with everything in it', async () => {
    const data = folder();
    const first = ownProcess({ CODESYNC_DATA: data });
    const person = await Person.named(await first.address, 'Hana');
    const room = await person.createRoom();
    // A Ctrl-C arrives more than once, from the terminal and from npm: that is no wish to skip anything.
    first.child.kill('SIGINT');
    first.child.kill('SIGTERM');
    expect((await first.exit).code).toBe(0);
    expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(data, 'server.lock'))).toBe(false);

    const second = ownProcess({ CODESYNC_DATA: data });
    const tab = person.at(await second.address).tab();
    await tab.join(room);
    expect(tab.text()).toContain('def greet');
    tab.disconnect();
    second.child.kill('SIGTERM');
    expect((await second.exit).code).toBe(0);
  });

  test('of a killed server is adopted, and stopped by the one that adopted it', async () => {
    const data = folder();
    const first = ownProcess({ CODESYNC_DATA: data });
    await first.address;
    first.child.kill('SIGKILL');
    await first.exit;
    const orphan = await startEmbeddedPostgres(data, log);
    const pid = orphan.pid()!;
    expect(processLives(pid)).toBe(true);

    const second = ownProcess({ CODESYNC_DATA: data, LOG_LEVEL: 'info' });
    await second.address;
    expect(second.output()).toContain('adopted');
    second.child.kill('SIGTERM');
    expect((await second.exit).code).toBe(0);
    expect(processLives(pid)).toBe(false);
    await orphan.stop();
  });

  // The first pause before a restart is 100 ms: these fall before, into and behind the start.
  test.each([0, 90, 105, 115, 130, 200])(
    'is stopped for good %i ms after it has ended by itself',
    async (ms) => {
      const ended = Promise.withResolvers<void>();
      const listening = pino({}, { write: (line: string) => line.includes('has ended') && ended.resolve() });
      const data = folder();
      const postgres = await startEmbeddedPostgres(data, listening);
      process.kill(postgres.pid()!, 'SIGKILL');
      await ended.promise;
      await delay(ms);
      await postgres.stop();
      expect(postgres.pid()).toBeNull();
    },
  );

  test.runIf(process.getuid?.() === 0)('as root: below folders that its user cannot enter', async () => {
    const closed = join(folder(), 'closed');
    mkdirSync(closed, { mode: 0o700 });
    chmodSync(closed, 0o700);
    const data = join(closed, 'data');
    const server = ownProcess({ CODESYNC_DATA: data });
    await server.address;
    expect(existsSync(join(data, 'postgres'))).toBe(false);
    const elsewhere = readFileSync(join(data, 'postgres.location'), 'utf8').trim();
    folders.push({ path: elsewhere, remove: () => rmSync(elsewhere, { recursive: true }) });
    server.child.kill('SIGTERM');
    expect((await server.exit).code).toBe(0);
  });

  test('does not lend its files or secrets to others', async () => {
    const data = folder();
    const server = ownProcess({ CODESYNC_DATA: data });
    await server.address;
    for (const [name, mode] of [
      ['secret', 0o600],
      ['postgres', 0o700],
      ['postgres-socket', 0o700],
    ] as const) {
      expect(statSync(join(data, name)).mode & 0o777).toBe(mode);
    }
    server.child.kill('SIGTERM');
    await server.exit;
  });
});

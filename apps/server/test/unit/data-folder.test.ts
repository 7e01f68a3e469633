import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { installationSecret, openDataFolder } from '../../src/data-folder.ts';
import { processBirth } from '../../src/process-identity.ts';
import { dataFolder } from '../support/server.ts';

let folder: ReturnType<typeof dataFolder>;

beforeEach(() => {
  folder = dataFolder();
});
afterEach(() => folder.remove());

const lock = () => join(folder.path, 'server.lock');
const holder = (pid: number, birth: string | null) => JSON.stringify({ pid, birth });

test('is held by one server at a time', () => {
  const first = openDataFolder(folder.path);
  expect(() => openDataFolder(folder.path)).toThrow(ConfigError);
  first.release();
  openDataFolder(folder.path).release();
});

test.each([
  ['a process that is gone', () => holder(2 ** 22 + 1, null)],
  ['an earlier process with a number that is taken again', () => holder(process.pid, 'another-boot:1')],
  ['damage', () => '{"pid":'],
])('is taken over from %s', (_, text) => {
  writeFileSync(lock(), text());
  const taken = openDataFolder(folder.path);
  expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual({
    pid: process.pid,
    birth: processBirth(process.pid),
  });
  taken.release();
});

test('is given back by its holder only', () => {
  const first = openDataFolder(folder.path);
  writeFileSync(lock(), holder(1, processBirth(1)));
  first.release();
  expect(readFileSync(lock(), 'utf8')).toContain('"pid":1');
});

test('keeps its name and its secret, the secret for its owner’s eyes', () => {
  const first = openDataFolder(folder.path);
  const secret = installationSecret(first, null);
  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(statSync(join(folder.path, 'secret')).mode & 0o777).toBe(0o600);
  first.release();
  const second = openDataFolder(folder.path);
  expect(second.instance).toBe(first.instance);
  expect(installationSecret(second, null)).toBe(secret);
  expect(installationSecret(second, 'configured')).toBe('configured');
  second.release();
});

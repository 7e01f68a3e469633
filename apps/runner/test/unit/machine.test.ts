import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readContext } from '../../src/image-context.ts';
import { withLock } from '../../src/lock.ts';
import { processLives, processName } from '../../src/process-name.ts';

const folder = mkdtempSync(join(tmpdir(), 'codesync-unit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a process’s name', () => {
  test('lives as long as the process, and is not inherited by a later one of the same number', async () => {
    expect(processLives(processName())).toBe(true);
    const child = spawn('sleep', ['60']);
    const name = processName(child.pid);
    expect(processLives(name)).toBe(true);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(processLives(name)).toBe(false);
    const [host, pid] = processName().split(':');
    expect(processLives(`${host}:${pid}:1`)).toBe(false);
  });

  test('of another machine is taken to live; of none, not', () => {
    expect(processLives('elsewhere:1:1')).toBe(true);
    expect(processLives('')).toBe(false);
  });
});

describe('the lock between runners', () => {
  test('lets one in at a time', async () => {
    const path = join(folder, 'lock');
    const order: string[] = [];
    let waited = 0;
    const enter = (name: string) =>
      withLock(
        path,
        () => waited++,
        async () => {
          order.push(`${name} in`);
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push(`${name} out`);
        },
      );
    await Promise.all([enter('a'), enter('b')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(waited).toBe(1);
  });

  test('of a dead holder is void, and a failing action gives it back', async () => {
    const path = join(folder, 'stale');
    writeFileSync(path, processName().replace(/\d+$/, '1'));
    await expect(
      withLock(
        path,
        () => {},
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    expect(
      await withLock(
        path,
        () => {},
        () => Promise.resolve('in'),
      ),
    ).toBe('in');
  });
});

describe('the image’s sources', () => {
  test('have a hash that changes with any file, and only with those that are part of the image', () => {
    const sources = join(folder, 'sandbox');
    mkdirSync(join(sources, 'agent'), { recursive: true });
    writeFileSync(join(sources, 'Dockerfile'), 'FROM x');
    writeFileSync(join(sources, 'agent/main.go'), 'package main');
    const before = readContext(sources);
    expect(before.files.map(({ path }) => path)).toEqual(['Dockerfile', 'agent/main.go']);
    writeFileSync(join(sources, 'base.sh'), 'debootstrap');
    expect(readContext(sources).hash).toBe(before.hash);
    writeFileSync(join(sources, 'agent/main.go'), 'package main\n');
    expect(readContext(sources).hash).not.toBe(before.hash);
  });
});

describe('the settings', () => {
  const good = { CODESYNC_RUNNER_SOCKET: '/s', CODESYNC_INSTANCE: 'i', CODESYNC_DATA: '/d' };

  test('have defaults where they can', () => {
    expect(readConfig(good)).toEqual({
      socket: '/s',
      instance: 'i',
      dataDir: '/d',
      docker: 'auto',
      runtime: undefined,
    });
  });

  test('name everything that is wrong at once', () => {
    expect(() => readConfig({ ...good, CODESYNC_DOCKER: 'maybe', CODESYNC_INSTANCE: 'a b' })).toThrow(
      /CODESYNC_INSTANCE.*CODESYNC_DOCKER/,
    );
  });
});

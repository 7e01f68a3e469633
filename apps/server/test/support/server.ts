// Servers for tests: inside the test's process, or as a child that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { type Config, PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import { type Parts, PROJECT_PARTS, type RunningServer, startServer } from '../../src/server.ts';
import type { EmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';

/** The entry of a runner that runs nothing, and does what the first line of a program says. */
export const FAKE_RUNNER = join(import.meta.dirname, 'fake-runner.ts');

const SILENT = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** A data folder of its own, removed with `remove`. */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'codesync-test-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function testConfig(data: string, overrides: Partial<Config> = {}): Config {
  const config = readConfig({
    PORT: '0',
    CODESYNC_DATA: data,
    CODESYNC_DOCKER: 'never',
    CODESYNC_PROXIES: '1',
  });
  return { ...config, ...overrides };
}

/** What DATABASE_URL has to say to reach a private PostgreSQL. */
export function connectionUrl({ connection }: EmbeddedPostgres): string {
  const { host, port, user, database } = connection;
  return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(String(host))}`;
}

/** A server in this process, by default without a runner and with the page that was built. */
export function inProcess(
  data: string,
  overrides: Partial<Config> = {},
  parts: Partial<Parts> = {},
): Promise<RunningServer> {
  const runner = join(import.meta.dirname, 'no-runner-here.ts');
  return startServer(testConfig(data, overrides), SILENT, { ...PROJECT_PARTS, runner, ...parts });
}

/** A server for all tests of a file, as `inProcess` starts it. */
export function useServer(
  overrides?: Partial<Config>,
  parts?: Partial<Parts>,
): Pick<RunningServer, 'address'> {
  const data = dataFolder();
  let server: RunningServer;
  beforeAll(async () => {
    server = await inProcess(data.path, overrides, parts);
  });
  afterAll(async () => {
    await server.stop();
    data.remove();
  });
  return {
    get address() {
      return server.address;
    },
  };
}

export type ServerProcess = {
  readonly child: ChildProcess;
  /** Everything on stdout and stderr so far. */
  readonly output: () => string;
  /** Resolves once that stands in its output, which may be read later than what it tells its clients. */
  readonly said: (words: string) => Promise<void>;
  /** Resolves with the address once it listens, rejects when the process ends before. */
  readonly address: Promise<string>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** A server as `npm start` runs it. */
export function ownProcess(environment: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [join(PROJECT_FOLDER, 'apps/server/src/main.ts')], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      CODESYNC_PROXIES: '1',
      CODESYNC_DOCKER: 'never',
      // No engine answers there: these tests are not about running code.
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const address = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /CodeSync is at (\S+)/.exec(text);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exit.then(() => reject(new Error(`the server ended: ${text}`)));
  });
  address.catch(() => undefined);
  const said = async (words: string): Promise<void> => {
    while (!text.includes(words))
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  };
  return { child, output: () => text, said, address, exit };
}

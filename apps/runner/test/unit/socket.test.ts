// The runner's socket, with a client of the tests at the other end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunnerSocket } from '../../src/socket.ts';
import { RunnerClient } from '../support/client.ts';

let folder: string;
let socket: RunnerSocket;
let client: RunnerClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'codesync-socket-'));
  const path = join(folder, 'runner.sock');
  socket = new RunnerSocket({
    path,
    instance: 'test',
    runs: { start: () => true, stop: () => undefined, stdin: () => undefined },
    status: () => ({ type: 'status', phase: 'starting', detail: 'now' }),
  });
  await socket.listen();
  client = await RunnerClient.connect(path);
  await client.until(() => client.status !== null);
});

afterEach(async () => {
  client.close();
  await socket.close();
  rmSync(folder, { recursive: true });
});

test('a command with a value that cannot be looked at is named, and the connection stays', async () => {
  client.sendLine('{"type":"run.start","room":{"length":{"toString":1,"valueOf":1}}}');
  await client.until(() => client.problems.length === 1);
  expect(client.problems[0]).toMatch(/^Not a command of this protocol: /);
  socket.broadcast({ type: 'status', phase: 'starting', detail: 'later' });
  await client.until(
    () => client.closed || (client.status?.phase === 'starting' && client.status.detail === 'later'),
  );
  expect(client.closed).toBe(false);
});

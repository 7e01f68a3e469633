// A host whose runner is a socket of the test's own.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { RUNNER_PROTOCOL, type SandboxStatus } from '@codesync/protocol';
import { ManualClock, Watch } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { RunnerHost } from '../../src/runner-client/host.ts';
import { dataFolder } from '../support/server.ts';

test('a runner of another protocol is off, and the log has both versions and what to do, once', async () => {
  const data = dataFolder();
  const path = join(data.path, 'runner.sock');
  const changes = new Watch();
  let connections = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connections++;
      changes.changed();
    });
    socket.resume();
    socket.write(`${JSON.stringify({ type: 'hello', protocol: RUNNER_PROTOCOL + 1, instance: 'test' })}\n`);
  });
  server.listen(path);
  await once(server, 'listening');
  const clock = new ManualClock();
  const warned: unknown[][] = [];
  const none = () => undefined;
  const host = new RunnerHost(clock, {
    debug: none,
    info: none,
    warn: (...line) => warned.push(line),
    error: none,
  });
  const told: SandboxStatus[] = [];
  host.board.listen((status) => told.push(status));
  host.connect(path);
  for (const count of [1, 2, 3]) {
    await changes.until(() => connections >= count);
    await clock.pass(1_000);
  }
  expect(warned).toEqual([
    [
      { runner: RUNNER_PROTOCOL + 1, server: RUNNER_PROTOCOL },
      expect.stringMatching(/another version .* restart CodeSync/),
    ],
  ]);
  expect(told).toEqual([
    {
      state: 'off',
      reason: `The runner speaks version ${RUNNER_PROTOCOL + 1} of its protocol, and the server version ${RUNNER_PROTOCOL}.`,
      mend: expect.stringContaining('Restart CodeSync'),
    },
  ]);
  host.disconnect('the test is over');
  server.close();
  data.remove();
});

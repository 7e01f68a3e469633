// A host whose runner is a socket of the test's own.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  LIMITS,
  MessageLines,
  RUNNER_LIMITS,
  RUNNER_PROTOCOL,
  type RunEnd,
  type SandboxStatus,
} from '@codesync/protocol';
import { ManualClock, roomId, runId, Watch } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { RunnerHost } from '../../src/runner-client/host.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
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
  const log = { debug: none, info: none, warn: (...line: unknown[]) => warned.push(line), error: none };
  const blobs = new MemoryBlobs();
  const host = new RunnerHost(clock, log, (room, blob) => blobs.read(room, blob));
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

test('a run whose files are too large for one message is refused, and the others go on', async () => {
  const data = dataFolder();
  const path = join(data.path, 'runner.sock');
  const changes = new Watch();
  const started: string[] = [];
  let closed = 0;
  const lines = new MessageLines(RUNNER_LIMITS.lineBytes);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('close', () => closed++);
    socket.on('data', (bytes) => {
      lines.push(bytes, (line) => {
        const command = JSON.parse(line);
        if (command.type === 'run.start') started.push(command.run);
      });
      changes.changed();
    });
    socket.write(`${JSON.stringify({ type: 'hello', protocol: RUNNER_PROTOCOL, instance: 'test' })}\n`);
    socket.write(`${JSON.stringify({ type: 'status', phase: 'absent', reason: 'Gone.', mend: 'Wait.' })}\n`);
  });
  server.listen(path);
  await once(server, 'listening');
  const none = () => undefined;
  const log = { debug: none, info: none, warn: none, error: none };
  const host = new RunnerHost(new ManualClock(), log, async function* () {});
  const heard = new Promise<void>((resolve) => {
    host.board.listen(({ state }) => state === 'off' && resolve());
  });
  host.connect(path);
  await heard;
  const ends: RunEnd[] = [];
  const start = (run: string, text: string) =>
    host.start(
      {
        run: runId(run),
        room: roomId('room-room-room-room-22'),
        network: '127.0.0.1',
        language: 'python',
        entry: 'main.py',
        files: Array.from({ length: 6 }, (_, n) => ({ path: n === 0 ? 'main.py' : `${n}.py`, text })),
        args: [],
        env: {},
        workFolder: 'room',
      },
      {
        phase: none,
        output: none,
        ended: (end) => {
          ends.push(end);
          changes.changed();
        },
      },
    );
  start('run-escaped', '\u0001'.repeat(LIMITS.fileUnits));
  await changes.until(() => ends.length > 0);
  expect(ends).toMatchObject([{ reason: 'files', message: expect.stringContaining('up to 50 MiB') }]);
  start('run-plain', 'x'.repeat(LIMITS.fileUnits));
  await changes.until(() => started.length > 0);
  expect({ started, closed, ends: ends.length }).toEqual({ started: ['run-plain'], closed: 0, ends: 1 });
  host.disconnect('the test is over');
  server.close();
  data.remove();
});

// With small programs in the place of the runner.
import { once } from 'node:events';
import { readdirSync, watch, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ManualClock, Watch } from '@codesync/protocol/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Supervisor } from '../../src/runner-client/supervisor.ts';
import { dataFolder } from '../support/server.ts';

let data: ReturnType<typeof dataFolder>;
beforeEach(() => {
  data = dataFolder();
});
afterEach(() => data.remove());

/** A supervisor of a program of that text, and what it tells, in order. */
function setUp(text: string | null) {
  const program = join(data.path, 'program.mjs');
  if (text !== null) writeFileSync(program, text);
  const clock = new ManualClock();
  const heard: string[] = [];
  const changes = new Watch();
  const hear = (word: string) => {
    heard.push(word);
    changes.changed();
  };
  const logged: unknown[] = [];
  const note = (fields: unknown) => void logged.push(fields);
  const log = { debug: note, info: note, warn: note, error: note };
  const supervisor = new Supervisor(
    { clock, log, program, data: data.path, instance: 'test', docker: 'never' },
    {
      started: (socket) => hear(socket.startsWith(data.path) ? 'started' : socket),
      ended: (reason) => hear(reason),
      missing: () => hear('missing'),
    },
  );
  /** Resolves when it has told so many things. */
  const told = (count: number) => changes.until(() => heard.length >= count);
  return { supervisor, clock, heard, told, logged };
}

/** Fails to start, and again; then lives until somebody connects to it. */
const FAILS_TWICE = `
  import { writeFileSync } from 'node:fs';
  import { createServer } from 'node:net';
  const socket = process.env.CODESYNC_RUNNER_SOCKET;
  if (!socket.endsWith('-3.sock')) process.exit(3);
  createServer(() => process.exit(3)).listen(socket, () => writeFileSync(socket + '.listens', ''));`;

/** Resolves with the socket in a folder, once the program listens: the file is there before that. */
async function socketIn(folder: string): Promise<string> {
  const watcher = watch(folder);
  for (;;) {
    const name = readdirSync(folder).find((name) => name.endsWith('.listens'));
    if (name === undefined) await once(watcher, 'change');
    else {
      watcher.close();
      return join(folder, name.replace('.listens', ''));
    }
  }
}

const LIVES = 'process.stdin.resume(); process.stdin.on("end", () => process.exit(0));';

test('[A39] a runner that ends is started again, later each time that it fails', async () => {
  const { supervisor, clock, heard, told, logged } = setUp('process.exit(3)');
  supervisor.start();
  for (const [failures, waitMs] of [200, 1_000, 5_000, 15_000, 15_000].entries()) {
    await told(2 * failures + 2);
    await clock.pass(waitMs - 1);
    expect(heard).toHaveLength(2 * failures + 2);
    await clock.pass(1);
    // It may have ended again by now.
    expect(heard[2 * failures + 2]).toBe('started');
  }
  expect(heard.slice(0, 4)).toEqual(['started', 'exit 3', 'started', 'exit 3']);
  expect(logged[0]).toEqual({ reason: 'exit 3' });
  await told(12);
});

test('one that lived for long is started again soon', async () => {
  const { supervisor, clock, heard, told } = setUp(FAILS_TWICE);
  supervisor.start();
  for (const [failures, waitMs] of [200, 1_000].entries()) {
    await told(2 * failures + 2);
    await clock.pass(waitMs);
  }
  const socket = await socketIn(data.path);
  await clock.pass(60_000);
  connect(socket).on('error', () => undefined); // The program ends without closing it.
  await told(6);
  await clock.pass(200);
  expect(heard[6]).toBe('started');
  await supervisor.stop();
});

test('one that is to stop ends, and is not started again', async () => {
  const { supervisor, clock, heard } = setUp(LIVES);
  supervisor.start();
  await supervisor.stop();
  await clock.pass(60_000);
  expect(heard).toEqual(['started', expect.stringMatching(/^(SIGTERM|exit 0)$/)]);
});

test('one that is to stop while it waits to be started again is not', async () => {
  const { supervisor, clock, heard, told } = setUp('process.exit(3)');
  supervisor.start();
  await told(2);
  await supervisor.stop();
  await clock.pass(60_000);
  expect(heard).toEqual(['started', 'exit 3']);
});

test('without a program nothing is started', async () => {
  const { supervisor, clock, heard } = setUp(null);
  supervisor.start();
  await clock.pass(60_000);
  await supervisor.stop();
  expect(heard).toEqual(['missing']);
});

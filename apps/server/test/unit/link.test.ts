// The link to a runner, with a socket of the test's own at the other end.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { RUNNER_PROTOCOL, type RunnerEvent } from '@codesync/protocol';
import { ManualClock, Watch } from '@codesync/protocol/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunnerLink } from '../../src/runner-client/link.ts';
import { dataFolder } from '../support/server.ts';

const HELLO = { type: 'hello', protocol: RUNNER_PROTOCOL, instance: 'test' };
const problem = (message: string) => ({ type: 'problem', message });

let data: ReturnType<typeof dataFolder>;
let server: Server;
let clock: ManualClock;
let link: RunnerLink;
let heard: (RunnerEvent | string)[];
let changes: Watch;
let foreign: number[];

beforeEach(() => {
  data = dataFolder();
  server = createServer();
  clock = new ManualClock();
  heard = [];
  changes = new Watch();
  foreign = [];
  const hear = (what: RunnerEvent | string) => {
    heard.push(what);
    changes.changed();
  };
  link = new RunnerLink(join(data.path, 'runner.sock'), clock, {
    event: hear,
    lost: hear,
    foreign: (protocol) => foreign.push(protocol),
  });
});

afterEach(() => {
  link.close('the test is over');
  server.close();
  data.remove();
});

/** Resolves once so many things were heard. */
function told(count: number): Promise<void> {
  return changes.until(() => heard.length >= count);
}

async function listen(): Promise<void> {
  server.listen(join(data.path, 'runner.sock'));
  await once(server, 'listening');
}

/** The other end of the link's next connection, `waitMs` from now, once it has said hello. */
async function connected(waitMs = 50): Promise<{ socket: Socket; said: string }> {
  const connection = once(server, 'connection');
  await clock.pass(waitMs);
  const [socket] = (await connection) as [Socket];
  socket.on('error', () => undefined);
  const [chunk] = await once(socket, 'data');
  return { socket, said: String(chunk) };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.resume();
  });
}

function say(socket: Socket, ...messages: object[]): void {
  socket.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
}

test('says hello as soon as a runner listens, and sends what is for it once that has answered', async () => {
  await clock.pass(1_000);
  await listen();
  const { socket, said } = await connected();
  expect(said).toBe(`${JSON.stringify({ type: 'hello', protocol: RUNNER_PROTOCOL })}\n`);
  expect(link.send({ type: 'hello', protocol: 1 })).toBe('away');
  say(socket, HELLO, problem('one'), problem('two'));
  await told(2);
  expect(heard).toEqual([problem('one'), problem('two')]);
  const next = once(socket, 'data');
  expect(link.send({ type: 'hello', protocol: 1 })).toBe('sent');
  expect(String((await next)[0])).toBe('{"type":"hello","protocol":1}\n');
});

test('a connection that ends is told once, and made again', async () => {
  await listen();
  const first = await connected();
  say(first.socket, HELLO);
  first.socket.end();
  await told(1);
  expect(heard).toEqual(['the runner closed the connection']);
  expect(link.send({ type: 'hello', protocol: 1 })).toBe('away');
  const { socket } = await connected();
  say(socket, HELLO, problem('again'));
  await told(2);
  expect(heard.slice(1)).toEqual([problem('again')]);
});

test('a message that is not known ends the connection, and nothing behind it is heard', async () => {
  await listen();
  const { socket } = await connected();
  say(socket, HELLO, problem('one'), { type: 'news' }, problem('two'));
  await told(2);
  expect(heard).toEqual([problem('one'), 'the runner sent a message that this server does not know']);
});

test('a runner of another protocol is not heard', async () => {
  await listen();
  const { socket } = await connected();
  say(socket, { ...HELLO, protocol: RUNNER_PROTOCOL + 1 }, problem('one'));
  await closed(socket);
  expect(link.send({ type: 'hello', protocol: 1 })).toBe('away');
  await connected(100);
  expect(heard).toEqual([]);
});

test('a runner of another protocol is told once, and asked again later each time', async () => {
  let connections = 0;
  server.on('connection', () => connections++);
  await listen();
  const waits = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000];
  for (const [before, waitMs] of waits.entries()) {
    await clock.pass(waitMs - 1);
    expect(connections).toBe(before);
    const { socket } = await connected(1);
    say(socket, { ...HELLO, protocol: RUNNER_PROTOCOL - 1 });
    await closed(socket);
  }
  expect(foreign).toEqual([RUNNER_PROTOCOL - 1]);
});

test('a runner that speaks the protocol again is asked again soon, and told when it changes once more', async () => {
  await listen();
  for (const [waitMs, protocol] of [
    [50, RUNNER_PROTOCOL + 1],
    [100, RUNNER_PROTOCOL],
    [50, RUNNER_PROTOCOL + 2],
  ] as const) {
    const { socket } = await connected(waitMs);
    say(socket, { ...HELLO, protocol });
    if (protocol === RUNNER_PROTOCOL) socket.end(`${JSON.stringify(problem('one'))}\n`);
    await closed(socket);
  }
  await clock.pass(0);
  expect(heard).toEqual([problem('one'), 'the runner closed the connection']);
  expect(foreign).toEqual([RUNNER_PROTOCOL + 1, RUNNER_PROTOCOL + 2]);
});

test('a link that is closed hears nothing and connects no more', async () => {
  await listen();
  const { socket } = await connected();
  void changes.until(() => {
    if (heard.length > 0) link.close('it has ended');
    return false;
  });
  say(socket, HELLO, problem('one'), problem('two'));
  await closed(socket);
  let connections = 0;
  server.on('connection', () => connections++);
  await clock.pass(1_000);
  expect(heard).toEqual([problem('one')]);
  expect(connections).toBe(0);
});

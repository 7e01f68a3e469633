// The runner's socket, with a client of the tests at the other end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BLOB_PART_BYTES,
  type BlobNone,
  type BlobPart,
  type FilesCommand,
  type TerminalCommand,
  WORKSPACE_LIMITS,
} from '@codesync/protocol';
import { runId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunnerSocket } from '../../src/socket.ts';
import { RunnerClient } from '../support/client.ts';

let folder: string;
let path: string;
let socket: RunnerSocket;
let client: RunnerClient;
let opened: string[];
let closed: string[];
let commands: (TerminalCommand | FilesCommand)[];
let begun: string[];
let blobs: (BlobPart | BlobNone)[];

beforeEach(async () => {
  [opened, closed, commands, begun, blobs] = [[], [], [], [], []];
  folder = mkdtempSync(join(tmpdir(), 'codesync-socket-'));
  path = join(folder, 'runner.sock');
  socket = new RunnerSocket({
    path,
    instance: 'test',
    runs: {
      start: () => true,
      stop: () => undefined,
      stdin: () => undefined,
      blob: (blob) => blobs.push(blob),
    },
    workspaces: {
      open: ({ workspace }) => {
        const fresh = !opened.includes(workspace);
        opened.push(workspace);
        return fresh;
      },
      close: (workspace) => closed.push(workspace),
      openTerminal: ({ terminal }) => (terminal === 1 ? null : 'Not this one.'),
      command: (command) => commands.push(command),
      begin: (workspace) => begun.push(workspace),
      files: (command) => commands.push(command),
    },
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

test('a connection that closes closes the workspaces that it opened, and no others', async () => {
  const open = (workspace: string) =>
    client.sendLine(JSON.stringify({ type: 'workspace.open', workspace, room: 'r', network: 'n' }));
  open('workspace-1');
  open('workspace-1');
  open('workspace-2');
  await client.until(() => client.problems.length === 1);
  expect(client.problems).toEqual(['A workspace workspace-1 is open.']);
  const other = await RunnerClient.connect(path);
  other.sendLine(
    JSON.stringify({ type: 'workspace.open', workspace: 'workspace-2', room: 'r', network: 'n' }),
  );
  await other.until(() => other.problems.length === 1);
  other.close();
  await vi.waitFor(() => expect(opened.length).toBe(4));
  client.close();
  await vi.waitFor(() => expect(closed).toEqual(['workspace-1', 'workspace-2']));
});

test('what is said to a terminal has its limits, and a terminal that cannot be opened is named', async () => {
  const say = (command: object) =>
    client.sendLine(JSON.stringify({ workspace: 'workspace-1', terminal: 1, ...command }));
  const { inputBytes } = WORKSPACE_LIMITS;
  const bytes = Buffer.alloc(inputBytes).toString('base64');
  say({ type: 'terminal.open', cols: 80, rows: 24 });
  say({ type: 'terminal.input', bytes });
  say({ type: 'terminal.read', upTo: 9 });
  const refused = [
    { type: 'terminal.open', terminal: 2, cols: 80, rows: 24 },
    { type: 'terminal.input', bytes: Buffer.alloc(inputBytes + 3).toString('base64') },
    { type: 'terminal.input', bytes: 'no base64' },
    { type: 'terminal.open', cols: 1, rows: 24 },
    { type: 'terminal.resize', cols: 80, rows: 301 },
    { type: 'terminal.open', terminal: 0, cols: 80, rows: 24 },
    { type: 'terminal.close', terminal: 65_536 },
    { type: 'terminal.read', upTo: -1 },
  ];
  for (const command of refused) say(command);
  await client.until(() => client.problems.length === refused.length);
  expect(client.problems[0]).toBe('Not this one.');
  expect(commands.map(({ type }) => type)).toEqual(['terminal.input', 'terminal.read']);
});

test('what is said of files reaches the workspace, in its order with the beginning', async () => {
  const workspace = 'workspace-1';
  const say = (command: object) => client.sendLine(JSON.stringify({ workspace, n: 1, ...command }));
  const write = { type: 'files.write', path: 'a', over: 0, at: 0, remove: 0, text: 'x' };
  say(write);
  say({ type: 'workspace.begin' });
  say({ type: 'files.seen', batch: 1 });
  say({ ...write, over: -1 });
  say({ ...write, path: '' });
  await client.until(() => client.problems.length === 2);
  expect(commands.map(({ type }) => type)).toEqual(['files.write', 'files.seen']);
  expect(begun).toEqual([workspace]);
});

test('parts of a blob are taken, the largest too, and what is none is named', async () => {
  const say = (message: object) =>
    client.sendLine(
      JSON.stringify({ type: 'blob.part', run: runId('run-of-a-test'), hash: 'a'.repeat(64), ...message }),
    );
  const data = (bytes: number) => Buffer.alloc(bytes).toString('base64');
  say({ part: 0, data: data(BLOB_PART_BYTES) });
  say({ part: 1, data: data(BLOB_PART_BYTES + 3) });
  say({ part: -1, data: '' });
  say({ part: 0, data: '', hash: '../../etc' });
  say({ type: 'blob.none' });
  await client.until(() => client.problems.length === 3);
  expect(blobs.map(({ type }) => type)).toEqual(['blob.part', 'blob.none']);
});

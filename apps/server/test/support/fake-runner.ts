// A runner in the place of the real one: speaks its protocol, and does what the first line of a program says.
import { createHash, type Hash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import {
  type BlobPart,
  MessageLines,
  RUNNER_LIMITS,
  RUNNER_PROTOCOL,
  type RunId,
  type RunnerEvent,
  type RunnerStart,
  runnerCommand,
} from '@codesync/protocol';
import { FakeWorkspaces } from './fake-workspaces.ts';
import { blobOf, orderOf, printed } from './orders.ts';

const path = process.env.CODESYNC_RUNNER_SOCKET!;
const pool = { warm: 2, wanted: 3, starting: 1, busy: 0, queued: 0 };
const READY: RunnerEvent = {
  type: 'status',
  phase: 'ready',
  pools: { python: pool, javascript: pool, go: pool, rust: pool },
  workspaces: pool,
  image: 'codesync-sandbox:test',
  check: { summary: 'The sandbox checked itself.', gaps: [] },
};
const going = new Map<RunId, Socket>();
/** How many outputs of each run were sent. */
const outputs = new Map<RunId, number>();
/** What has come of the blobs that runs wait for, and how many bytes have not. */
const reading = new Map<RunId, { readonly sum: Hash; left: number }>();

function say(socket: Socket, event: RunnerEvent): void {
  socket.write(`${JSON.stringify(event)}\n`);
}

function print(socket: Socket, run: RunId, stream: 'stdout' | 'stderr', text: string): void {
  const n = (outputs.get(run) ?? 0) + 1;
  outputs.set(run, n);
  say(socket, { type: 'run.output', run, n, stream, text });
}

function end(run: RunId, reason: 'exit' | 'stopped' | 'infrastructure', exitCode: number | null): void {
  const socket = going.get(run);
  if (socket === undefined) return;
  going.delete(run);
  const numbers = {
    wallMs: 3,
    compileMs: 0,
    cpuMs: 2,
    peakBytes: 1_000,
    truncated: { stdout: 0, stderr: 0 },
  };
  say(socket, { type: 'run.ended', run, reason, exitCode, signal: null, cached: false, ...numbers });
}

function start(socket: Socket, request: RunnerStart): void {
  const { run } = request;
  going.set(run, socket);
  const { order, argument } = orderOf(request);
  if (order === 'sum') {
    const { hash, bytes } = blobOf(request, argument);
    reading.set(run, { sum: createHash('sha256'), left: bytes });
    say(socket, { type: 'blob.wanted', run, hash });
    return;
  }
  say(socket, { type: 'run.phase', run, phase: 'running' });
  if (order === 'die') process.kill(process.pid, 'SIGKILL');
  if (order === 'wait') return;
  if (order === 'blink') {
    for (let i = 0; i < 3; i++)
      say(socket, { type: 'status', phase: 'absent', reason: 'Gone.', mend: 'Wait.' });
    say(socket, READY);
    end(run, 'exit', 0);
  }
  if (order === 'print') {
    for (const { stream, text } of printed(argument)) print(socket, run, stream, text);
    end(run, 'exit', 0);
  }
}

function takePart(socket: Socket, { run, data }: BlobPart): void {
  const blob = reading.get(run);
  if (blob === undefined) return;
  const bytes = Buffer.from(data, 'base64');
  blob.sum.update(bytes);
  blob.left -= bytes.length;
  if (blob.left > 0) return;
  say(socket, { type: 'run.phase', run, phase: 'running' });
  print(socket, run, 'stdout', `${blob.sum.digest('hex')}\n`);
  end(run, 'exit', 0);
}

function take(socket: Socket, workspaces: FakeWorkspaces, line: string): void {
  const command = runnerCommand.parse(JSON.parse(line));
  if ('workspace' in command) {
    workspaces.take(command);
    return;
  }
  switch (command.type) {
    case 'hello':
      say(socket, { type: 'hello', protocol: RUNNER_PROTOCOL, instance: process.env.CODESYNC_INSTANCE! });
      say(socket, READY);
      break;
    case 'run.start':
      start(socket, command);
      break;
    case 'blob.part':
      takePart(socket, command);
      break;
    case 'blob.none':
      end(command.run, 'infrastructure', null);
      break;
    case 'run.stop':
      end(command.run, 'stopped', null);
      break;
    case 'run.stdin': {
      const { run, text, eof } = command;
      if (!going.has(run)) return;
      if (text !== '') print(socket, run, 'stdout', `read ${text}`);
      if (eof) end(run, 'exit', 0);
    }
  }
}

createServer((socket) => {
  const lines = new MessageLines(RUNNER_LIMITS.lineBytes);
  const workspaces = new FakeWorkspaces((event) => say(socket, event));
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => lines.push(chunk, (line) => take(socket, workspaces, line)));
}).listen(path);

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

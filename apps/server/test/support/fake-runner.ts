// A runner in the place of the real one: speaks its protocol, and does what the first line of a program says.
import { createServer, type Socket } from 'node:net';
import { RUNNER_PROTOCOL, type RunnerEvent, type RunnerStart, runnerCommand } from '@codesync/protocol';

const path = process.env.CODESYNC_RUNNER_SOCKET!;
const pool = { warm: 2, wanted: 3, starting: 1, busy: 0, queued: 0 };
const READY: RunnerEvent = {
  type: 'status',
  phase: 'ready',
  pools: { python: pool, javascript: pool, go: pool, rust: pool },
  image: 'codesync-sandbox:test',
  check: { summary: 'The sandbox checked itself.', gaps: [] },
};
const going = new Map<string, Socket>();

function say(socket: Socket, event: RunnerEvent): void {
  socket.write(`${JSON.stringify(event)}\n`);
}

function end(run: string, reason: 'exit' | 'stopped', exitCode: number | null): void {
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

function start(socket: Socket, { run, entry, files }: RunnerStart): void {
  going.set(run, socket);
  const program = files.find((file) => file.path === entry)!.text;
  const [order = '', argument = ''] = program.split('\n')[0]!.split(' ');
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
    for (let i = 0; i < Number(argument); i++) {
      say(socket, {
        type: 'run.output',
        run,
        stream: i % 2 === 0 ? 'stdout' : 'stderr',
        text: `line ${i}\n`,
      });
    }
    end(run, 'exit', 0);
  }
}

function take(socket: Socket, line: string): void {
  const command = runnerCommand.parse(JSON.parse(line));
  switch (command.type) {
    case 'hello':
      say(socket, { type: 'hello', protocol: RUNNER_PROTOCOL, instance: process.env.CODESYNC_INSTANCE! });
      say(socket, READY);
      break;
    case 'run.start':
      start(socket, command);
      break;
    case 'run.stop':
      end(command.run, 'stopped', null);
      break;
    case 'run.stdin': {
      const { run, text, eof } = command;
      say(socket, { type: 'run.output', run, stream: 'stdout', text: `read ${text}` });
      if (eof) end(run, 'exit', 0);
    }
  }
}

createServer((socket) => {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(socket, line);
  });
}).listen(path);

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

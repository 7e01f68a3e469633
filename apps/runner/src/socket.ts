/** The server's side of the runner: a Unix socket that speaks the runner protocol, one JSON object a line. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  RUNNER_LIMITS as LIMITS,
  MessageLines,
  parseForeign,
  parseLine,
  RUNNER_PROTOCOL,
  type RunId,
  type RunnerEvent,
  type RunnerStatus,
  runnerCommand,
} from '@codesync/protocol';
import type { Runs } from './runs.ts';

export type RunnerSocketOptions = {
  readonly path: string;
  readonly instance: string;
  readonly runs: Pick<Runs, 'start' | 'stop' | 'stdin'>;
  readonly status: () => RunnerStatus;
};

export class RunnerSocket {
  readonly #options: RunnerSocketOptions;
  readonly #server: Server;
  readonly #greeted = new Set<Socket>();

  constructor(options: RunnerSocketOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Listens; a socket file that a killed runner left is replaced. Only this user may connect. */
  listen(): Promise<void> {
    rmSync(this.#options.path, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.path, () => {
        chmodSync(this.#options.path, 0o600);
        resolve();
      });
    });
  }

  /** Tells every connected server. */
  broadcast(status: RunnerStatus): void {
    for (const socket of this.#greeted) send(socket, status);
  }

  /** Ends all connections after what was sent, and removes the socket file. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#greeted) socket.end();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    for (const socket of this.#greeted) socket.destroy();
    rmSync(this.#options.path, { force: true });
  }

  #serve(socket: Socket): void {
    const { runs, instance, status } = this.#options;
    const lines = new MessageLines(LIMITS.lineBytes);
    const own = new Set<RunId>();
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#greeted.delete(socket);
      for (const run of own) runs.stop(run);
    });
    const problem = (message: string) => send(socket, { type: 'problem', message });
    const handle = (line: string) => {
      const command = parseForeign(runnerCommand, parseLine(line));
      if (!command.success) return problem(`Not a command of this protocol: ${firstIssue(command.error)}`);
      const message = command.data;
      if (message.type === 'hello') {
        send(socket, { type: 'hello', protocol: RUNNER_PROTOCOL, instance });
        if (message.protocol !== RUNNER_PROTOCOL) {
          problem(`This runner speaks version ${RUNNER_PROTOCOL}, not ${message.protocol}.`);
          socket.end();
          return;
        }
        this.#greeted.add(socket);
        send(socket, status());
      } else if (!this.#greeted.has(socket)) {
        problem('Say hello first.');
      } else if (message.type === 'run.start') {
        const mine = own.has(message.run);
        own.add(message.run);
        const begun = runs.start(message, (event) => {
          if (event.type === 'run.ended') own.delete(event.run);
          send(socket, event);
        });
        if (begun) return;
        if (!mine) own.delete(message.run);
        problem(`A run ${message.run} is under way.`);
      } else if (message.type === 'run.stop') {
        runs.stop(message.run);
      } else {
        runs.stdin(message);
      }
    };
    socket.on('data', (chunk) => {
      try {
        if (lines.push(chunk, handle)) return;
        problem(`A line has more than ${LIMITS.lineBytes} bytes.`);
      } catch (error) {
        problem(error instanceof Error ? error.message : String(error));
      }
      socket.destroy();
    });
  }
}

function send(socket: Socket, event: RunnerEvent): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(event)}\n`);
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'message'}: ${issue.message}`;
}

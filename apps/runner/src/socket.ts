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
  type RunnerCommand,
  type RunnerEvent,
  type RunnerStatus,
  runnerCommand,
  type WorkspaceId,
} from '@codesync/protocol';
import type { Runs } from './runs.ts';
import type { Workspaces } from './workspaces.ts';

export type RunnerSocketOptions = {
  readonly path: string;
  readonly instance: string;
  readonly runs: Pick<Runs, 'start' | 'stop' | 'stdin' | 'blob'>;
  readonly workspaces: Pick<Workspaces, 'open' | 'close' | 'begin' | 'openTerminal' | 'command' | 'files'>;
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
    const lines = new MessageLines(LIMITS.lineBytes);
    const own: Own = { runs: new Set(), workspaces: new Set() };
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#greeted.delete(socket);
      for (const run of own.runs) this.#options.runs.stop(run);
      for (const workspace of own.workspaces) this.#options.workspaces.close(workspace);
    });
    const problem = (message: string) => send(socket, { type: 'problem', message });
    const handle = (line: string) => {
      const command = parseForeign(runnerCommand, parseLine(line));
      if (!command.success) return problem(`Not a command of this protocol: ${firstIssue(command.error)}`);
      if (command.data.type === 'hello') this.#greet(socket, command.data.protocol);
      else if (this.#greeted.has(socket)) this.#carryOut(command.data, own, socket);
      else problem('Say hello first.');
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

  #greet(socket: Socket, protocol: number): void {
    send(socket, { type: 'hello', protocol: RUNNER_PROTOCOL, instance: this.#options.instance });
    if (protocol === RUNNER_PROTOCOL) {
      this.#greeted.add(socket);
      send(socket, this.#options.status());
      return;
    }
    const message = `This runner speaks version ${RUNNER_PROTOCOL}, not ${protocol}.`;
    send(socket, { type: 'problem', message });
    socket.end();
  }

  #carryOut(command: Exclude<RunnerCommand, { type: 'hello' }>, own: Own, socket: Socket): void {
    const { runs, workspaces } = this.#options;
    const problem = (message: string) => send(socket, { type: 'problem', message });
    switch (command.type) {
      case 'run.start': {
        const begun = owned(own.runs, command.run, (over) =>
          runs.start(command, (event) => {
            if (event.type === 'run.ended') over();
            send(socket, event);
          }),
        );
        if (!begun) problem(`A run ${command.run} is under way.`);
        return;
      }
      case 'run.stop':
        runs.stop(command.run);
        return;
      case 'run.stdin':
        runs.stdin(command);
        return;
      case 'blob.part':
      case 'blob.none':
        runs.blob(command);
        return;
      case 'workspace.open': {
        const begun = owned(own.workspaces, command.workspace, (over) =>
          workspaces.open(command, (event) => {
            if (event.type === 'workspace.ended') over();
            send(socket, event);
          }),
        );
        if (!begun) problem(`A workspace ${command.workspace} is open.`);
        return;
      }
      case 'workspace.close':
        workspaces.close(command.workspace);
        return;
      case 'workspace.begin':
        workspaces.begin(command.workspace);
        return;
      case 'terminal.open': {
        const refusal = workspaces.openTerminal(command);
        if (refusal !== null) problem(refusal);
        return;
      }
      default:
        if ('terminal' in command) workspaces.command(command);
        else workspaces.files(command);
    }
  }
}

/** What ends with the connection. */
type Own = { readonly runs: Set<RunId>; readonly workspaces: Set<WorkspaceId> };

/** Begins something that is among `own` until it calls `over`, which it may do at once. False when it is not begun. */
function owned<Id>(own: Set<Id>, id: Id, begin: (over: () => void) => boolean): boolean {
  const mine = own.has(id);
  own.add(id);
  const begun = begin(() => own.delete(id));
  if (!begun && !mine) own.delete(id);
  return begun;
}

function send(socket: Socket, event: RunnerEvent): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(event)}\n`);
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'message'}: ${issue.message}`;
}

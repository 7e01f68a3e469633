import { connect, type Socket } from 'node:net';
import {
  RUNNER_LIMITS,
  RUNNER_PROTOCOL,
  type RunnerCommand,
  type RunnerEvent,
  runnerEvent,
} from '@codesync/protocol';

export type ConnectionListener = {
  readonly event: (event: RunnerEvent) => void;
  /** The connection has ended, or never came about. Called once. */
  readonly closed: (reason: string) => void;
};

/** One connection to the runner: lines of JSON both ways, each parsed before anyone sees it. */
export class RunnerConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  #rest: string[] = [];
  #restUnits = 0;
  #reason = 'the runner closed the connection';
  #closed = false;

  constructor(path: string, listener: ConnectionListener) {
    this.#listener = listener;
    this.#socket = connect(path);
    this.#socket.setEncoding('utf8');
    this.#socket.once('connect', () => this.send({ type: 'hello', protocol: RUNNER_PROTOCOL }));
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.once('error', (error) => {
      this.#reason = error.message;
    });
    this.#socket.once('close', () => this.#end());
  }

  send(command: RunnerCommand): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(command)}\n`);
  }

  close(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    const lines = chunk.split('\n');
    this.#rest.push(lines[0]!);
    this.#restUnits += lines[0]!.length;
    if (lines.length === 1) {
      if (this.#restUnits > RUNNER_LIMITS.lineBytes) this.close('the runner sent a line without an end');
      return;
    }
    const last = lines.pop()!;
    lines[0] = this.#rest.join('');
    this.#rest = [last];
    this.#restUnits = last.length;
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (this.#closed || line === '') return;
    const parsed = runnerEvent.safeParse(parseJson(line));
    if (!parsed.success) this.close('the runner sent a message that this server does not know');
    else if (parsed.data.type === 'hello' && parsed.data.protocol !== RUNNER_PROTOCOL) {
      this.close(`the runner speaks protocol ${parsed.data.protocol}, not ${RUNNER_PROTOCOL}`);
    } else this.#listener.event(parsed.data);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.closed(this.#reason);
  }
}

/** Null, which is no message, for what is not JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

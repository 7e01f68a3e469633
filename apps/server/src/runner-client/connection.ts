import { connect, type Socket } from 'node:net';
import {
  MessageLines,
  parseForeign,
  parseLine,
  RUNNER_LIMITS,
  RUNNER_PROTOCOL,
  type RunnerCommand,
  type RunnerEvent,
  runnerEvent,
} from '@codesync/protocol';

export type ConnectionListener = {
  readonly event: (event: RunnerEvent) => void;
  /**
   * The connection has ended, or never came about. Called once. `foreign` is the version of the protocol that the runner
   * speaks if that is why.
   */
  readonly closed: (reason: string, foreign: number | null) => void;
};

/** One connection to the runner: lines of JSON both ways, each parsed before anyone sees it. */
export class RunnerConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #lines = new MessageLines(RUNNER_LIMITS.lineBytes);
  #reason = 'the runner closed the connection';
  #foreign: number | null = null;
  #closed = false;

  constructor(path: string, listener: ConnectionListener) {
    this.#listener = listener;
    this.#socket = connect(path);
    this.#socket.once('connect', () => this.send({ type: 'hello', protocol: RUNNER_PROTOCOL }));
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.once('error', (error) => {
      this.#reason = error.message;
    });
    this.#socket.once('close', () => this.#end());
  }

  /**
   * False for a command that is too long for the runner, which would close the connection over it: nothing is sent.
   * @param gone is called when the command has left this process, or cannot any more.
   */
  send(command: RunnerCommand, gone?: () => void): boolean {
    const line = Buffer.from(`${JSON.stringify(command)}\n`);
    if (line.length > RUNNER_LIMITS.lineBytes) return false;
    if (this.#socket.writable) this.#socket.write(line, gone);
    else gone?.();
    return true;
  }

  close(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (!this.#lines.push(chunk, (line) => this.#take(line)))
      this.close('the runner sent a line without an end');
  }

  #take(line: string): void {
    if (this.#socket.destroyed) return;
    const parsed = parseForeign(runnerEvent, parseLine(line));
    if (!parsed.success) this.close('the runner sent a message that this server does not know');
    else if (parsed.data.type === 'hello' && parsed.data.protocol !== RUNNER_PROTOCOL) {
      this.#foreign = parsed.data.protocol;
      this.close(`the runner speaks protocol ${this.#foreign}, not ${RUNNER_PROTOCOL}`);
    } else this.#listener.event(parsed.data);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.closed(this.#reason, this.#foreign);
  }
}

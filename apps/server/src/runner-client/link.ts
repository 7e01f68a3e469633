// The way to a runner that listens, or soon will: one connection at a time, made again when it ends.
import { existsSync } from 'node:fs';
import type { RunnerCommand, RunnerEvent } from '@codesync/protocol';
import type { Clock } from '../ports.ts';
import { RunnerConnection } from './connection.ts';

export type LinkListener = {
  readonly event: (event: Exclude<RunnerEvent, { type: 'hello' }>) => void;
  /** A connection on which the runner had said hello has ended. Its runs have ended with it. */
  readonly lost: (reason: string) => void;
  /** The runner speaks that version of the protocol, which is not this server's. Called once until it says hello. */
  readonly foreign: (protocol: number) => void;
};

const CONNECT_MS = 50;
/** A runner of another protocol is not asked again more often than this, after a while. */
const MAX_CONNECT_MS = 15_000;

export class RunnerLink {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  #connection: RunnerConnection | null = null;
  #greeted = false;
  /** Connections in a row at which the runner spoke another protocol. */
  #foreign = 0;
  #closed = false;
  #callOff: () => void = () => undefined;

  /** @param path The runner's socket. */
  constructor(path: string, clock: Clock, listener: LinkListener) {
    this.#path = path;
    this.#clock = clock;
    this.#listener = listener;
    this.#connect();
  }

  /**
   * `away`: the runner cannot be told anything now. `tooLong`: it would not take so long a command.
   * @param gone as that of the connection.
   */
  send(command: RunnerCommand, gone?: () => void): 'sent' | 'away' | 'tooLong' {
    if (this.#connection === null || !this.#greeted) return 'away';
    return this.#connection.send(command, gone) ? 'sent' : 'tooLong';
  }

  /** Closes for good; nothing is heard after it. */
  close(reason: string): void {
    this.#closed = true;
    this.#callOff();
    this.#connection?.close(reason);
    this.#connection = null;
  }

  #connect(): void {
    if (!existsSync(this.#path)) {
      this.#connectSoon();
      return;
    }
    this.#connection = new RunnerConnection(this.#path, {
      event: (event) => {
        if (event.type === 'hello') this.#greet();
        else this.#listener.event(event);
      },
      closed: (reason, foreign) => {
        if (this.#closed) return;
        const lost = this.#greeted;
        this.#connection = null;
        this.#greeted = false;
        if (foreign !== null) this.#foreign++;
        this.#connectSoon();
        if (lost) this.#listener.lost(reason);
        if (foreign !== null && this.#foreign === 1) this.#listener.foreign(foreign);
      },
    });
  }

  #greet(): void {
    this.#greeted = true;
    this.#foreign = 0;
  }

  #connectSoon(): void {
    const waitMs = Math.min(CONNECT_MS * 2 ** this.#foreign, MAX_CONNECT_MS);
    this.#callOff = this.#clock.after(waitMs, () => this.#connect());
  }
}

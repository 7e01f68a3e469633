/** One workspace and its terminals, as whoever opened it sees them. */
import type {
  RunnerCommand,
  TerminalEnded,
  TerminalOutput,
  WorkspaceEnded,
  WorkspaceEvent,
  WorkspaceId,
} from '@codesync/protocol';
import { Watch } from '@codesync/protocol/testing';

export class ClientTerminal {
  readonly number: number;
  readonly #workspace: WorkspaceId;
  readonly #send: (command: RunnerCommand) => void;
  readonly #watch = new Watch();
  /** Every end that was told; more than one is a fault of the runner's. */
  readonly ends: TerminalEnded[] = [];
  /** What does not fit the protocol: gaps, and what follows the end. */
  readonly faults: string[] = [];
  /** The output, byte by byte. */
  shown = '';
  /** Bytes that are told to have been read; null to read everything at once. */
  #read: number | null;

  /** @param reads Whether what comes is told to have been read, as it comes. */
  constructor(
    number: number,
    workspace: WorkspaceId,
    send: (command: RunnerCommand) => void,
    reads: boolean,
  ) {
    this.number = number;
    this.#workspace = workspace;
    this.#send = send;
    this.#read = reads ? null : 0;
  }

  type(text: string): void {
    const bytes = Buffer.from(text).toString('base64');
    this.#send({ type: 'terminal.input', workspace: this.#workspace, terminal: this.number, bytes });
  }

  resize(cols: number, rows: number): void {
    this.#send({ type: 'terminal.resize', workspace: this.#workspace, terminal: this.number, cols, rows });
  }

  /** Tells that everything up to there was read. */
  readTo(upTo: number): void {
    this.#read = upTo;
    this.#send({ type: 'terminal.read', workspace: this.#workspace, terminal: this.number, upTo });
  }

  close(): void {
    this.#send({ type: 'terminal.close', workspace: this.#workspace, terminal: this.number });
  }

  /** Resolves when the condition holds after some output, or the end. */
  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  /** Resolves once the output has the text, after what it had at `from`. */
  async untilShown(text: string | RegExp, from = 0): Promise<void> {
    const has = () =>
      typeof text === 'string' ? this.shown.includes(text, from) : text.test(this.shown.slice(from));
    await this.until(() => has() || this.ends.length > 0);
    if (!has())
      throw new Error(`it ended before it showed ${text}: ${JSON.stringify(this.shown.slice(-2_000))}`);
  }

  async ended(): Promise<TerminalEnded> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]!;
  }

  hear(event: TerminalOutput | TerminalEnded): void {
    if (this.ends.length > 0) this.faults.push(`${event.type} after the end`);
    if (event.type === 'terminal.ended') this.ends.push(event);
    else {
      if (event.from !== this.shown.length) this.faults.push(`${event.from} after ${this.shown.length}`);
      this.shown += Buffer.from(event.bytes, 'base64').toString('latin1');
      if (this.#read === null)
        this.#send({
          type: 'terminal.read',
          workspace: this.#workspace,
          terminal: this.number,
          upTo: this.shown.length,
        });
    }
    this.#watch.changed();
  }
}

export class ClientWorkspace {
  readonly id: WorkspaceId;
  readonly #send: (command: RunnerCommand) => void;
  readonly #terminals = new Map<number, ClientTerminal>();
  readonly #watch = new Watch();
  readonly positions: number[] = [];
  readonly ends: WorkspaceEnded[] = [];
  ready = false;

  constructor(id: WorkspaceId, send: (command: RunnerCommand) => void) {
    this.id = id;
    this.#send = send;
  }

  terminal({ cols = 80, rows = 24, reads = true } = {}): ClientTerminal {
    const number = this.#terminals.size + 1;
    const terminal = new ClientTerminal(number, this.id, this.#send, reads);
    this.#terminals.set(number, terminal);
    this.#send({ type: 'terminal.open', workspace: this.id, terminal: number, cols, rows });
    return terminal;
  }

  close(): void {
    this.#send({ type: 'workspace.close', workspace: this.id });
  }

  /** Resolves when the condition holds after some event of the workspace itself. */
  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  async ended(): Promise<WorkspaceEnded> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]!;
  }

  hear(event: WorkspaceEvent): void {
    if ('terminal' in event) this.#terminals.get(event.terminal)?.hear(event);
    else if (event.type === 'workspace.ended') this.ends.push(event);
    else if (event.phase === 'queued') this.positions.push(event.position);
    else this.ready = true;
    this.#watch.changed();
  }
}

/** One workspace and its terminals, as whoever opened it sees them. */
import type {
  FilesChange,
  FilesCommand,
  FilesEvent,
  RunnerCommand,
  TerminalEnded,
  TerminalOutput,
  WorkspaceEnded,
  WorkspaceEvent,
  WorkspaceId,
} from '@codesync/protocol';
import { Watch } from '@codesync/protocol/testing';

/** Less than a test has. */
const PATIENCE_MS = 60_000;

export class ClientTerminal {
  readonly number: number;
  readonly #workspace: WorkspaceId;
  readonly #send: (command: RunnerCommand) => void;
  readonly #watch = new Watch();
  /** Every end that was told; more than one is a fault of the runner's. */
  readonly ends: TerminalEnded[] = [];
  /** What does not fit the protocol: gaps, keys that nobody typed, and what follows the end. */
  readonly faults: string[] = [];
  /** The output, a character for each byte: all of it, unless only the last is kept. */
  shown = '';
  /** How many bytes have come. */
  bytes = 0;
  /** How many bytes were typed, and how many of them are taken. */
  typed = 0;
  taken = 0;
  readonly #keeps: number;
  /** Bytes that are told to have been read; null to read everything at once. */
  #read: number | null;

  /** `reads`: whether what comes is told to have been read, as it comes. `keeps`: how much of it is kept. */
  constructor(
    number: number,
    workspace: WorkspaceId,
    send: (command: RunnerCommand) => void,
    { reads, keeps }: { readonly reads: boolean; readonly keeps: number },
  ) {
    this.number = number;
    this.#workspace = workspace;
    this.#send = send;
    this.#read = reads ? null : 0;
    this.#keeps = keeps;
  }

  type(text: string): void {
    const input = Buffer.from(text);
    this.typed += input.length;
    const bytes = input.toString('base64');
    this.#send({ type: 'terminal.input', workspace: this.#workspace, terminal: this.number, bytes });
  }

  /** Where in `shown` comes what comes next; its beginning where not all is kept. */
  mark(): number {
    return this.bytes === this.shown.length ? this.bytes : 0;
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

  /**
   * Resolves once the output has the text, from `from` on. Rejects with the last of the output when the terminal ends
   * first, or nothing of the kind comes for so long that nothing will.
   */
  async untilShown(text: string | RegExp, from = 0): Promise<void> {
    const has = () =>
      typeof text === 'string' ? this.shown.includes(text, from) : text.test(this.shown.slice(from));
    let over = false;
    const patience = setTimeout(() => {
      over = true;
      this.#watch.changed();
    }, PATIENCE_MS);
    await this.until(() => has() || over || this.ends.length > 0);
    clearTimeout(patience);
    if (!has()) throw new Error(`${text} is not in ${JSON.stringify(this.shown.slice(from).slice(-2_000))}`);
  }

  async ended(): Promise<TerminalEnded> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]!;
  }

  hear(event: TerminalOutput | TerminalEnded): void {
    if (this.ends.length > 0) this.faults.push(`${event.type} after the end`);
    if (event.type === 'terminal.ended') this.ends.push(event);
    else {
      if (event.from !== this.bytes) this.faults.push(`${event.from} after ${this.bytes}`);
      if (event.taken < this.taken || event.taken > this.typed) {
        this.faults.push(`${event.taken} bytes taken after ${this.taken}, of ${this.typed}`);
      }
      this.taken = event.taken;
      const come = Buffer.from(event.bytes, 'base64').toString('latin1');
      this.bytes += come.length;
      this.shown = (this.shown + come).slice(-this.#keeps);
      if (this.#read === null)
        this.#send({
          type: 'terminal.read',
          workspace: this.#workspace,
          terminal: this.number,
          upTo: this.bytes,
        });
    }
    this.#watch.changed();
  }
}

type Without<Message, Key extends PropertyKey> = Message extends unknown ? Omit<Message, Key> : never;
export type FilesOrder = Without<Exclude<FilesCommand, { type: 'files.seen' }>, 'workspace' | 'n'>;
export type FilesAnswer = Exclude<FilesEvent, { type: 'files.changed' }>;

export class ClientWorkspace {
  readonly id: WorkspaceId;
  readonly #send: (command: RunnerCommand) => void;
  readonly #terminals = new Map<number, ClientTerminal>();
  readonly #watch = new Watch();
  readonly positions: number[] = [];
  readonly ends: WorkspaceEnded[] = [];
  /** What was said of programs that were ended for want of memory. */
  readonly memoryNotes: string[] = [];
  /** What was told of files, in its order. Every `files.changed` is told to have been seen, as it comes. */
  readonly answers: FilesAnswer[] = [];
  readonly changes: FilesChange[] = [];
  readonly #begins: boolean;
  #asked = 0;
  ready = false;

  /** `begins`: whether terminals may start as soon as it is ready. */
  constructor(id: WorkspaceId, send: (command: RunnerCommand) => void, begins: boolean) {
    this.id = id;
    this.#send = send;
    this.#begins = begins;
  }

  begin(): void {
    this.#send({ type: 'workspace.begin', workspace: this.id });
  }

  /** Tells the disk; resolves with its answer. */
  async files(order: FilesOrder): Promise<FilesAnswer> {
    const n = ++this.#asked;
    this.#send({ ...order, workspace: this.id, n });
    await this.until(() => this.answers.length >= n || this.ends.length > 0);
    const answer = this.answers[n - 1];
    if (answer?.n !== n) throw new Error(`no answer ${n}: ${JSON.stringify(answer ?? this.ends[0])}`);
    return answer;
  }

  terminal({ cols = 80, rows = 24, reads = true, keeps = Number.MAX_SAFE_INTEGER } = {}): ClientTerminal {
    const number = this.#terminals.size + 1;
    const terminal = new ClientTerminal(number, this.id, this.#send, { reads, keeps });
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
    else if (event.type === 'workspace.memory') this.memoryNotes.push(event.message);
    else if (event.type === 'files.changed') {
      this.changes.push(...event.changes);
      this.#send({ type: 'files.seen', workspace: this.id, batch: event.batch });
    } else if (event.type !== 'workspace.phase') this.answers.push(event);
    else if (event.phase === 'queued') this.positions.push(event.position);
    else {
      this.ready = true;
      if (this.#begins) this.begin();
    }
    this.#watch.changed();
  }
}

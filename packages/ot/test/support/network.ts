// A server and its clients on a network whose every delivery the test decides.
import { expect } from 'vitest';
import { sequel } from '../../src/client.ts';
import {
  Authority,
  acknowledge,
  apply,
  type Client,
  catchUp,
  checkAgainst,
  edit,
  isNoop,
  type LoggedEdit,
  type Op,
  type Outgoing,
  openClient,
  pendingOp,
  refuse,
  remote,
  restoreClient,
  type StoredClient,
  storeClient,
  TextBuffer,
  transformPosition,
  UndoHistory,
} from '../../src/index.ts';
import type { WindowLimits } from '../../src/window.ts';

export interface Logged {
  readonly client: string;
  readonly clientSeq: number;
  readonly op: Op;
}

type Up = { readonly type: 'join'; readonly version: number } | ({ readonly type: 'edit' } & Outgoing);

type Down =
  | { readonly type: 'backlog'; readonly from: number; readonly edits: readonly LoggedEdit[] }
  | { readonly type: 'edit'; readonly version: number; readonly op: Op }
  | { readonly type: 'ack'; readonly version: number }
  | { readonly type: 'refusal'; readonly clientSeq: number };

/** One connection: a queue each way, in order; when it breaks, what is in it is lost. */
class Connection {
  readonly up: Up[] = [];
  readonly down: Down[] = [];
  joined = false;
}

/** The server: its log outlives a restart, the authority's window does not. */
export class Server {
  readonly log: Logged[] = [];
  /** The text at every version. */
  readonly texts: string[];
  /** Says whether an edit is refused, the first time it is seen. */
  refuses: () => boolean = () => false;
  readonly refusals = new Map<string, Op>();
  /** Edits from connections that have gone, which the server gets to later. */
  readonly late: { readonly client: string; readonly message: Up }[] = [];
  readonly #limits: WindowLimits;
  #authority: Authority;
  #buffer: TextBuffer;
  #connections = new Map<string, Connection>();

  constructor(text: string, limits: WindowLimits) {
    this.texts = [text];
    this.#limits = limits;
    this.#authority = new Authority(0, text.length, limits);
    this.#buffer = TextBuffer.from(text);
  }

  get text(): string {
    return this.texts.at(-1)!;
  }

  restart(): void {
    this.#authority = new Authority(this.log.length, this.text.length, this.#limits);
    this.#buffer = TextBuffer.from(this.text);
    this.#connections = new Map();
  }

  connect(client: string, connection: Connection): void {
    this.#connections.set(client, connection);
  }

  /** The connection is gone; `late` edits of it still arrive, the rest is lost. */
  disconnect(client: string, late: readonly Up[] = []): void {
    this.#connections.delete(client);
    for (const message of late) if (message.type === 'edit') this.late.push({ client, message });
  }

  receive(client: string, message: Up): void {
    if (message.type === 'join') this.#join(client, message.version);
    else this.#edit(client, message);
  }

  #join(client: string, version: number): void {
    const connection = this.#connections.get(client)!;
    connection.joined = true;
    const edits = this.log
      .slice(version)
      .map(({ op, client: author, clientSeq }) => (author === client ? { op, clientSeq } : { op }));
    connection.down.push({ type: 'backlog', from: version, edits });
  }

  #edit(client: string, { version: base, clientSeq, op }: Outgoing): void {
    const connection = this.#connections.get(client);
    const own = connection?.joined ? connection : undefined;
    const known = this.log.findIndex((entry) => entry.client === client && entry.clientSeq === clientSeq);
    if (known !== -1) {
      own?.down.push({ type: 'ack', version: known + 1 });
      return;
    }
    const identity = `${client} ${clientSeq}`;
    if (this.refusals.has(identity) || this.refuses()) {
      this.refusals.set(identity, op);
      own?.down.push({ type: 'refusal', clientSeq });
      return;
    }
    const result = this.#order(base, op);
    checkAgainst(result.op, this.#buffer);
    this.#buffer.apply(result.op);
    this.log.push({ client, clientSeq, op: result.op });
    this.texts.push(this.#buffer.toString());
    expect(result.version).toBe(this.log.length);
    const { version } = result;
    for (const other of this.#connections.values()) {
      if (other.joined)
        other.down.push(other === own ? { type: 'ack', version } : { type: 'edit', ...result });
    }
  }

  #order(base: number, op: Op): { version: number; op: Op } {
    let result = this.#authority.receive(base, op);
    if (!result.accepted && result.code === 'base-too-old') {
      const older = this.log.slice(result.from - 1, result.to).map((entry) => entry.op);
      result = this.#authority.receive(base, op, older);
    }
    if (!result.accepted) throw new Error(`an edit of a correct client was refused: ${result.code}`);
    return result;
  }
}

/** What a reload finds. */
interface Stored {
  readonly client: StoredClient;
  readonly nextSeq: number;
}

/** A tab: its client, view, caret and undo; `stored` is what a reload would find. */
export class Tab {
  readonly name: string;
  view: string;
  caret = 0;
  history = new UndoHistory(20);
  connection: Connection | null = null;
  readonly #server: Server;
  #client: Client;
  #nextSeq = 1;
  #stored: Stored;

  constructor(name: string, server: Server) {
    this.name = name;
    this.#server = server;
    this.view = server.text;
    this.#client = openClient(server.log.length);
    this.#stored = { client: storeClient(this.#client), nextSeq: 1 };
  }

  get isSynchronized(): boolean {
    return this.#client.state === 'synchronized';
  }

  connect(): void {
    this.disconnect();
    this.connection = new Connection();
    this.#server.connect(this.name, this.connection);
    this.connection.up.push({ type: 'join', version: this.#client.version });
  }

  /** Loses the connection; the server may still get what is on its way up, out of turn. */
  disconnect(arrivesLate = false): void {
    if (this.connection === null) return;
    this.#server.disconnect(this.name, arrivesLate ? this.connection.up : []);
    this.connection = null;
  }

  /** An edit of one's own; `records` it for undo unless it is itself an undo or a redo. */
  does(op: Op, records = true): void {
    if (records) this.history.record(op, this.view);
    this.view = apply(this.view, op);
    this.caret = transformPosition(this.caret, op, 'right');
    this.#take(edit(this.#client, op, this.#nextSeq));
  }

  undo(): void {
    this.does(this.history.undo() ?? [], false);
  }

  redo(): void {
    this.does(this.history.redo() ?? [], false);
  }

  /** Loses all but what was stored. */
  reload(): void {
    this.disconnect();
    const { client, nextSeq } = JSON.parse(JSON.stringify(this.#stored)) as Stored;
    this.#client = restoreClient(client);
    this.#nextSeq = nextSeq;
    this.view = apply(this.#server.texts[this.#client.version]!, pendingOp(this.#client));
    this.history = new UndoHistory(20);
    this.caret = 0;
  }

  /** The numbers of the edits sent so far are those below it. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  hear(message: Down): void {
    switch (message.type) {
      case 'backlog':
        if (message.from === this.#client.version)
          this.#take(catchUp(this.#client, message.edits, this.#nextSeq));
        return;
      case 'refusal':
        if (this.#client.state === 'synchronized' || this.#client.inFlight.clientSeq !== message.clientSeq)
          return;
        this.#take(refuse(this.#client, this.#server.texts[this.#client.version]!, this.#nextSeq));
        return;
      case 'ack':
      case 'edit': {
        const place = sequel(this.#client, message.version);
        if (place === 'gap') this.connect();
        if (place !== 'next') return;
        if (message.type === 'ack') this.#take(acknowledge(this.#client, message.version, this.#nextSeq));
        else this.#take({ ...remote(this.#client, message.version, message.op), send: null });
      }
    }
  }

  /** [CL2] */
  expectConsistent(): void {
    const { version } = this.#client;
    expect(this.view, this.name).toBe(apply(this.#server.texts[version]!, pendingOp(this.#client)));
  }

  #take(next: { client: Client; send: Outgoing | null; op?: Op }): void {
    this.#client = next.client;
    if (next.op !== undefined && !isNoop(next.op)) {
      this.view = apply(this.view, next.op);
      this.caret = transformPosition(this.caret, next.op, 'left');
      this.history.remote(next.op);
    }
    if (next.send?.clientSeq === this.#nextSeq) this.#nextSeq++;
    this.#stored = { client: storeClient(this.#client), nextSeq: this.#nextSeq };
    if (next.send !== null) this.connection?.up.push({ type: 'edit', ...next.send });
  }
}

/** Delivers everything that is on its way, over new connections, until nothing is. */
export function settle(server: Server, tabs: readonly Tab[]): void {
  server.refuses = () => false;
  for (const tab of tabs) tab.connect();
  for (let busy = true; busy; ) {
    busy = false;
    for (const tab of tabs) {
      const up = tab.connection!.up.shift();
      if (up !== undefined) server.receive(tab.name, up);
      const down = tab.connection!.down.shift();
      if (down !== undefined) tab.hear(down);
      busy ||= up !== undefined || down !== undefined;
    }
  }
}

/** CodeSync: packages/ot, and the event message of packages/protocol. */
import {
  Authority,
  acknowledge,
  ByteReader,
  ByteWriter,
  type Client,
  catchUp,
  checkAgainst,
  edit,
  type Op,
  type Outgoing,
  openClient,
  remote,
  replace,
  resend,
  TextBuffer,
} from '@codesync/ot';
import { LogWriter, type RoomEvent } from '@codesync/protocol';
import { type Engine, type Host, webSocketFrame } from '../engine.ts';
import { type OrderedPerson, OrderedReplica, type OrderedServer, OrderedSession } from '../ordered.ts';

type Wire = { readonly version: number; readonly op: Op };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the room's events are numbered from, and how they follow each other, in messages that are only counted. */
const FIRST_SEQ = 10_000;
const MS_BETWEEN_KEYS = 150;

const writer = new ByteWriter();

function encode({ version, op }: Wire): Uint8Array {
  writer.number(version);
  writer.op(op);
  return writer.take();
}

function decode(message: Uint8Array): Wire {
  const reader = new ByteReader(message);
  const version = reader.number();
  const op = reader.op();
  reader.end();
  return { version, op };
}

class Person implements OrderedPerson<Outgoing> {
  readonly #buffer: TextBuffer;
  #client: Client = openClient(0);
  #sequence = 1;

  constructor(text: string) {
    this.#buffer = TextBuffer.from(text);
  }

  edit(at: number, remove: number, insert: string): Outgoing | null {
    const op = replace(at, remove, insert);
    this.#buffer.apply(op);
    return this.#step(edit(this.#client, op, this.#sequence));
  }

  underWay(): Outgoing | null {
    return resend(this.#client);
  }

  confirm(): Outgoing | null {
    return this.#step(acknowledge(this.#client, this.#client.version + 1, this.#sequence));
  }

  encode({ version, op }: Outgoing): Uint8Array {
    return encode({ version, op });
  }

  receive(messages: readonly Uint8Array[]): void {
    if (this.#client.state === 'synchronized' || messages.length === 1) {
      for (const message of messages)
        this.#show(remote(this.#client, this.#client.version + 1, decode(message).op));
    } else {
      this.#show(catchUp(this.#client, messages.map(decode), this.#sequence));
    }
  }

  text(): string {
    return this.#buffer.toString();
  }

  snapshot(): Uint8Array {
    return encoder.encode(this.text());
  }

  #show({ client, op }: { readonly client: Client; readonly op: Op }): void {
    this.#client = client;
    this.#buffer.apply(op);
  }

  #step({ client, send }: { readonly client: Client; readonly send: Outgoing | null }): Outgoing | null {
    this.#client = client;
    if (send !== null) this.#sequence += 1;
    return send;
  }
}

/** What a room keeps of an open file: its text and its last edits. */
class Room implements Host, OrderedServer {
  readonly #buffer: TextBuffer;
  readonly #authority: Authority;

  constructor(text: string) {
    this.#buffer = TextBuffer.from(text);
    this.#authority = new Authority(0, text.length);
  }

  place(message: Uint8Array): Uint8Array {
    const { version, op } = decode(message);
    const result = this.#authority.receive(version, op);
    if (!result.accepted) throw new Error(`refused: ${result.code}`);
    checkAgainst(result.op, this.#buffer);
    this.#buffer.apply(result.op);
    return encode(result);
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) {
      const { op } = decode(message);
      this.#authority.append(op);
      this.#buffer.apply(op);
    }
  }

  text(): string {
    return this.#buffer.toString();
  }
}

export const engine: Engine = {
  packages: ['@codesync/ot'],
  ordered: true,
  create: (text) => encoder.encode(text),
  load: (snapshot) => new OrderedReplica(new Person(decoder.decode(snapshot))),
  host: (snapshot) => new Room(decoder.decode(snapshot)),
  session: () => new OrderedSession([new Person(''), new Person('')], new Room('')),
  around: 'the log message, Socket.IO packet and WebSocket frame',
  connection() {
    const log = new LogWriter();
    let at = 1_767_225_600_000;
    return (message) => {
      const { version, op } = decode(message);
      at += MS_BETWEEN_KEYS;
      const event: RoomEvent = {
        seq: FIRST_SEQ + version,
        at,
        actor: 'a'.repeat(22),
        origin: { client: 'c'.repeat(22), clientSeq: version + 1 },
        body: { kind: 'edit', file: 'f'.repeat(22), version: version + 1, op },
      };
      // Engine.IO's message, Socket.IO's event, then the name and the parameters as JSON.
      return webSocketFrame(encoder.encode(`42${JSON.stringify(log.write([event]))}`).length);
    };
  },
};

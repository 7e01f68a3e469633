/**
 * CodeSync: packages/ot, and the wire of packages/protocol. A message up is an edit's frame; one down is what a room
 * says of it: a frame of keys, or the first time JSON. In lines c and e, where no server stands between two people,
 * the other reads the edit's frame as the server does.
 */
import {
  Authority,
  acknowledge,
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
import {
  type EditCommand,
  EditReader,
  EditWriter,
  frameName,
  LogReader,
  LogWriter,
  type RoomEvent,
} from '@codesync/protocol';
import { clientId, fileId, participantId } from '@codesync/protocol/testing';
import { type Engine, type Host, webSocketFrame } from '../engine.ts';
import {
  type OrderedPerson,
  OrderedReplica,
  type OrderedServer,
  OrderedSession,
  type Placed,
} from '../ordered.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const FILE = fileId('f'.repeat(22));
const CLIENTS = ['a'.repeat(22), 'b'.repeat(22)] as const;
const MS_BETWEEN_KEYS = 150;

function decode(reader: EditReader, frame: Uint8Array): EditCommand {
  const read = reader.read(frame);
  if (!read.ok) throw new Error(read.error.message);
  return read.command;
}

/** What a room says of its edits. */
class Teller {
  readonly #log = new LogWriter();
  #seq = 0;
  #at = 1_767_225_600_000;

  /** @param client who made it. */
  tell(client: string, clientSeq: number, version: number, op: Op): Placed {
    this.#at += MS_BETWEEN_KEYS;
    const event: RoomEvent = {
      seq: ++this.#seq,
      at: this.#at,
      actor: participantId(client),
      origin: { client: clientId(client), clientSeq },
      body: { kind: 'edit', file: FILE, version, op },
    };
    const [packet] = this.#log.write([event]);
    if ('keys' in packet!) {
      const { frame, acknowledgement } = packet.keys;
      return { others: frame, author: frame.subarray(0, acknowledgement) };
    }
    // Engine.IO's message, Socket.IO's event, then the name and the parameters as JSON.
    const message = encoder.encode(`42${JSON.stringify(['log', ...packet!.log])}`);
    return { others: message, author: message };
  }
}

class Person implements OrderedPerson<Outgoing> {
  readonly #buffer: TextBuffer;
  /** What the room says is read by it, and it is shown what is sent. */
  readonly #reader = new LogReader();
  readonly #up = new EditWriter();
  /** Of the other person, where no server stands between the two. */
  readonly #others = new EditReader();
  /** Whether a room answers: if not, edits are confirmed without a word. */
  readonly #answered: boolean;
  #client: Client = openClient(0);
  #sequence = 1;

  /** @param id of the client that this is where a room answers it. */
  constructor(text: string, id: string | null) {
    this.#buffer = TextBuffer.from(text);
    this.#answered = id !== null;
    this.#reader.sends('join', [{ client: id }]);
  }

  edit(at: number, remove: number, insert: string): Outgoing | null {
    const op = replace(at, remove, insert);
    this.#buffer.apply(op);
    return this.#step(edit(this.#client, op, this.#sequence));
  }

  underWay(): Outgoing | null {
    return resend(this.#client);
  }

  confirm(message?: Uint8Array): Outgoing | null {
    if (message !== undefined) this.#hears(message);
    return this.#step(acknowledge(this.#client, this.#client.version + 1, this.#sequence));
  }

  encode({ clientSeq, version, op }: Outgoing): Uint8Array {
    const command: EditCommand = { clientSeq, body: { kind: 'edit', file: FILE, base: version, op } };
    if (this.#answered) this.#reader.sends('command', [command]);
    return this.#up.write(command);
  }

  receive(messages: readonly Uint8Array[]): void {
    if (this.#client.state === 'synchronized' || messages.length === 1) {
      for (const message of messages)
        this.#show(remote(this.#client, this.#client.version + 1, this.#read(message)));
    } else {
      const steps = messages.map((message, i) => ({
        version: this.#client.version + 1 + i,
        op: this.#read(message),
      }));
      this.#show(catchUp(this.#client, steps, this.#sequence));
    }
  }

  text(): string {
    return this.#buffer.toString();
  }

  snapshot(): Uint8Array {
    return encoder.encode(this.text());
  }

  /** The operation in a message of the room's, or in an edit's frame. */
  #read(message: Uint8Array): Op {
    return frameName(message) === 'edit' ? decode(this.#others, message).body.op : this.#hears(message);
  }

  #hears(message: Uint8Array): Op {
    const [name, ...parameters]: [string, ...unknown[]] =
      frameName(message) === 'keys' ? ['keys', message] : JSON.parse(decoder.decode(message.subarray(2)));
    const { body } = this.#reader.hears(name, parameters)![0]!;
    if (body.kind !== 'edit') throw new Error('not an edit');
    return body.op;
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
  readonly #up = [new EditReader(), new EditReader()] as const;
  readonly #teller = new Teller();

  constructor(text: string) {
    this.#buffer = TextBuffer.from(text);
    this.#authority = new Authority(0, text.length);
  }

  place(message: Uint8Array, person: 0 | 1): Placed {
    const { clientSeq, body } = decode(this.#up[person], message);
    const result = this.#authority.receive(body.base, body.op);
    if (!result.accepted) throw new Error(`refused: ${result.code}`);
    checkAgainst(result.op, this.#buffer);
    this.#buffer.apply(result.op);
    return this.#teller.tell(CLIENTS[person], clientSeq, result.version, result.op);
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) {
      const { op } = decode(this.#up[0], message).body;
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
  load: (snapshot) => new OrderedReplica(new Person(decoder.decode(snapshot), null)),
  host: (snapshot) => new Room(decoder.decode(snapshot)),
  relay() {
    const up = new EditReader();
    const teller = new Teller();
    return (message) => {
      const { clientSeq, body } = decode(up, message);
      return teller.tell(CLIENTS[0], clientSeq, body.base + 1, body.op).others;
    };
  },
  session: () => new OrderedSession([new Person('', CLIENTS[0]), new Person('', CLIENTS[1])], new Room('')),
  around: 'a frame of keys and WebSocket frame, as the product sends them',
  connection: () => (message) => webSocketFrame(message.length),
};

/** ot.js: its operation, client and server. */
import ot from 'ot';
import { type Engine, type Host, webSocketFrame } from '../engine.ts';
import {
  composeTree,
  type OrderedPerson,
  OrderedReplica,
  type OrderedServer,
  OrderedSession,
  type Placed,
  sameToAll,
} from '../ordered.ts';

type Sent = { readonly revision: number; readonly operation: ot.TextOperation };
type Wire = readonly [revision: number, operation: readonly (number | string)[]];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function encode({ revision, operation }: Sent): Uint8Array {
  return encoder.encode(JSON.stringify([revision, operation.toJSON()]));
}

function decode(message: Uint8Array): Sent {
  const [revision, parts]: Wire = JSON.parse(decoder.decode(message));
  return { revision, operation: ot.TextOperation.fromJSON(parts) };
}

class Person extends ot.Client implements OrderedPerson<Sent> {
  #text: string;
  readonly #gathers: boolean;
  /** What waits to be composed into the buffer. */
  #gathered: ot.TextOperation[] = [];
  #outgoing: Sent | null = null;

  constructor(text: string, gathers: boolean) {
    super(0);
    this.#text = text;
    this.#gathers = gathers;
  }

  override sendOperation(revision: number, operation: ot.TextOperation): void {
    this.#outgoing = { revision, operation };
  }

  override applyOperation(operation: ot.TextOperation): void {
    this.#text = operation.apply(this.#text);
  }

  edit(at: number, remove: number, insert: string): Sent | null {
    const operation = new ot.TextOperation();
    operation
      .retain(at)
      .insert(insert)
      .delete(remove)
      .retain(this.#text.length - at - remove);
    this.#text = operation.apply(this.#text);
    if (this.#gathers && this.state instanceof ot.Client.AwaitingWithBuffer) {
      this.#gathered.push(operation);
      return null;
    }
    this.applyClient(operation);
    return this.#take();
  }

  underWay(): Sent | null {
    this.serverReconnect();
    return this.#take();
  }

  confirm(): Sent | null {
    this.#compose();
    this.serverAck();
    return this.#take();
  }

  encode(sent: Sent): Uint8Array {
    return encode(sent);
  }

  receive(messages: readonly Uint8Array[]): void {
    this.#compose();
    for (const message of messages) this.applyServer(decode(message).operation);
  }

  text(): string {
    return this.#text;
  }

  snapshot(): Uint8Array {
    return encoder.encode(this.#text);
  }

  #compose(): void {
    if (this.#gathered.length === 0) return;
    this.applyClient(composeTree(this.#gathered, (first, second) => first.compose(second)));
    this.#gathered = [];
  }

  #take(): Sent | null {
    const outgoing = this.#outgoing;
    this.#outgoing = null;
    return outgoing;
  }
}

class Room implements Host, OrderedServer {
  readonly #server: ot.Server;

  constructor(text: string) {
    this.#server = new ot.Server(text);
  }

  place(message: Uint8Array): Placed {
    const { revision, operation } = decode(message);
    return sameToAll(encode({ revision, operation: this.#server.receiveOperation(revision, operation) }));
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) {
      this.#server.receiveOperation(this.#server.operations.length, decode(message).operation);
    }
  }

  text(): string {
    return this.#server.document;
  }
}

export const engine: Engine = {
  packages: ['ot'],
  ordered: true,
  create: (text) => encoder.encode(text),
  load(snapshot, _person, keeping) {
    return new OrderedReplica(new Person(decoder.decode(snapshot), keeping === 'gathered'));
  },
  host: (snapshot) => new Room(decoder.decode(snapshot)),
  session: () => new OrderedSession([new Person('', false), new Person('', false)], new Room('')),
  around: "its Socket.IO event with a client's id, and WebSocket frame",
  connection: () => (message) => {
    const [, parts]: Wire = JSON.parse(decoder.decode(message));
    const packet = `42${JSON.stringify(['operation', 'c'.repeat(20), parts, null])}`;
    return webSocketFrame(encoder.encode(packet).length);
  },
};

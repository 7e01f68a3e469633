/**
 * ot-text-unicode: only an operation type, so the client and the server around it are ours, and do what ShareDB's do:
 * one operation under way, each key composed into the next, the server transforms over what came since.
 */
import { type TextOp, type } from 'ot-text-unicode';
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

type Wire = { readonly v: number; readonly op: TextOp };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function encode(wire: Wire): Uint8Array {
  return encoder.encode(JSON.stringify(wire));
}

function decode(message: Uint8Array): Wire {
  const wire: Wire = JSON.parse(decoder.decode(message));
  type.checkOp(wire.op);
  return wire;
}

class Person implements OrderedPerson<Wire> {
  #text: string;
  #version = 0;
  #inFlight: TextOp | null = null;
  #buffer: TextOp | null = null;
  readonly #gathers: boolean;
  /** What waits to be composed into the buffer. */
  #gathered: TextOp[] = [];

  constructor(text: string, gathers: boolean) {
    this.#text = text;
    this.#gathers = gathers;
  }

  edit(at: number, remove: number, insert: string): Wire | null {
    const op = type.normalize([at, insert, { d: remove }]);
    this.#text = type.apply(this.#text, op);
    if (this.#inFlight !== null) {
      this.#gathered.push(op);
      if (!this.#gathers) this.#compose();
      return null;
    }
    this.#inFlight = op;
    return this.underWay();
  }

  underWay(): Wire | null {
    return this.#inFlight === null ? null : { v: this.#version, op: this.#inFlight };
  }

  confirm(): Wire | null {
    this.#compose();
    this.#version += 1;
    this.#inFlight = this.#buffer?.length === 0 ? null : this.#buffer;
    this.#buffer = null;
    return this.underWay();
  }

  encode(sent: Wire): Uint8Array {
    return encode(sent);
  }

  receive(messages: readonly Uint8Array[]): void {
    this.#compose();
    for (const message of messages) {
      let { op } = decode(message);
      this.#version += 1;
      for (const pending of ['inFlight', 'buffer'] as const) {
        const own = pending === 'inFlight' ? this.#inFlight : this.#buffer;
        if (own === null) continue;
        const carried = type.transform(own, op, 'left');
        op = type.transform(op, own, 'right');
        if (pending === 'inFlight') this.#inFlight = carried;
        else this.#buffer = carried;
      }
      this.#text = type.apply(this.#text, op);
    }
  }

  text(): string {
    return this.#text;
  }

  snapshot(): Uint8Array {
    return encoder.encode(this.#text);
  }

  #compose(): void {
    if (this.#gathered.length === 0) return;
    const gathered = composeTree(this.#gathered, type.compose);
    this.#buffer = this.#buffer === null ? gathered : type.compose(this.#buffer, gathered);
    this.#gathered = [];
  }
}

class Room implements Host, OrderedServer {
  #text: string;
  readonly #ops: TextOp[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  place(message: Uint8Array): Placed {
    let { v, op } = decode(message);
    for (; v < this.#ops.length; v += 1) op = type.transform(op, this.#ops[v]!, 'left');
    this.#ops.push(op);
    this.#text = type.apply(this.#text, op);
    return sameToAll(encode({ v, op }));
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#text = type.apply(this.#text, decode(message).op);
  }

  text(): string {
    return this.#text;
  }
}

export const engine: Engine = {
  packages: ['ot-text-unicode'],
  ordered: true,
  create: (text) => encoder.encode(text),
  load(snapshot, _person, keeping) {
    return new OrderedReplica(new Person(decoder.decode(snapshot), keeping === 'gathered'));
  },
  host: (snapshot) => new Room(decoder.decode(snapshot)),
  session: () => new OrderedSession([new Person('', false), new Person('', false)], new Room('')),
  around: "ShareDB's op message and WebSocket frame",
  connection: () => (message) => {
    const { v, op } = decode(message);
    const sharedb = { a: 'op', c: 'files', d: 'f'.repeat(22), v, src: 's'.repeat(32), seq: v, op };
    return webSocketFrame(encoder.encode(JSON.stringify(sharedb)).length);
  },
};

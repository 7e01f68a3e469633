/** CodeMirror: @codemirror/state, with @codemirror/collab for what is not confirmed. */
import { collab, getSyncedVersion, rebaseUpdates, receiveUpdates, sendableUpdates } from '@codemirror/collab';
import { ChangeSet, EditorState, Text } from '@codemirror/state';
import { type Engine, type Host, webSocketFrame } from '../engine.ts';
import {
  type OrderedPerson,
  OrderedReplica,
  type OrderedServer,
  OrderedSession,
  type Placed,
  sameToAll,
} from '../ordered.ts';

type Update = { readonly clientID: string; readonly changes: ChangeSet };
type Sent = { readonly version: number; readonly updates: readonly Update[] };
type Wire = {
  readonly version: number;
  readonly updates: readonly { readonly clientID: string; readonly changes: unknown }[];
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function encode({ version, updates }: Sent): Uint8Array {
  const plain = updates.map(({ clientID, changes }) => ({ clientID, changes: changes.toJSON() }));
  return encoder.encode(JSON.stringify({ version, updates: plain }));
}

function decode(message: Uint8Array): Sent {
  const { version, updates }: Wire = JSON.parse(decoder.decode(message));
  return {
    version,
    updates: updates.map(({ clientID, changes }) => ({ clientID, changes: ChangeSet.fromJSON(changes) })),
  };
}

function textOf(text: string): Text {
  return Text.of(text.split('\n'));
}

class Person implements OrderedPerson<Sent> {
  #state: EditorState;
  /** How many updates are under way: the first of those that are not confirmed. */
  #sent = 0;

  constructor(text: string, person: number) {
    const extensions = [collab({ clientID: `client${person}` })];
    this.#state = EditorState.create({ doc: textOf(text), extensions });
  }

  edit(at: number, remove: number, insert: string): Sent | null {
    const changes = { from: at, to: at + remove, insert: textOf(insert) };
    this.#state = this.#state.update({ changes }).state;
    return this.#sent === 0 ? this.#next() : null;
  }

  underWay(): Sent | null {
    if (this.#sent === 0) return null;
    const updates = sendableUpdates(this.#state).slice(0, this.#sent);
    return { version: getSyncedVersion(this.#state), updates };
  }

  confirm(): Sent | null {
    this.#state = receiveUpdates(this.#state, this.underWay()!.updates).state;
    return this.#next();
  }

  encode(sent: Sent): Uint8Array {
    return encode(sent);
  }

  receive(messages: readonly Uint8Array[]): void {
    const updates = messages.flatMap((message) => decode(message).updates);
    this.#state = receiveUpdates(this.#state, updates).state;
  }

  text(): string {
    return this.#state.doc.toString();
  }

  snapshot(): Uint8Array {
    return encoder.encode(this.text());
  }

  #next(): Sent | null {
    this.#sent = sendableUpdates(this.#state).length;
    return this.underWay();
  }
}

class Room implements Host, OrderedServer {
  #text: Text;
  readonly #updates: Update[] = [];

  constructor(text: string) {
    this.#text = textOf(text);
  }

  place(message: Uint8Array): Placed {
    const { version, updates } = decode(message);
    const placed = rebaseUpdates(updates, this.#updates.slice(version));
    const at = this.#updates.length;
    this.#take(placed);
    return sameToAll(encode({ version: at, updates: placed }));
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#take(decode(message).updates);
  }

  text(): string {
    return this.#text.toString();
  }

  #take(updates: readonly Update[]): void {
    for (const update of updates) {
      this.#text = update.changes.apply(this.#text);
      this.#updates.push(update);
    }
  }
}

export const engine: Engine = {
  packages: ['@codemirror/state', '@codemirror/collab'],
  ordered: true,
  create: (text) => encoder.encode(text),
  load: (snapshot, person) => new OrderedReplica(new Person(decoder.decode(snapshot), person)),
  host: (snapshot) => new Room(decoder.decode(snapshot)),
  session: () => new OrderedSession([new Person('', 1), new Person('', 2)], new Room('')),
  around: 'its version, the update as JSON and WebSocket frame',
  connection: () => (message) => webSocketFrame(message.length),
};

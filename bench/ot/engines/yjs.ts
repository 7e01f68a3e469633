/** Yjs: a document with one shared text. */
import * as Y from 'yjs';
import { type Engine, type Replica, webSocketFrame } from '../engine.ts';
import { relayed } from '../relayed.ts';

class Copy implements Replica {
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText('text');
  /** What others have. */
  #sent: Uint8Array;
  #update: Uint8Array | null = null;
  #listens = false;

  constructor(snapshot: Uint8Array, person: number) {
    this.#doc.clientID = person;
    Y.applyUpdate(this.#doc, snapshot);
    this.#sent = Y.encodeStateVector(this.#doc);
  }

  edit(at: number, remove: number, insert: string): void {
    if (remove > 0 && insert !== '') {
      this.#doc.transact(() => {
        this.#text.delete(at, remove);
        this.#text.insert(at, insert);
      });
    } else if (remove > 0) this.#text.delete(at, remove);
    else this.#text.insert(at, insert);
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    if (!this.#listens) {
      this.#doc.on('update', (update) => {
        this.#update = update;
      });
      this.#listens = true;
    }
    this.edit(at, remove, insert);
    return this.#update!;
  }

  confirm(): void {}

  flush(): readonly Uint8Array[] {
    const update = Y.encodeStateAsUpdate(this.#doc, this.#sent);
    this.#sent = Y.encodeStateVector(this.#doc);
    return [update];
  }

  receive(messages: readonly Uint8Array[]): void {
    if (messages.length === 1) {
      Y.applyUpdate(this.#doc, messages[0]!);
      return;
    }
    this.#doc.transact(() => {
      for (const message of messages) Y.applyUpdate(this.#doc, message);
    });
  }

  text(): string {
    return this.#text.toString();
  }

  snapshot(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc);
  }
}

function create(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 100;
  doc.getText('text').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

/** y-protocols: one byte each for "sync" and "update", then the update's length in base 128. */
function syncMessage(update: number): number {
  return 2 + (update < 128 ? 1 : update < 16_384 ? 2 : 3) + update;
}

export const engine: Engine = {
  ...relayed({
    packages: ['yjs'],
    create,
    load: (snapshot, person) => new Copy(snapshot, person),
  }),
  around: 'the sync message of y-protocols and WebSocket frame',
  connection: () => (message) => webSocketFrame(syncMessage(message.length)),
};

/** Loro, as WebAssembly: a document with one text. */
import { LoroDoc, type LoroText, type VersionVector } from 'loro-crdt';
import type { Engine, Replica } from '../engine.ts';
import { relayed } from '../relayed.ts';

class Copy implements Replica {
  readonly #doc = new LoroDoc();
  readonly #text: LoroText;
  /** What others have. */
  #sent: VersionVector;
  #update: Uint8Array | null = null;
  #listens = false;

  constructor(snapshot: Uint8Array, person: number) {
    this.#doc.setPeerId(`${person}`);
    this.#doc.import(snapshot);
    this.#text = this.#doc.getText('text');
    this.#sent = this.#doc.version();
  }

  edit(at: number, remove: number, insert: string): void {
    if (remove > 0) this.#text.delete(at, remove);
    if (insert !== '') this.#text.insert(at, insert);
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    if (!this.#listens) {
      this.#doc.subscribeLocalUpdates((update) => {
        this.#update = update;
      });
      this.#listens = true;
    }
    this.edit(at, remove, insert);
    this.#doc.commit();
    return this.#update!;
  }

  confirm(): void {}

  flush(): readonly Uint8Array[] {
    const update = this.#doc.export({ mode: 'update', from: this.#sent });
    this.#sent = this.#doc.version();
    return [update];
  }

  receive(messages: readonly Uint8Array[]): void {
    if (messages.length === 1) this.#doc.import(messages[0]!);
    else this.#doc.importBatch([...messages]);
  }

  text(): string {
    return this.#text.toString();
  }

  snapshot(): Uint8Array {
    return this.#doc.export({ mode: 'snapshot' });
  }
}

function create(text: string): Uint8Array {
  const doc = new LoroDoc();
  doc.setPeerId('100');
  doc.getText('text').insert(0, text);
  doc.commit();
  return doc.export({ mode: 'snapshot' });
}

export const engine: Engine = relayed({
  packages: ['loro-crdt'],
  create,
  load: (snapshot, person) => new Copy(snapshot, person),
});

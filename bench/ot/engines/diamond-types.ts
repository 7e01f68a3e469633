/** diamond-types, as WebAssembly. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import init, { Doc } from 'diamond-types-web';
import type { Engine, Replica } from '../engine.ts';
import { relayed } from '../relayed.ts';

// In Node it asks for random numbers with `module.require('crypto')`, where `module` is its own WebAssembly module.
Object.assign(WebAssembly.Module.prototype, { require: createRequire(import.meta.url) });
await init(fs.readFileSync(new URL(import.meta.resolve('diamond-types-web/dt_bg.wasm'))));

class Copy implements Replica {
  readonly #doc: Doc;
  #sent: Uint32Array;

  constructor(snapshot: Uint8Array, person: number) {
    this.#doc = Doc.fromBytes(snapshot, `person${person}`);
    this.#sent = this.#doc.getLocalVersion();
  }

  edit(at: number, remove: number, insert: string): void {
    if (remove > 0) this.#doc.del(at, remove);
    if (insert !== '') this.#doc.ins(at, insert);
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    const before = this.#doc.getLocalVersion();
    this.edit(at, remove, insert);
    return this.#doc.getPatchSince(before);
  }

  confirm(): void {}

  flush(): readonly Uint8Array[] {
    const patch = this.#doc.getPatchSince(this.#sent);
    this.#sent = this.#doc.getLocalVersion();
    return [patch];
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#doc.mergeBytes(message);
  }

  text(): string {
    return this.#doc.get();
  }

  snapshot(): Uint8Array {
    return this.#doc.toBytes();
  }
}

function create(text: string): Uint8Array {
  const doc = new Doc('author');
  if (text !== '') doc.ins(0, text);
  const bytes = doc.toBytes();
  doc.free();
  return bytes;
}

export const engine: Engine = relayed({
  packages: ['diamond-types-web'],
  create,
  load: (snapshot, person) => new Copy(snapshot, person),
});

/** json-joy: a JSON CRDT model whose root is a string. */
import jsonJoy from 'json-joy/lib/json-crdt/index.js';
import jsonJoyPatch from 'json-joy/lib/json-crdt-patch/index.js';
import type { Engine, Replica } from '../engine.ts';
import { relayed } from '../relayed.ts';

const { Model } = jsonJoy;
const { Patch, s } = jsonJoyPatch;

/** Smaller session ids are reserved. */
const FIRST_SESSION = 65_536;

class Copy implements Replica {
  readonly #model: jsonJoy.Model;
  readonly #text: jsonJoy.StrApi;

  constructor(snapshot: Uint8Array, person: number) {
    this.#model = Model.load(snapshot, FIRST_SESSION + person);
    this.#text = this.#model.api.str([]);
  }

  edit(at: number, remove: number, insert: string): void {
    if (remove > 0) this.#text.del(at, remove);
    if (insert !== '') this.#text.ins(at, insert);
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    this.edit(at, remove, insert);
    return this.#model.api.flush().toBinary();
  }

  confirm(): void {}

  flush(): readonly Uint8Array[] {
    return [this.#model.api.flush().toBinary()];
  }

  receive(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#model.applyPatch(Patch.fromBinary(message));
  }

  text(): string {
    return this.#text.view();
  }

  snapshot(): Uint8Array {
    return this.#model.toBinary();
  }
}

function create(text: string): Uint8Array {
  const model = Model.create(s.str(text), FIRST_SESSION + 100);
  model.api.flush();
  return model.toBinary();
}

export const engine: Engine = relayed({
  packages: ['json-joy'],
  create,
  load: (snapshot, person) => new Copy(snapshot, person),
});

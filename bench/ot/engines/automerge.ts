/** Automerge, as WebAssembly: a document with one text; every keystroke is a change, as it is when it is sent. */
import * as Automerge from '@automerge/automerge';
import type { Engine, Replica } from '../engine.ts';
import { relayed } from '../relayed.ts';

type File = { text: string };

class Copy implements Replica {
  #doc: Automerge.Doc<File>;
  /** What others have. */
  #sent: Automerge.Heads;

  constructor(snapshot: Uint8Array, person: number) {
    this.#doc = Automerge.load<File>(snapshot, actor(person));
    this.#sent = Automerge.getHeads(this.#doc);
  }

  edit(at: number, remove: number, insert: string): void {
    this.#doc = Automerge.change(this.#doc, (file) => Automerge.splice(file, ['text'], at, remove, insert));
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    this.edit(at, remove, insert);
    return Automerge.getLastLocalChange(this.#doc)!;
  }

  confirm(): void {}

  flush(): readonly Uint8Array[] {
    const changes = Automerge.saveSince(this.#doc, this.#sent);
    this.#sent = Automerge.getHeads(this.#doc);
    return [changes];
  }

  receive(messages: readonly Uint8Array[]): void {
    const bytes = messages.length === 1 ? messages[0]! : Buffer.concat(messages);
    this.#doc = Automerge.loadIncremental(this.#doc, bytes);
  }

  text(): string {
    return this.#doc.text;
  }

  snapshot(): Uint8Array {
    return Automerge.save(this.#doc);
  }
}

/** Actors are named in hexadecimal. */
function actor(person: number): string {
  return person.toString(16).padStart(32, '0');
}

function create(text: string): Uint8Array {
  return Automerge.save(Automerge.from<File>({ text }, actor(100)));
}

export const engine: Engine = relayed({
  packages: ['@automerge/automerge'],
  create,
  load: (snapshot, person) => new Copy(snapshot, person),
});

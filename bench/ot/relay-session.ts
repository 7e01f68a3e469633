/** A session of an engine without order: the server takes every message in and passes it on as it is. */
import type { Engine, Replica, Session } from './engine.ts';

type Relayed = Pick<Engine, 'create' | 'load'>;

export function relaySession(engine: Relayed): Session {
  return new RelaySession(engine);
}

class RelaySession implements Session {
  readonly knowsMore = false;
  readonly #people: readonly [Replica, Replica];
  readonly #server: Replica;
  /** What each person sent, and how much of it the other has taken in. */
  readonly #sent: readonly [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #taken: [number, number] = [0, 0];

  constructor(engine: Relayed) {
    const empty = engine.create('');
    this.#people = [engine.load(empty, 1), engine.load(empty, 2)];
    this.#server = engine.load(empty, 3);
  }

  type(person: 0 | 1, at: number, remove: number, insert: string): void {
    const message = this.#people[person].send(at, remove, insert);
    this.#server.receive([message]);
    this.#sent[person].push(message);
  }

  deliver(person: 0 | 1, count: number): void {
    const other = person === 0 ? 1 : 0;
    const sent = this.#sent[other];
    while (this.#taken[other] < count) {
      this.#people[person].receive([sent[this.#taken[other]]!]);
      this.#taken[other] += 1;
    }
  }

  view(person: 0 | 1): string {
    return this.#people[person].text();
  }

  texts(): readonly string[] {
    return [this.#server.text(), this.#people[0].text(), this.#people[1].text()];
  }
}

/** Engines without order: the server takes every message in, with a replica of its own, and passes it on as it is. */
import { type Engine, type Replica, type Session, webSocketFrame } from './engine.ts';

type Relayed = Pick<Engine, 'packages' | 'create' | 'load'>;

/** The server's number among the copies; people have those below. */
const SERVER = 3;

/** An engine whose messages are WebSocket frames with nothing around them. */
export function relayed(engine: Relayed): Engine {
  return {
    ...engine,
    ordered: false,
    host: (snapshot) => engine.load(snapshot, SERVER),
    session: () => new RelaySession(engine),
    around: 'WebSocket frame',
    connection: () => (message) => webSocketFrame(message.length),
  };
}

class RelaySession implements Session {
  readonly knowsMore = false;
  readonly #people: readonly [Replica, Replica];
  readonly #server: Replica;
  /** What waits for each person, and how much came through. */
  readonly #down: readonly [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #known: [number, number] = [0, 0];

  constructor(engine: Pick<Engine, 'create' | 'load'>) {
    const empty = engine.create('');
    this.#people = [engine.load(empty, 1), engine.load(empty, 2)];
    this.#server = engine.load(empty, SERVER);
  }

  type(person: 0 | 1, at: number, remove: number, insert: string): void {
    const message = this.#people[person].send(at, remove, insert);
    this.#server.receive([message]);
    this.#down[person === 0 ? 1 : 0].push(message);
  }

  deliver(person: 0 | 1, count: number): void {
    while (this.#known[person] < count) {
      this.#people[person].receive([this.#down[person].shift()!]);
      this.#known[person] += 1;
    }
  }

  view(person: 0 | 1): string {
    return this.#people[person].text();
  }

  texts(): readonly string[] {
    return [this.#server.text(), this.#people[0].text(), this.#people[1].text()];
  }
}

// Connections of which nothing is heard. Silence shows that a client is cut off, long before its socket ends.
import { LIMITS } from '@codesync/protocol';
import { type Connection, receivedBytes } from './connection.ts';

/**
 * A client is asked for a word so long after its last one, when it has nothing to say by itself. Even over a slow way a
 * live one is then heard well within `LIMITS.silentMs`.
 */
export const PING_MS = 2_500;
/** How often the connections are looked at. */
export const LOOK_MS = 250;
/** A look that comes this late was held up, and so was all that it would have heard. The next one judges. */
const HELD_UP_MS = 1_000;

type Heard = Pick<Connection, 'on' | 'once' | 'transport'>;
type Watched = {
  readonly connection: Heard;
  readonly tell: (silent: boolean) => void;
  heardAt: number;
  bytes: number;
  silent: boolean;
};

/** Tells of each connection when nothing has come over it for `LIMITS.silentMs`, and when something comes again. */
export class Silence {
  readonly #now: () => number;
  readonly #watched = new Set<Watched>();
  #lookedAt: number;

  /** @param now a clock that only moves forwards, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#lookedAt = now();
  }

  /** Looks at the connections from now on; returns the way to stop. */
  start(): () => void {
    const timer = setInterval(() => this.look(), LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  /** Watches until the connection closes. */
  watch(connection: Heard, tell: (silent: boolean) => void): void {
    const watched: Watched = { connection, tell, heardAt: this.#now(), bytes: 0, silent: false };
    this.#watched.add(watched);
    connection.on('packet', () => this.#heard(watched));
    connection.once('close', () => this.#watched.delete(watched));
  }

  look(): void {
    const now = this.#now();
    const late = now - this.#lookedAt > LOOK_MS + HELD_UP_MS;
    this.#lookedAt = now;
    if (late) return;
    for (const watched of this.#watched) {
      // A long message on a slow way is no silence, though no packet comes until all of it is there.
      const bytes = receivedBytes(watched.connection);
      if (bytes !== watched.bytes) this.#heard(watched);
      watched.bytes = bytes;
      if (!watched.silent && now - watched.heardAt >= LIMITS.silentMs) this.#say(watched, true);
    }
  }

  #heard(watched: Watched): void {
    watched.heardAt = this.#now();
    if (watched.silent) this.#say(watched, false);
  }

  #say(watched: Watched, silent: boolean): void {
    watched.silent = silent;
    watched.tell(silent);
  }
}

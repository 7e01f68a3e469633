// Connections of which nothing is heard: who is cut off says so by silence alone, long before the socket ends.
import { LIMITS } from '@codesync/protocol';
import type { Connection } from './connection.ts';

/** How often the connections are looked at. */
const LOOK_MS = 250;
/** A look that comes this late was held up with all that it would have heard: the next one judges. */
const HELD_UP_MS = 1_000;

type Watched = { heardAt: number; silent: boolean; readonly tell: (silent: boolean) => void };

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
  watch(connection: Pick<Connection, 'on' | 'once'>, tell: (silent: boolean) => void): void {
    const watched: Watched = { heardAt: this.#now(), silent: false, tell };
    this.#watched.add(watched);
    connection.on('packet', () => {
      watched.heardAt = this.#now();
      if (watched.silent) this.#say(watched, false);
    });
    connection.once('close', () => this.#watched.delete(watched));
  }

  look(): void {
    const now = this.#now();
    const late = now - this.#lookedAt > LOOK_MS + HELD_UP_MS;
    this.#lookedAt = now;
    if (late) return;
    for (const watched of this.#watched) {
      if (!watched.silent && now - watched.heardAt >= LIMITS.silentMs) this.#say(watched, true);
    }
  }

  #say(watched: Watched, silent: boolean): void {
    watched.silent = silent;
    watched.tell(silent);
  }
}

// What waits for clients that do not read, or read slowly. It is bounded for each client and for all. A client that is
// disconnected for it comes back by itself, says what it has, and is sent what it misses.
import { LIMITS } from '@codesync/protocol';
import type { Log } from '../ports.ts';
import { type Connection, end, handedOn, onceGone, unsentBytes } from './connection.ts';

const SWEEP_MS = 5_000;
/** With less waiting for one client, it is not looked at what waits for all. */
const LONG_BYTES = 1_000_000;

export class Backlogs {
  readonly #connections: () => Iterable<Connection>;
  readonly #log: Log;
  /** What may wait beyond the limit: a welcome is as large as its room. */
  readonly #granted = new WeakMap<Connection, number>();
  /** Connections for which something waits, and the time since when. */
  readonly #waiting = new WeakMap<Connection, number>();
  readonly #timer: NodeJS.Timeout;

  /** @param connections all that are open. */
  constructor(connections: () => Iterable<Connection>, log: Log) {
    this.#connections = connections;
    this.#log = log;
    this.#timer = setInterval(() => this.sweep(performance.now()), SWEEP_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether more can be sent to it. If not, the connection has been ended. Called for every message to everyone. */
  takes(connection: Connection): boolean {
    const { writeBuffer } = connection;
    if (writeBuffer.length === 0 && handedOn(connection) <= LIMITS.unsentBytes) return true;
    const granted = this.#granted.get(connection) ?? 0;
    const behind = unsentBytes(connection) > LIMITS.unsentBytes + granted;
    if (!behind && writeBuffer.length <= LIMITS.unsentMessages) return true;
    this.#end(connection, 'too much waits for it');
    return false;
  }

  /**
   * Whether a welcome can be made for it. If not, the connection has been ended. A client that joins has read what it
   * was sent before.
   */
  takesWelcome(connection: Connection): boolean {
    this.#granted.delete(connection);
    return this.takes(connection);
  }

  /** To be called after a welcome was sent. However large it is, it may wait. */
  welcomed(connection: Connection): void {
    const waits = unsentBytes(connection);
    if (waits <= LIMITS.unsentBytes) return;
    this.#granted.set(connection, waits);
    this.#relieve();
  }

  /** To be called after a long message to one client: many of them are more than the server can hold. */
  sentLong(connection: Connection): void {
    if (unsentBytes(connection) > LONG_BYTES) this.#relieve();
  }

  /** Ends connections whose clients have had something waiting for too long without reading it. */
  sweep(now: number): void {
    for (const connection of this.#connections()) {
      if (handedOn(connection) === 0) continue;
      const since = this.#waiting.get(connection);
      if (since === undefined) {
        this.#waiting.set(connection, now);
        onceGone(connection, () => this.#waiting.delete(connection));
      } else if (now - since >= LIMITS.unsentMs) this.#end(connection, 'it does not read');
    }
  }

  /** Ends those who are furthest behind, until what waits for all is within its limit. */
  #relieve(): void {
    const behind = [...this.#connections()]
      .map((connection) => ({ connection, bytes: unsentBytes(connection) }))
      .toSorted((a, b) => b.bytes - a.bytes);
    let total = behind.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { connection, bytes } of behind) {
      if (total <= LIMITS.unsentBytesOfAll) return;
      this.#end(connection, 'too much waits for everyone');
      total -= bytes;
    }
  }

  #end(connection: Connection, reason: string): void {
    this.#log.warn({ reason, bytes: unsentBytes(connection) }, 'a client that is behind is disconnected');
    end(connection);
  }
}

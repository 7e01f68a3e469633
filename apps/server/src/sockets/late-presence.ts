// Presence for clients that poll. Nothing can be sent between two of their requests, so of each client the latest
// waits for the next request. Over a WebSocket nothing waits: what cannot be sent at once is not worth sending.
import type { ClientId, PresenceEntry } from '@codesync/protocol';
import type { Connection } from './connection.ts';

/** The side of a socket that this is about. */
export type Listener = {
  readonly conn: unknown;
  emit(event: 'presence', entries: readonly PresenceEntry[]): unknown;
};

export class LatePresence {
  readonly #waiting = new WeakMap<Connection, Map<ClientId, PresenceEntry>>();

  /** To be called before these entries are sent to everyone in a room who can take them at once. */
  note(listeners: Iterable<Listener>, entries: readonly PresenceEntry[]): void {
    for (const listener of listeners) {
      const connection = listener.conn as Connection;
      const { transport } = connection;
      if (transport.name === 'polling' && !transport.writable) this.#keep(connection, listener, entries);
    }
  }

  #keep(connection: Connection, listener: Listener, entries: readonly PresenceEntry[]): void {
    let waiting = this.#waiting.get(connection);
    if (waiting === undefined) {
      waiting = new Map();
      this.#waiting.set(connection, waiting);
      // Before Engine.IO answers the request with what it has.
      connection.transport.prependOnceListener('ready', () => {
        const latest = this.#waiting.get(connection)!;
        this.#waiting.delete(connection);
        listener.emit('presence', [...latest.values()]);
      });
    }
    for (const entry of entries) waiting.set(entry.client, entry);
  }
}

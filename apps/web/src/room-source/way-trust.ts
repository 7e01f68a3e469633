// What one client finds out about the ways to its server, and keeps for the next page.
import type { Way } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { type Doubts, FAILS_IN_USE, TRUSTED_MS } from './ways.ts';

/** What this browser has met so far, so that a page that is loaded anew need not find out again. */
export type DoubtsMemory = { readonly get: () => Doubts; readonly set: (doubts: Doubts) => void };

export class WayTrust {
  readonly #memory: DoubtsMemory;
  readonly #clock: Clock;
  /** What the loss of the last socket adds to the doubts of WebSockets, unless it was the network's. */
  #suspicion: Doubts = 0;
  /** Since when the room is joined by this socket. */
  #joinedAt = 0;

  constructor(memory: DoubtsMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** Of WebSockets. */
  get doubts(): Doubts {
    return this.#memory.get() + this.#suspicion;
  }

  /** The room was joined that way. What was found out on the way there is kept. */
  joined(way: Way): void {
    this.#joinedAt = this.#clock.now();
    const known = this.#memory.get();
    const now = way === 'polling' ? Math.max(this.doubts, 1) : this.doubts;
    if (now !== known) this.#memory.set(now);
    this.#suspicion = 0;
  }

  /** A socket of that way is open and carries nothing. */
  carriesNothing(way: Way): void {
    if (way === 'websocket') this.#suspicion = FAILS_IN_USE;
  }

  /**
   * The socket by which the room was joined was lost. A WebSocket that is lost soon may have been cut by something on
   * its way. If so, the room can be joined again at the first try. It cannot when the server or the network is away.
   */
  lost(way: Way): void {
    if (way === 'websocket') this.#suspicion = this.#isTrusted ? 0 : 1;
  }

  /** No socket opens, so the server or the network is away. */
  nothingOpens(): void {
    this.#suspicion = 0;
  }

  /** The server has answered by the socket by which the room was joined. */
  answered(way: Way): void {
    if (way === 'websocket' && this.#isTrusted && this.#memory.get() > 0) this.#memory.set(0);
  }

  /** Whether the socket has been in use for long. */
  get #isTrusted(): boolean {
    return this.#clock.now() - this.#joinedAt >= TRUSTED_MS;
  }
}

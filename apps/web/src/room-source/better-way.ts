// While a client polls: looks for a WebSocket again and again, and hands over one that has answered.
import type { Clock } from './clock.ts';
import type { RoomSocket } from './socket.ts';
import { type Doubts, lookAfter, trialMs } from './ways.ts';

const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;

export type BetterWayOptions = {
  readonly clock: Clock;
  /**
   * Opens a WebSocket. Calls `opened` at most once. Calls `down` once when it is not open any more, or did not open.
   */
  readonly open: (opened: () => void, down: () => void) => RoomSocket;
  readonly doubts: Doubts;
  /** Takes the socket over; nothing more is done here. */
  readonly found: (socket: RoomSocket) => void;
};

export class BetterWay {
  readonly #options: BetterWayOptions;
  #failed = 0;
  #socket: RoomSocket | null = null;
  #openedAt = 0;
  #cancel: () => void = () => {};

  /** Begins to look, in a while. */
  constructor(options: BetterWayOptions) {
    this.#options = options;
    this.#later();
  }

  /** Something has changed: looks now, unless it is looking. */
  look(): void {
    if (this.#socket !== null) return;
    this.#cancel();
    const { clock, open } = this.#options;
    const socket: RoomSocket = open(
      () => {
        if (this.#socket !== socket) return;
        this.#openedAt = clock.now();
        this.#try(socket);
      },
      () => this.#fail(socket),
    );
    this.#socket = socket;
  }

  stop(): void {
    this.#cancel();
    this.#socket?.close();
    this.#socket = null;
  }

  #later(): void {
    const { clock } = this.#options;
    this.#cancel = clock.after(lookAfter(this.#failed, clock.random()), () => this.look());
  }

  /** Asks something of it, and again until it has answered for long enough. */
  #try(socket: RoomSocket): void {
    const { clock, doubts, found } = this.#options;
    socket.ping(PING_TIMEOUT_MS).then(
      () => {
        if (this.#socket !== socket) return;
        if (clock.now() - this.#openedAt >= trialMs(doubts)) {
          this.#socket = null;
          found(socket);
        } else this.#cancel = clock.after(PING_EVERY_MS, () => this.#try(socket));
      },
      () => this.#fail(socket),
    );
  }

  #fail(socket: RoomSocket): void {
    if (this.#socket !== socket) return;
    this.#cancel();
    socket.close();
    this.#socket = null;
    this.#failed++;
    this.#later();
  }
}

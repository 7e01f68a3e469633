// Opens a socket to the server: tries both ways, and hands over the first one that opens.
import type { Refusal, Way } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import type { RoomSocket } from './socket.ts';
import { attempt, type Doubts } from './ways.ts';

export type OpeningOptions = {
  readonly clock: Clock;
  /** Of WebSockets. Without doubts they are tried first. */
  readonly doubts: Doubts;
  /** Opens a socket; calls back when it is open, or when it failed, with the server's refusal if there is one. */
  readonly open: (way: Way, opened: () => void, failed: (refused: Refusal | null) => void) => RoomSocket;
  /** Takes the socket over. The other one is closed by then. */
  readonly opened: (socket: RoomSocket, way: Way) => void;
  /** The server opens none. */
  readonly refused: (error: Refusal) => void;
  /** Neither way opens. */
  readonly failed: () => void;
};

export class Opening {
  readonly #options: OpeningOptions;
  readonly #sockets = new Map<Way, RoomSocket>();
  readonly #failed = new Set<Way>();
  readonly #cancel: () => void;

  constructor(options: OpeningOptions) {
    this.#options = options;
    const { clock, doubts } = options;
    const { ways, headStartMs } = attempt(doubts);
    const [first, second] = ways;
    this.#open(first, second);
    this.#cancel = clock.after(headStartMs, () => this.#open(second, second));
  }

  /** Closes what is opening. */
  stop(): void {
    this.#cancel();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  /** @param next the way that is tried at once when this one fails. */
  #open(way: Way, next: Way): void {
    if (this.#sockets.has(way) || this.#failed.has(way)) return;
    const { open, opened } = this.#options;
    const socket: RoomSocket = open(
      way,
      () => {
        this.#sockets.delete(way);
        this.stop();
        opened(socket, way);
      },
      (refused) => {
        // It was handed over: whoever uses it, or has replaced it, hears of it.
        if (this.#sockets.get(way) !== socket) return;
        socket.close();
        this.#sockets.delete(way);
        this.#failed.add(way);
        this.#onFailure(refused, next);
      },
    );
    this.#sockets.set(way, socket);
  }

  #onFailure(refused: Refusal | null, next: Way): void {
    if (refused !== null) this.#options.refused(refused);
    else if (this.#failed.size === 2) this.#options.failed();
    else this.#open(next, next);
  }
}

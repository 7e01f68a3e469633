// Times the way to the server and back, and finds out when nobody answers there.
import type { Clock } from './clock.ts';
import type { RoomSocket } from './socket.ts';

/** How often the way to the server is timed, and how long an answer may take before the socket counts as dead. */
const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 10_000;
/**
 * How long an answer may take after a sleep, when someone looks again, or when the network changed. A dead socket is
 * then found out sooner.
 */
const WAKE_TIMEOUT_MS = 4_000;
/** A timer this late was held up because the machine slept. */
const SLEPT_MS = 10_000;
/** A live server is heard more often than this, by its answers to pings alone. */
const SILENT_MS = PING_EVERY_MS + 2_000;

export type HeartbeatOptions = {
  readonly clock: Clock;
  /** The way there and back took so long. */
  readonly answered: (ms: number) => void;
  /** An answer did not come in time. */
  readonly unanswered: () => void;
};

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #socket: RoomSocket | null = null;
  #rttMs: number | null = null;
  #heardAt = 0;
  #cancel: () => void = () => {};

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The last measure, null before the first. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** When the server was last heard. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Whether the server has not been heard for longer than a live one would be. */
  get isSilent(): boolean {
    return this.#options.clock.now() - this.#heardAt > SILENT_MS;
  }

  /** The server was heard just now. */
  heard(): void {
    this.#heardAt = this.#options.clock.now();
  }

  /** Times this socket from now on. */
  start(socket: RoomSocket): void {
    this.#socket = socket;
    this.#later();
    this.#ping(PING_TIMEOUT_MS);
  }

  /** Times nothing more. An answer that is under way does not count. */
  stop(): void {
    this.#cancel();
    this.#socket = null;
  }

  /** The measure was of a socket that is no longer in use. */
  forget(): void {
    this.#rttMs = null;
  }

  /** The socket may be dead: finds out soon. */
  wake(): void {
    this.#ping(WAKE_TIMEOUT_MS);
  }

  #later(): void {
    const { clock } = this.#options;
    const due = clock.now() + PING_EVERY_MS;
    this.#cancel = clock.after(PING_EVERY_MS, () => {
      const slept = clock.now() - due > SLEPT_MS;
      this.#ping(slept ? WAKE_TIMEOUT_MS : PING_TIMEOUT_MS);
      this.#later();
    });
  }

  #ping(timeoutMs: number): void {
    const { clock, answered, unanswered } = this.#options;
    const socket = this.#socket;
    if (socket === null) return;
    const sentAt = clock.now();
    socket.ping(timeoutMs).then(
      () => {
        if (this.#socket !== socket) return;
        this.heard();
        this.#rttMs = this.#heardAt - sentAt;
        answered(this.#rttMs);
      },
      () => {
        if (this.#socket === socket) unanswered();
      },
    );
  }
}

// Keeps a client in its room: acts out the states of connection.ts with a socket and timers.
import {
  type Command,
  type DivergenceReport,
  type HashCheck,
  type HashVerdict,
  type JoinReply,
  type JoinRequest,
  type PresenceUpdate,
  refusal,
  type ServerStatusReply,
  type ServerToClient,
  type Welcome,
} from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { type Link, type LinkInput, nextLink, START, toConnection } from './connection.ts';
import type { Page } from './page.ts';
import type { OpenSocket, RoomSocket } from './socket.ts';
import type { Connection } from './types.ts';

/** How often the way to the server is timed, and how long an answer may take before the socket counts as dead. */
const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 10_000;
/** After a sleep, when someone looks again, or when the network changed, a dead socket is found out sooner. */
const WAKE_TIMEOUT_MS = 4_000;
/** A timer that is this late was held up by a machine that slept. */
const SLEPT_MS = 10_000;

/** A live server is heard more often than this, by its answers to pings alone. */
const SILENT_MS = PING_EVERY_MS + 2_000;

/** What the driver tells of the room; nothing is told while the link is not online, except `welcome`. */
export type LinkListener = Omit<ServerToClient, 'log' | 'resync' | 'dismissed'> & {
  readonly request: () => JoinRequest;
  readonly welcome: (welcome: Welcome) => void;
  /** The way to the server and back took so long. */
  readonly roundTrip: (ms: number) => void;
  /** The link, or the measured round trip, is another one. */
  readonly changed: () => void;
};

export type LinkDriverOptions = {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly page: Page;
};

export class LinkDriver {
  readonly #options: LinkDriverOptions;
  readonly #listener: LinkListener;
  #link: Link = START;
  #socket: RoomSocket | null = null;
  #rttMs: number | null = null;
  /** When the server was last heard. */
  #heardAt = 0;
  #cancelTimer: () => void = () => {};
  #stopWatching: () => void = () => {};

  constructor(options: LinkDriverOptions, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
  }

  start(): void {
    this.#stopWatching = this.#options.page.watch({
      network: () => {
        this.#wake();
        this.#listener.changed();
      },
      wake: () => this.#wake(),
      hide: () => {},
    });
    this.#enter();
  }

  get online(): boolean {
    return this.#link.kind === 'online';
  }

  get link(): Link {
    return this.#link;
  }

  connection(): Connection {
    return toConnection(this.#link, this.#rttMs, this.#options.page.networkUp());
  }

  /** Sends if online; otherwise nothing is sent. */
  command(command: Command): void {
    if (this.online) this.#socket?.command(command);
  }

  presence(update: PresenceUpdate): void {
    if (this.online) this.#socket?.presence(update);
  }

  /** `unknown` when the answer does not come, for whatever reason. */
  async check(check: HashCheck): Promise<HashVerdict> {
    const socket = this.#socket;
    if (!this.online || socket === null) return { verdict: 'unknown' };
    return await socket.check(check).catch((): HashVerdict => ({ verdict: 'unknown' }));
  }

  healed(report: DivergenceReport): void {
    if (this.online) this.#socket?.healed(report);
  }

  /** Null when the answer does not come, for whatever reason. */
  async status(): Promise<ServerStatusReply | null> {
    const socket = this.#socket;
    if (!this.online || socket === null) return null;
    return await socket.status().catch(() => null);
  }

  /** Goes through another join, because what this client has of the room does not fit the log. */
  resync(): void {
    this.#input({ kind: 'resync' });
  }

  close(): void {
    this.#stopWatching();
    this.#cancelTimer();
    this.#drop();
    const error = refusal('room.unavailable', 'You left this room.');
    this.#link = { kind: 'closed', error };
  }

  #input(input: LinkInput): void {
    const before = this.#link;
    this.#link = nextLink(before, input, this.#options.clock.now());
    if (this.#link === before) return;
    this.#enter();
    this.#listener.changed();
  }

  /** Does what the state that was entered asks for. */
  #enter(): void {
    const { clock } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    switch (this.#link.kind) {
      case 'connecting':
        this.#drop();
        this.#connect();
        return;
      case 'online':
        this.#pingLater();
        return;
      case 'waiting':
        this.#drop();
        this.#cancelTimer = clock.after(this.#link.until - clock.now(), () => this.#input({ kind: 'due' }));
        return;
      case 'outdated':
      case 'closed':
        this.#stopWatching();
        this.#drop();
    }
  }

  #connect(): void {
    const { clock, openSocket } = this.#options;
    const whenOnline =
      <Args extends readonly unknown[]>(call: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#socket !== socket || !this.online) return;
        this.#heardAt = clock.now();
        call(...args);
      };
    const listener = this.#listener;
    const socket: RoomSocket = openSocket({
      open: () => {
        if (this.#socket === socket) void this.#join(socket);
      },
      down: (refused) => {
        if (this.#socket !== socket) return;
        if (refused === null) this.#lost();
        else this.#input({ kind: 'refused', error: refused, random: clock.random() });
      },
      events: whenOnline(listener.events),
      refused: whenOnline(listener.refused),
      presence: whenOnline(listener.presence),
      sandbox: whenOnline(listener.sandbox),
      storage: whenOnline(listener.storage),
      resync: whenOnline(() => this.#input({ kind: 'resync' })),
      dismissed: (error) => {
        if (this.#socket === socket) this.#input({ kind: 'dismissed', error });
      },
    });
    this.#socket = socket;
  }

  async #join(socket: RoomSocket): Promise<void> {
    const { clock } = this.#options;
    const joining = this.#link;
    const stale = () => this.#socket !== socket || this.#link !== joining;
    let reply: JoinReply;
    try {
      reply = await socket.join(this.#listener.request());
    } catch {
      // No answer in time: as good as a lost socket.
      if (!stale()) this.#lost();
      return;
    }
    if (stale()) return;
    this.#heardAt = clock.now();
    if (reply.ok) {
      this.#listener.welcome(reply);
      this.#input({ kind: 'joined' });
    } else {
      this.#input({ kind: 'refused', error: reply.error, random: clock.random() });
    }
  }

  /** A way that went silent, or does not answer, was lost when the server was last heard, not when that was found out. */
  #lost(unanswered = false): void {
    const { clock } = this.#options;
    const silent = unanswered || clock.now() - this.#heardAt > SILENT_MS;
    this.#input({ kind: 'lost', random: clock.random(), heardAt: silent ? this.#heardAt : null });
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = null;
    this.#rttMs = null;
  }

  #wake(): void {
    if (this.online) this.#ping(WAKE_TIMEOUT_MS);
    else this.#input({ kind: 'wake' });
  }

  #pingLater(): void {
    const { clock } = this.#options;
    const due = clock.now() + PING_EVERY_MS;
    this.#cancelTimer = clock.after(PING_EVERY_MS, () => {
      const slept = clock.now() - due > SLEPT_MS;
      this.#ping(slept ? WAKE_TIMEOUT_MS : PING_TIMEOUT_MS);
      this.#pingLater();
    });
    if (this.#rttMs === null) this.#ping(PING_TIMEOUT_MS);
  }

  #ping(timeoutMs: number): void {
    const { clock } = this.#options;
    const socket = this.#socket;
    if (socket === null) return;
    const sentAt = clock.now();
    socket.ping(timeoutMs).then(
      () => {
        if (this.#socket !== socket) return;
        this.#heardAt = clock.now();
        this.#rttMs = this.#heardAt - sentAt;
        this.#listener.roundTrip(this.#rttMs);
        this.#listener.changed();
      },
      () => {
        if (this.#socket === socket) this.#lost(true);
      },
    );
  }
}

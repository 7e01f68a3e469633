// Keeps a client in its room: acts out the states of connection.ts with a socket and timers.
import {
  type Command,
  type DivergenceReport,
  type HashCheck,
  type HashVerdict,
  type JoinRequest,
  type PresenceUpdate,
  type Refusal,
  refusal,
  type ServerStatusReply,
  type ServerToClient,
  type Way,
  type Welcome,
} from '@codesync/protocol';
import { BetterWay } from './better-way.ts';
import type { Clock } from './clock.ts';
import { type Link, type LinkInput, nextLink, START, toConnection } from './connection.ts';
import type { Page } from './page.ts';
import type { OpenSocket, RoomSocket } from './socket.ts';
import type { Connection } from './types.ts';
import { attempt, type Doubts, FAILS_IN_USE, TRUSTED_MS } from './ways.ts';

/** How often the way to the server is timed, and how long an answer may take before the socket counts as dead. */
const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 10_000;
/** After a sleep, when someone looks again, or when the network changed, a dead socket is found out sooner. */
const WAKE_TIMEOUT_MS = 4_000;
/** A timer that is this late was held up by a machine that slept. */
const SLEPT_MS = 10_000;

/** How long a new socket may take to answer anything at all: a way that carries nothing often opens well. */
const PROOF_TIMEOUT_MS = 4_000;

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
  readonly doubts: DoubtsMemory;
};

/** What this browser has met so far: a page that is loaded anew need not find out again. */
export type DoubtsMemory = { readonly get: () => Doubts; readonly set: (doubts: Doubts) => void };

export class LinkDriver {
  readonly #options: LinkDriverOptions;
  readonly #listener: LinkListener;
  #link: Link = START;
  #socket: RoomSocket | null = null;
  /** Sockets that are opening; the first one to open is used. */
  #opening = new Map<Way, RoomSocket>();
  /** The socket of before a move. It hears nothing any more; others see this client by it until the move is over. */
  #before: RoomSocket | null = null;
  #betterWay: BetterWay | null = null;
  /** What the loss of the last socket would add to the doubts of WebSockets, if it was not the network's. */
  #suspicion: Doubts = 0;
  /** Since when the room is joined by this socket. */
  #joinedAt = 0;
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
        this.#joinedAt = clock.now();
        this.#learn(this.#link.way);
        if (this.#before !== null) this.#moved(this.#before);
        if (this.#link.way === 'polling') this.#lookForBetter();
        this.#pingLater();
        return;
      case 'moving':
        this.#join(this.#socket!, 'websocket');
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

  /** Tries both ways, the better one first unless there are doubts. */
  #connect(): void {
    const { ways, headStartMs } = attempt(this.#options.doubts.get() + this.#suspicion);
    const [first, second] = ways;
    const failed = new Set<Way>();
    const open = (way: Way) => {
      if (this.#opening.has(way) || failed.has(way)) return;
      const socket = this.#open(way, {
        opened: () => {
          this.#opening.delete(way);
          this.#stopOpening();
          this.#use(socket, way);
        },
        failed: (refused) => {
          socket.close();
          this.#opening.delete(way);
          failed.add(way);
          if (refused !== null) this.#refused(refused);
          else if (failed.size < ways.length) open(second);
          else this.#lost();
        },
      });
      this.#opening.set(way, socket);
    };
    open(first);
    this.#cancelTimer = this.#options.clock.after(headStartMs, () => open(second));
  }

  /** A socket whose opening or failure is told to `during` until it is this client's. */
  #open(
    way: Way,
    during: { readonly opened: () => void; readonly failed: (refused: Refusal | null) => void },
  ): RoomSocket {
    const { clock, openSocket } = this.#options;
    const whenOnline =
      <Args extends readonly unknown[]>(call: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#socket !== socket || !this.online) return;
        this.#heardAt = clock.now();
        call(...args);
      };
    const listener = this.#listener;
    const socket: RoomSocket = openSocket(way, {
      open: during.opened,
      down: (refused) => {
        if (this.#socket !== socket) during.failed(refused);
        else if (refused === null) this.#lost();
        else this.#refused(refused);
      },
      events: whenOnline(listener.events),
      refused: whenOnline(listener.refused),
      presence: whenOnline(listener.presence),
      lost: whenOnline(listener.lost),
      sandbox: whenOnline(listener.sandbox),
      storage: whenOnline(listener.storage),
      resync: whenOnline(() => this.#input({ kind: 'resync' })),
      dismissed: (error) => {
        if (this.#socket === socket) this.#input({ kind: 'dismissed', error });
      },
    });
    return socket;
  }

  #use(socket: RoomSocket, way: Way): void {
    this.#socket = socket;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    if (way === 'websocket') this.#prove(socket);
    this.#join(socket, way);
  }

  /** A WebSocket that opens and then carries nothing is found out while the welcome, which may be long, is waited for. */
  #prove(socket: RoomSocket): void {
    socket.ping(PROOF_TIMEOUT_MS).catch(() => {
      if (this.#socket === socket && !this.online) this.#unanswered('websocket');
    });
  }

  /** A socket is open that carries nothing: as good as a lost one. */
  #unanswered(way: Way): void {
    if (way === 'websocket') this.#suspicion = FAILS_IN_USE;
    this.#lost();
  }

  #join(socket: RoomSocket, way: Way): void {
    const joining = this.#link;
    socket.join(this.#listener.request(), (reply) => {
      if (this.#socket !== socket || this.#link !== joining) return;
      if (reply === null) return this.#unanswered(way);
      this.#heardAt = this.#options.clock.now();
      if (!reply.ok) return this.#refused(reply.error);
      this.#listener.welcome(reply);
      this.#input({ kind: 'joined', way });
    });
  }

  #refused(error: Refusal): void {
    this.#input({ kind: 'refused', error, random: this.#options.clock.random() });
  }

  /** A way that went silent, or does not answer, was lost when the server was last heard, not when that was found out. */
  #lost(unanswered = false): void {
    const { clock } = this.#options;
    const silent = unanswered || clock.now() - this.#heardAt > SILENT_MS;
    this.#suspect();
    this.#input({ kind: 'lost', random: clock.random(), heardAt: silent ? this.#heardAt : null });
  }

  /** The room was joined: what was found out of the ways on the way there is kept. */
  #learn(way: Way): void {
    const { doubts } = this.#options;
    const known = doubts.get();
    const now = way === 'polling' ? Math.max(known + this.#suspicion, 1) : known + this.#suspicion;
    if (now !== known) doubts.set(now);
    this.#suspicion = 0;
  }

  /**
   * A WebSocket that is lost soon may have been cut by something on its way. It was so if the room can be joined at the
   * first try: when the server or the network is away it cannot.
   */
  #suspect(): void {
    const link = this.#link;
    if (link.kind === 'online' && link.way === 'websocket') this.#suspicion = this.#isTrusted ? 0 : 1;
    else if (this.#socket === null) this.#suspicion = 0;
  }

  /** Whether the WebSocket has been in use for long. */
  get #isTrusted(): boolean {
    return this.#options.clock.now() - this.#joinedAt >= TRUSTED_MS;
  }

  #lookForBetter(): void {
    const { clock, doubts } = this.#options;
    this.#betterWay = new BetterWay({
      clock,
      doubts: doubts.get(),
      open: (opened, down) => this.#open('websocket', { opened, failed: down }),
      found: (socket) => {
        this.#betterWay = null;
        this.#before = this.#socket;
        this.#socket = socket;
        this.#input({ kind: 'better' });
      },
    });
  }

  #moved(before: RoomSocket): void {
    before.close();
    this.#before = null;
    this.#rttMs = null;
  }

  #stopOpening(): void {
    for (const socket of this.#opening.values()) socket.close();
    this.#opening.clear();
  }

  #drop(): void {
    this.#stopOpening();
    this.#betterWay?.stop();
    this.#betterWay = null;
    this.#before?.close();
    this.#before = null;
    this.#socket?.close();
    this.#socket = null;
    this.#rttMs = null;
  }

  #wake(): void {
    if (this.online) {
      this.#ping(WAKE_TIMEOUT_MS);
      this.#betterWay?.look();
    } else this.#input({ kind: 'wake' });
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
        this.#trust();
        this.#listener.roundTrip(this.#rttMs);
        this.#listener.changed();
      },
      () => {
        if (this.#socket === socket) this.#lost(true);
      },
    );
  }

  #trust(): void {
    const { doubts } = this.#options;
    const isWebSocket = this.#link.kind === 'online' && this.#link.way === 'websocket';
    if (isWebSocket && this.#isTrusted && doubts.get() > 0) doubts.set(0);
  }
}

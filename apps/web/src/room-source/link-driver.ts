// Keeps a client in its room: acts out the states of connection.ts with a socket and timers.
import {
  type CallReply,
  type CallRequest,
  type Command,
  type DivergenceReport,
  type FormatReply,
  type FormatRequest,
  type GuideReply,
  type GuideRequest,
  type HashCheck,
  type HashVerdict,
  type JoinRequest,
  type OutgoingSignal,
  type PresenceUpdate,
  type Refusal,
  type RunQuestion,
  type RunReply,
  refusal,
  type ServerStatusReply,
  type ServerToClient,
  type TerminalMessage,
  type Way,
  type Welcome,
} from '@codesync/protocol';
import { BetterWay } from './better-way.ts';
import type { Clock } from './clock.ts';
import { type Link, type LinkInput, nextLink, START, toConnection } from './connection.ts';
import { Heartbeat } from './heartbeat.ts';
import { Opening } from './opening.ts';
import type { Page } from './page.ts';
import type { OpenSocket, RoomSocket } from './socket.ts';
import type { Connection } from './types.ts';
import { type DoubtsMemory, WayTrust } from './way-trust.ts';

/** How long a new socket may take to answer anything at all. A way that carries nothing often opens well. */
const PROOF_TIMEOUT_MS = 4_000;

/** What the driver tells of the room. While the link is not online it tells nothing but `welcome`. */
export type LinkListener = Omit<ServerToClient, 'log' | 'keys' | 'texts' | 'resync' | 'dismissed'> & {
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

export class LinkDriver {
  readonly #options: LinkDriverOptions;
  readonly #listener: LinkListener;
  readonly #trust: WayTrust;
  readonly #heartbeat: Heartbeat;
  #link: Link = START;
  #socket: RoomSocket | null = null;
  #opening: Opening | null = null;
  /**
   * The socket from before a move. Nothing is heard from it any more. Others see this client by it until the move is
   * over.
   */
  #before: RoomSocket | null = null;
  #betterWay: BetterWay | null = null;
  #cancelTimer: () => void = () => {};
  #stopWatching: () => void = () => {};

  constructor(options: LinkDriverOptions, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
    const { clock, doubts } = options;
    this.#trust = new WayTrust(doubts, clock);
    this.#heartbeat = new Heartbeat({
      clock,
      answered: (ms) => this.#answered(ms),
      unanswered: () => this.#lost(true),
    });
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
    return toConnection(this.#link, this.#heartbeat.rttMs, this.#options.page.networkUp());
  }

  /** Sends if online; otherwise nothing is sent. */
  command(command: Command): void {
    if (this.online) this.#socket?.command(command);
  }

  presence(update: PresenceUpdate): void {
    if (this.online) this.#socket?.presence(update);
  }

  /** Whether it was sent. */
  terminal(message: TerminalMessage): boolean {
    if (!this.online || this.#socket === null) return false;
    this.#socket.terminal(message);
    return true;
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
  async runs(question: RunQuestion): Promise<RunReply | null> {
    const socket = this.#socket;
    if (!this.online || socket === null) return null;
    return await socket.runs(question).catch(() => null);
  }

  /** Null when the answer does not come, for whatever reason. */
  async format(request: FormatRequest): Promise<FormatReply | null> {
    const socket = this.#socket;
    if (!this.online || socket === null) return null;
    return await socket.format(request).catch(() => null);
  }

  /** Null when the answer does not come, for whatever reason. */
  async guide(request: GuideRequest): Promise<GuideReply | null> {
    const socket = this.#socket;
    if (!this.online || socket === null) return null;
    return await socket.guide(request).catch(() => null);
  }

  async call(request: CallRequest): Promise<CallReply | null> {
    const socket = this.#socket;
    if (!this.online || socket === null) return null;
    return await socket.call(request).catch(() => null);
  }

  /** Whether the server has handed it on. */
  async signal(signal: OutgoingSignal): Promise<boolean> {
    const socket = this.#socket;
    if (!this.online || socket === null) return false;
    return await socket.signal(signal).then(
      ({ ok }) => ok,
      () => false,
    );
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
    this.#rest();
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
    this.#rest();
    switch (this.#link.kind) {
      case 'connecting':
        this.#drop();
        this.#connect();
        return;
      case 'online':
        this.#trust.joined(this.#link.way);
        if (this.#before !== null) this.#moved(this.#before);
        if (this.#link.way === 'polling') this.#lookForBetter();
        this.#heartbeat.start(this.#socket!);
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

  /** Calls off what the last state was waiting for. */
  #rest(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#heartbeat.stop();
  }

  #connect(): void {
    this.#opening = new Opening({
      clock: this.#options.clock,
      doubts: this.#trust.doubts,
      open: (way, opened, failed) => this.#open(way, { opened, failed }),
      opened: (socket, way) => {
        this.#opening = null;
        this.#socket = socket;
        if (way === 'websocket') this.#prove(socket);
        this.#join(socket, way);
      },
      refused: (error) => this.#refused(error),
      failed: () => this.#lost(),
    });
  }

  /** Opens a socket. Its opening or failure is told to `during` until it is this client's socket. */
  #open(
    way: Way,
    during: { readonly opened: () => void; readonly failed: (refused: Refusal | null) => void },
  ): RoomSocket {
    const whenOnline =
      <Args extends readonly unknown[]>(call: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#socket !== socket || !this.online) return;
        this.#heartbeat.heard();
        call(...args);
      };
    const listener = this.#listener;
    const socket: RoomSocket = this.#options.openSocket(way, {
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
      disk: whenOnline(listener.disk),
      call: whenOnline(listener.call),
      signal: whenOnline(listener.signal),
      hostTalk: whenOnline(listener.hostTalk),
      leading: whenOnline(listener.leading),
      summons: whenOnline(listener.summons),
      sandbox: whenOnline(listener.sandbox),
      storage: whenOnline(listener.storage),
      terminal: whenOnline(listener.terminal),
      terminalState: whenOnline(listener.terminalState),
      terminalScreen: whenOnline(listener.terminalScreen),
      resync: whenOnline(() => this.#input({ kind: 'resync' })),
      dismissed: (error) => {
        if (this.#socket === socket) this.#input({ kind: 'dismissed', error });
      },
    });
    return socket;
  }

  /** Finds out whether a WebSocket carries anything, while the welcome is awaited. The welcome may be long. */
  #prove(socket: RoomSocket): void {
    socket.ping(PROOF_TIMEOUT_MS).catch(() => {
      if (this.#socket === socket && !this.online) this.#unanswered('websocket');
    });
  }

  /** An open socket that carries nothing is as good as lost. */
  #unanswered(way: Way): void {
    this.#trust.carriesNothing(way);
    this.#lost();
  }

  #join(socket: RoomSocket, way: Way): void {
    const joining = this.#link;
    socket.join(this.#listener.request(), (reply) => {
      if (this.#socket !== socket || this.#link !== joining) return;
      if (reply === null) return this.#unanswered(way);
      this.#heartbeat.heard();
      if (!reply.ok) return this.#refused(reply.error);
      this.#listener.welcome(reply);
      this.#input({ kind: 'joined', way });
    });
  }

  #refused(error: Refusal): void {
    this.#input({ kind: 'refused', error, random: this.#options.clock.random() });
  }

  /**
   * Where the server went silent or does not answer, the way was lost when the server was last heard, not when that
   * was found out.
   */
  #lost(unanswered = false): void {
    const { random } = this.#options.clock;
    const heardAt = unanswered || this.#heartbeat.isSilent ? this.#heartbeat.heardAt : null;
    if (this.#link.kind === 'online') this.#trust.lost(this.#link.way);
    else if (this.#socket === null) this.#trust.nothingOpens();
    this.#input({ kind: 'lost', random: random(), heardAt });
  }

  #answered(ms: number): void {
    if (this.#link.kind === 'online') this.#trust.answered(this.#link.way);
    this.#listener.roundTrip(ms);
    this.#listener.changed();
  }

  #lookForBetter(): void {
    this.#betterWay = new BetterWay({
      clock: this.#options.clock,
      doubts: this.#trust.doubts,
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
    this.#heartbeat.forget();
  }

  #drop(): void {
    this.#opening?.stop();
    this.#opening = null;
    this.#betterWay?.stop();
    this.#betterWay = null;
    this.#before?.close();
    this.#before = null;
    this.#socket?.close();
    this.#socket = null;
    this.#heartbeat.forget();
  }

  #wake(): void {
    if (this.online) {
      this.#heartbeat.wake();
      this.#betterWay?.look();
    } else this.#input({ kind: 'wake' });
  }
}

// One socket: everything that comes in is parsed and counted here before a room sees it.
import {
  type ClientToServer,
  EditReader,
  type FollowingText,
  type FormatReply,
  type FormatRequest,
  type GuideRequest,
  type HashCheck,
  type HashVerdict,
  type JoinReply,
  type JoinRequest,
  LIMITS,
  type Participant,
  partWelcome,
  type Refusal,
  type RunQuestion,
  type RunReply,
  refusal,
  type ServerStatus,
  type ServerToClient,
} from '@codesync/protocol';
import type { Socket } from 'socket.io';
import type { Formatter } from '../formatter.ts';
import type { Arrival, Log, Observer, Runner } from '../ports.ts';
import type { RoomRegistry } from '../rooms/registry.ts';
import type { RoomHandle } from '../rooms/room-handle.ts';
import type { Seat, SeatMessage } from '../rooms/seat.ts';
import { type MeasuredCommand, textUnits } from '../rooms/text-units.ts';
import type { Backlogs } from './backlogs.ts';
import type { Broadcasts } from './broadcast.ts';
import { bulkOf } from './bulk.ts';
import { type Connection, end, takeMessages } from './connection.ts';
import type { EditTimes } from './edit-times.ts';
import { bytesMessage, deliver } from './frame.ts';
import type { Counted, Rate, Served } from './lane.ts';
import type { SocketRates } from './rates.ts';
import type { Seats } from './seats.ts';
import type { Silence } from './silence.ts';
import { TokenBucket } from './token-bucket.ts';

/** What is known of a socket from its handshake. */
export type SocketData = { readonly participant: Participant | null; readonly address: string };
/** What comes from a client: frames are events of their own (packages/protocol, wire/parser.ts). */
export type FromClient = ClientToServer & { readonly edit: (frame: Uint8Array) => void };
export type ClientSocket = Socket<FromClient, ServerToClient, Record<string, never>, SocketData>;

export type ClientDeps = {
  readonly registry: Pick<RoomRegistry, 'open' | 'storage'>;
  readonly runner: Runner;
  readonly formatter: Pick<Formatter, 'format'>;
  readonly rates: SocketRates;
  readonly broadcasts: Broadcasts;
  readonly backlogs: Backlogs;
  readonly seats: Seats;
  readonly silence: Silence;
  readonly times: EditTimes;
  readonly observer: Observer;
  /** How the server is, for a host of the room. */
  readonly status: (room: RoomHandle) => Promise<ServerStatus>;
  readonly log: Log;
};

/**
 * How many messages beyond their rate are answered, at once and per second. Whoever sends more is not going to slow
 * down.
 */
const PATIENCE = 1_000;
const PATIENCE_PER_SECOND = 20;

/** Serves one connected client until it disconnects. */
export class SocketClient implements Counted {
  readonly deps: ClientDeps;
  readonly edits = new EditReader();
  readonly #socket: ClientSocket;
  readonly #rates: Readonly<Record<Rate, TokenBucket>> = {
    commands: new TokenBucket(LIMITS.commandsBurst, LIMITS.commandsPerSecond, performance.now()),
    presence: new TokenBucket(LIMITS.presencePerSecond, LIMITS.presencePerSecond, performance.now()),
    terminals: new TokenBucket(LIMITS.terminalBurst, LIMITS.terminalPerSecond, performance.now()),
    signals: new TokenBucket(LIMITS.signalsBurst, LIMITS.signalsPerSecond, performance.now()),
  };
  readonly #patience = new TokenBucket(PATIENCE, PATIENCE_PER_SECOND, performance.now());
  #place: { readonly room: RoomHandle; readonly seat: Seat } | null = null;
  readonly #connection: Connection;
  /** Grows with every join. An older join that is still under way has been overtaken. */
  #joins = 0;
  #checking = false;
  /** A question on runs waits for its answer. */
  #asking = false;
  /** A text is being formatted. */
  #formatting = false;

  /** @param lanes what it may send, by the event. */
  constructor(socket: ClientSocket, deps: ClientDeps, lanes: ReadonlyMap<string, Served<SocketClient>>) {
    this.#socket = socket;
    this.#connection = socket.conn as unknown as Connection;
    this.deps = deps;
    deps.silence.watch(this.#connection, (silent) => this.#place?.room.hear(this.#place.seat, !silent));
    socket.onAny((event: string, ...parameters: unknown[]) => {
      const cameAt = performance.now();
      const lane = lanes.get(event);
      if (lane !== undefined) void lane.serve(this, parameters, cameAt);
      else if (this.counts('commands', 1, cameAt)) this.refuse(null, refusal('protocol.malformed'));
    });
    socket.on('disconnect', (reason) => {
      deps.log.debug({ ...this.#names, reason }, 'a connection ended');
      this.#joins++;
      this.#leave();
    });
    deps.log.debug({ ...this.#names, participant: socket.data.participant?.id }, 'a connection was opened');
  }

  /** What this connection, and where it is, are called in the log. */
  get #names(): { readonly connection: string; readonly room?: string; readonly client?: string } {
    const { id: connection } = this.#socket;
    return this.#place === null
      ? { connection }
      : { connection, room: this.#place.room.id, client: this.#place.seat.client };
  }

  /** Where it is, null while it is in no room. */
  get place(): { readonly room: RoomHandle; readonly seat: Seat } | null {
    return this.#place;
  }

  /** Null when the client is in the room and has had its answer. */
  async join(request: JoinRequest, answer: (message: JoinReply) => void): Promise<Refusal | null> {
    const turn = ++this.#joins;
    const { participant, address } = this.#socket.data;
    if (participant === null) return refusal('identity.required');
    const { registry, rates } = this.deps;
    if (!(await rates.joinAllowed(address))) return refusal('rate.address');
    const { room: id, client, secret, since, pending } = request;
    this.#leave();
    const opened = await registry.open(id);
    if (!opened.ok) return opened.error;
    if (turn !== this.#joins) return refusal('protocol.unjoined');
    const { room } = opened;
    const seat: Seat = { id: `${this.#socket.id}/${turn}`, client, participant, network: address };
    this.#place = { room, seat };
    this.deps.seats.take(seat, (message) => this.#hear(seat, room, message, since !== null, answer));
    const error = await room.join(seat, { secret, since, pending });
    if (error !== null && this.#place?.seat === seat) this.#leave();
    return error;
  }

  /** Passes on what the room says to this client. */
  #hear(
    { client, participant }: Seat,
    room: RoomHandle,
    message: SeatMessage,
    returning: boolean,
    answer: (message: JoinReply) => void,
  ): void {
    const socket = this.#socket;
    const connection = this.#connection;
    const { registry, runner, broadcasts, backlogs, observer, log } = this.deps;
    if (message.kind === 'terminal') {
      if (backlogs.takes(connection)) deliver(bytesMessage(message.frame), connection);
      return;
    }
    // What the room was told before comes first.
    broadcasts.flush(room.id);
    switch (message.kind) {
      case 'welcome': {
        if (!backlogs.takesWelcome(connection)) return;
        const { welcome, missed } = message;
        broadcasts.admit(room.id, client, socket.id, welcome.lastClientSeq);
        const parted = partWelcome(welcome);
        answer({ ok: true, ...parted.welcome, sandbox: runner.status(), storage: registry.storage });
        this.#follow([...parted.following], this.#joins);
        if (missed.length > 0) socket.emit('events', missed);
        void socket.join(room.id);
        takeMessages(connection, 'command');
        backlogs.welcomed(connection);
        const how: Arrival = !returning ? 'new' : welcome.state.kind === 'events' ? 'resumed' : 'reloaded';
        observer.joined(how);
        log.debug(
          { ...this.#names, participant: participant.id, how, head: welcome.head },
          'a client joined',
        );
        return;
      }
      case 'events':
        this.owes(message.events.reduce((bulk, { body }) => bulk + bulkOf(textUnits(body)), 0));
        this.sendLong(() => socket.emit('events', message.events));
        return;
      case 'refused':
        this.refuse(message.clientSeq, message.error);
        return;
      case 'terminalState':
        socket.emit('terminalState', message.state);
        return;
      case 'terminalScreen':
        this.sendLong(() => socket.emit('terminalScreen', message.screen));
        return;
      case 'signal':
        this.sendLong(() => socket.emit('signal', message.signal));
        return;
      case 'hostTalk':
        this.sendLong(() => socket.emit('hostTalk', message.talk));
        return;
      case 'leading':
        socket.emit('leading', message.leading);
        return;
      case 'summons':
        socket.emit('summons', message.summons);
        return;
      case 'dismissed':
        this.noteRefusal(null, message.error);
        void socket.leave(room.id);
        socket.emit('dismissed', message.error);
        return;
    }
  }

  /** Sends texts, each when the one before it has left this process or is about to: a client may read slowly. */
  #follow(texts: (readonly FollowingText[])[], turn: number): void {
    const next = texts.shift();
    if (next === undefined || turn !== this.#joins) return;
    this.#socket.conn.once('drain', () => this.#follow(texts, turn));
    this.#socket.emit('texts', next);
  }

  #leave(): void {
    if (this.#place === null) return;
    const { room, seat } = this.#place;
    this.#place = null;
    void this.#socket.leave(room.id);
    this.deps.broadcasts.leave(room.id, seat.client, this.#socket.id);
    this.deps.times.forget(seat.client);
    room.leave(seat);
    this.deps.seats.giveBack(seat);
  }

  /** Null when the room has taken the command; it answers from there. */
  async command(command: MeasuredCommand, cameAt: number): Promise<Refusal | null> {
    const place = this.#place;
    if (place === null) return refusal('protocol.unjoined');
    // A start that the room refuses to this role takes nothing from others at the address.
    if (command.body.kind === 'run.start' && (await place.room.may(place.seat, 'run.start'))) {
      const error = await this.#runRefused(place.seat);
      if (error !== null) return error;
    }
    if (command.body.kind.startsWith('chat.')) {
      if (!(await this.deps.rates.chatAllowed(place.seat.participant.id))) return refusal('chat.tooOften');
    }
    if (command.body.kind === 'edit') this.deps.times.came(place.seat.client, command.clientSeq, cameAt);
    place.room.command(place.seat, command);
    return null;
  }

  async #runRefused({ participant, network }: Seat): Promise<Refusal | null> {
    const code = await this.deps.rates.runRefused(participant.id, network);
    return code === null ? null : refusal(code);
  }

  /**
   * One at a time, because the cost of an answer is known only when it is there. A page asks for the next one then.
   */
  async verdictOn(check: HashCheck): Promise<HashVerdict> {
    if (this.#place === null || this.#checking) return { verdict: 'unknown' };
    const { room, seat } = this.#place;
    this.#checking = true;
    try {
      return await room.check(seat, check);
    } finally {
      this.#checking = false;
    }
  }

  /** Null when the room has done it. */
  async guide(request: GuideRequest): Promise<Refusal | null> {
    const place = this.#place;
    if (place === null) return refusal('protocol.unjoined');
    const inTime = await this.deps.rates.guideAllowed(place.seat.participant.id);
    return inTime ? place.room.guide(place.seat, request) : refusal('guide.tooOften');
  }

  /** One at a time, as `verdictOn`. What was read for the answer counts, too. */
  async runs(question: RunQuestion): Promise<RunReply> {
    if (this.#place === null) return { ok: false, error: refusal('protocol.unjoined') };
    if (this.#asking) return { ok: false, error: refusal('rate.exceeded') };
    const { room, seat } = this.#place;
    this.#asking = true;
    try {
      const { reply, units } = await room.runs(seat, question);
      this.owes(bulkOf(units));
      return reply;
    } finally {
      this.#asking = false;
    }
  }

  /** One at a time. It counts as the start of a run, since it takes a sandbox. */
  async format(request: FormatRequest): Promise<FormatReply> {
    if (this.#place === null) return { ok: false, error: refusal('protocol.unjoined') };
    if (this.#formatting) return { ok: false, error: refusal('rate.exceeded') };
    const { room, seat } = this.#place;
    this.#formatting = true;
    try {
      if (!(await room.may(seat, 'edit'))) return { ok: false, error: refusal('role.viewer') };
      const error = await this.#runRefused(seat);
      if (error !== null) return { ok: false, error };
      return await this.deps.formatter.format(request, { room: room.id, network: seat.network });
    } finally {
      this.#formatting = false;
    }
  }

  /** Whether the message is within its rate; a client that goes on regardless is disconnected. */
  counts(rate: Rate, cost: number, now: number = performance.now()): boolean {
    if (this.#rates[rate].take(now, cost)) return true;
    if (!this.#patience.take(now) && this.#socket.connected) {
      const { participant, address } = this.#socket.data;
      this.deps.log.warn(
        { ...this.#names, participant: participant?.id, address },
        'a flooding client is disconnected',
      );
      end(this.#connection);
    }
    return false;
  }

  /** Sends what may be long, unless the client is too far behind: then the connection has been ended. */
  sendLong(send: () => void): void {
    const { backlogs } = this.deps;
    if (!backlogs.takes(this.#connection)) return;
    send();
    backlogs.sentLong(this.#connection);
  }

  /** Charges a long answer to a short question to the client's rate, as if the client had sent it. */
  owes(bulk: number): void {
    this.#rates.commands.spend(performance.now(), bulk);
  }

  noteRefusal(clientSeq: number | null, { code }: Refusal): void {
    this.deps.observer.refused(code);
    this.deps.log.debug({ ...this.#names, clientSeq, code }, 'a refusal');
  }

  refuse(clientSeq: number | null, error: Refusal): void {
    this.noteRefusal(clientSeq, error);
    this.#socket.emit('refused', { clientSeq, error });
  }
}

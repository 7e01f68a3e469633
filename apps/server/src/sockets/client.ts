// One socket: everything that comes in is parsed and counted here before a room sees it.
import {
  type ClientToServer,
  Command,
  DivergenceReport,
  HashCheck,
  type HashVerdict,
  type JoinReply,
  JoinRequest,
  JoinVersion,
  LIMITS,
  type Participant,
  PROTOCOL_VERSION,
  PresenceUpdate,
  type Refusal,
  refusal,
  type ServerStatus,
  type ServerStatusReply,
  type ServerToClient,
  unreadable,
} from '@codesync/protocol';
import type { Socket } from 'socket.io';
import type { Arrival, Log, Observer, Runner } from '../ports.ts';
import type { Seat } from '../rooms/audience.ts';
import type { RoomRegistry } from '../rooms/registry.ts';
import type { Room } from '../rooms/room.ts';
import type { Backlogs } from './backlogs.ts';
import type { Broadcasts } from './broadcast.ts';
import { bulkOf, bulkOfUnits } from './bulk.ts';
import { type Connection, end, takeMessages } from './connection.ts';
import type { EditTimes } from './edit-times.ts';
import type { SocketRates } from './rates.ts';
import type { Silence } from './silence.ts';
import { TokenBucket } from './token-bucket.ts';

/** What is known of a socket from its handshake. */
export type SocketData = { readonly participant: Participant | null; readonly address: string };
export type ClientSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export type ClientDeps = {
  readonly registry: RoomRegistry;
  readonly runner: Runner;
  readonly rates: SocketRates;
  readonly broadcasts: Broadcasts;
  readonly backlogs: Backlogs;
  readonly silence: Silence;
  readonly times: EditTimes;
  readonly observer: Observer;
  /** How the server is, for a host of the room. */
  readonly status: (room: Room) => ServerStatus;
  readonly log: Log;
};

const EVENTS: ReadonlySet<string> = new Set<keyof ClientToServer>([
  'join',
  'command',
  'presence',
  'check',
  'healed',
  'status',
  'rtt',
]);
/** Messages beyond their rate that are answered, at once and per second; who sends more is not going to slow down. */
const PATIENCE = 1_000;
const PATIENCE_PER_SECOND = 20;

/** The number of a command that could not be parsed, if at least that can be read. */
function clientSeqOf(message: unknown): number | null {
  const parsed = Command.pick({ clientSeq: true }).loose().safeParse(message);
  return parsed.success ? parsed.data.clientSeq : null;
}

/** Serves one connected client until it disconnects. */
export class SocketClient {
  readonly #socket: ClientSocket;
  readonly #deps: ClientDeps;
  readonly #commands = new TokenBucket(LIMITS.commandsBurst, LIMITS.commandsPerSecond, performance.now());
  readonly #presence = new TokenBucket(LIMITS.presencePerSecond, LIMITS.presencePerSecond, performance.now());
  readonly #patience = new TokenBucket(PATIENCE, PATIENCE_PER_SECOND, performance.now());
  #place: { readonly room: Room; readonly seat: Seat } | null = null;
  readonly #connection: Connection;
  /** Grows with every join: an older one that is still under way has been overtaken. */
  #joins = 0;

  constructor(socket: ClientSocket, deps: ClientDeps) {
    this.#socket = socket;
    this.#connection = socket.conn as unknown as Connection;
    this.#deps = deps;
    deps.silence.watch(this.#connection, (silent) => this.#place?.room.hear(this.#place.seat, !silent));
    socket.on('join', (request: unknown, reply: unknown) => this.#join(request, reply));
    socket.on('command', (command: unknown) => this.#command(command));
    socket.on('presence', (update: unknown) => this.#presenceUpdate(update));
    socket.on('check', (check: unknown, reply: unknown) => this.#check(check, reply));
    socket.on('healed', (report: unknown) => this.#healed(report));
    socket.on('status', (reply: unknown) => this.#status(reply));
    socket.on('rtt', (reply: unknown) => {
      if (typeof reply === 'function' && this.#counts(this.#commands)) reply();
    });
    socket.onAny((event: string) => {
      if (!EVENTS.has(event) && this.#counts(this.#commands))
        this.#refuse(null, refusal('protocol.malformed'));
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

  async #join(request: unknown, reply: unknown): Promise<void> {
    if (typeof reply !== 'function') {
      if (this.#counts(this.#commands)) this.#refuse(null, refusal('protocol.malformed'));
      return;
    }
    const answer = (message: JoinReply): void => reply(message);
    if (!this.#counts(this.#commands)) {
      answer({ ok: false, error: refusal('rate.exceeded') });
      return;
    }
    const turn = ++this.#joins;
    const error = await this.#tryJoin(request, turn, answer);
    if (error === null) return;
    this.#noteRefusal(null, error);
    answer({ ok: false, error });
  }

  /** Null when the client is in the room and has had its answer. */
  async #tryJoin(
    request: unknown,
    turn: number,
    answer: (message: JoinReply) => void,
  ): Promise<Refusal | null> {
    const version = JoinVersion.safeParse(request);
    if (!version.success) return unreadable(request);
    if (version.data.protocol !== PROTOCOL_VERSION) return refusal('protocol.outdated');
    const parsed = JoinRequest.safeParse(request);
    if (!parsed.success) return unreadable(request);
    const { participant, address } = this.#socket.data;
    if (participant === null) return refusal('identity.required');
    const { registry, rates } = this.#deps;
    if (!(await rates.joinAllowed(address))) return refusal('rate.address');
    const { room: id, client, secret, since, pending } = parsed.data;
    this.#leave();
    const opened = await registry.open(id);
    if (!opened.ok) return opened.error;
    if (turn !== this.#joins) return refusal('protocol.unjoined');
    const { room } = opened;
    const seat = this.#seat(room, client, participant, since !== null, answer);
    this.#place = { room, seat };
    const error = await room.join(seat, { claim: registry.claimOf(room, secret), since, pending });
    if (error !== null && this.#place?.seat === seat) this.#leave();
    return error;
  }

  #seat(
    room: Room,
    client: string,
    participant: Participant,
    returning: boolean,
    answer: (message: JoinReply) => void,
  ): Seat {
    const socket = this.#socket;
    const connection = this.#connection;
    const { registry, runner, broadcasts, backlogs, observer, log } = this.#deps;
    return {
      client,
      participant,
      network: socket.data.address,
      welcome: (welcome, missed) => {
        if (!backlogs.takesWelcome(connection)) return;
        broadcasts.admit(room.id, client, socket.id, welcome.lastClientSeq);
        answer({ ok: true, ...welcome, sandbox: runner.status(), storage: registry.storage });
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
      },
      events: (events) => {
        broadcasts.flush(room.id);
        this.#owes(events.reduce((bulk, { body }) => bulk + bulkOf(body), 0));
        socket.emit('events', events);
      },
      refused: (clientSeq, error) => this.#refuse(clientSeq, error),
      dismiss: (error) => {
        this.#noteRefusal(null, error);
        void socket.leave(room.id);
        socket.emit('dismissed', error);
      },
    };
  }

  #leave(): void {
    if (this.#place === null) return;
    const { room, seat } = this.#place;
    this.#place = null;
    void this.#socket.leave(room.id);
    this.#deps.broadcasts.leave(room.id, seat.client, this.#socket.id);
    this.#deps.times.forget(seat.client);
    room.leave(seat);
  }

  async #command(message: unknown): Promise<void> {
    const error = await this.#tryCommand(message, performance.now());
    if (error !== null) this.#refuse(clientSeqOf(message), error);
  }

  /** Null when the room has taken the command; it answers from there. */
  async #tryCommand(message: unknown, cameAt: number): Promise<Refusal | null> {
    if (!this.#counts(this.#commands, 1, cameAt)) return refusal('rate.exceeded');
    const parsed = Command.safeParse(message);
    if (!parsed.success) return unreadable(message);
    const place = this.#place;
    if (place === null) return refusal('protocol.unjoined');
    if (!this.#counts(this.#commands, bulkOf(parsed.data.body))) return refusal('rate.exceeded');
    // A start that the room refuses to this role has taken nothing from others at the address.
    if (parsed.data.body.kind === 'run.start' && place.room.may(place.seat, 'run.start')) {
      const { participant, network } = place.seat;
      const code = await this.#deps.rates.runRefused(participant.id, network);
      if (code !== null) return refusal(code);
    }
    if (parsed.data.body.kind === 'edit')
      this.#deps.times.came(place.seat.client, parsed.data.clientSeq, cameAt);
    place.room.command(place.seat, parsed.data);
    return null;
  }

  #presenceUpdate(message: unknown): void {
    if (!this.#counts(this.#presence)) return;
    const parsed = PresenceUpdate.safeParse(message);
    if (parsed.success) this.#place?.room.presence(this.#place.seat, parsed.data);
    else this.#refuse(null, unreadable(message));
  }

  #check(message: unknown, reply: unknown): void {
    const inTime = this.#counts(this.#commands);
    const parsed = HashCheck.safeParse(message);
    if (typeof reply !== 'function' || !parsed.success) {
      if (inTime) this.#refuse(null, unreadable(message));
      return;
    }
    const answer = (verdict: HashVerdict): void => reply(verdict);
    const place = inTime ? this.#place : null;
    const verdict: HashVerdict =
      place === null ? { verdict: 'unknown' } : place.room.check(place.seat, parsed.data);
    if (verdict.verdict === 'diverged') this.#owes(bulkOfUnits(verdict.text.length));
    this.#deps.observer.checked(verdict.verdict);
    answer(verdict);
  }

  #healed(message: unknown): void {
    if (!this.#counts(this.#commands)) return;
    const parsed = DivergenceReport.safeParse(message);
    if (!parsed.success) {
      this.#refuse(null, unreadable(message));
    } else if (this.#place?.room.healed(this.#place.seat, parsed.data)) {
      this.#deps.observer.healed();
    }
  }

  #status(reply: unknown): void {
    if (typeof reply !== 'function') {
      if (this.#counts(this.#commands)) this.#refuse(null, refusal('protocol.malformed'));
      return;
    }
    const error = this.#mayAskStatus();
    const answer: ServerStatusReply =
      error === null ? { ok: true, status: this.#deps.status(this.#place!.room) } : { ok: false, error };
    if (error !== null) this.#noteRefusal(null, error);
    reply(answer);
  }

  #mayAskStatus(): Refusal | null {
    if (!this.#counts(this.#commands)) return refusal('rate.exceeded');
    if (this.#place === null) return refusal('protocol.unjoined');
    const { room, seat } = this.#place;
    return room.isHost(seat.participant.id) ? null : refusal('role.host');
  }

  /** Whether the message is within its rate; a client that goes on regardless is disconnected. */
  #counts(bucket: TokenBucket, cost = 1, now = performance.now()): boolean {
    if (bucket.take(now, cost)) return true;
    if (!this.#patience.take(now) && this.#socket.connected) {
      const { participant, address } = this.#socket.data;
      this.#deps.log.warn(
        { ...this.#names, participant: participant?.id, address },
        'a flooding client is disconnected',
      );
      end(this.#connection);
    }
    return false;
  }

  /** A long answer to a short question takes as much of the client's rate as if it had sent it. */
  #owes(bulk: number): void {
    this.#commands.spend(performance.now(), bulk);
  }

  #noteRefusal(clientSeq: number | null, { code }: Refusal): void {
    this.#deps.observer.refused(code);
    this.#deps.log.debug({ ...this.#names, clientSeq, code }, 'a refusal');
  }

  #refuse(clientSeq: number | null, error: Refusal): void {
    this.#noteRefusal(clientSeq, error);
    this.#socket.emit('refused', { clientSeq, error });
  }
}

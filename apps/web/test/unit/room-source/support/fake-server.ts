// A room's server in the test's process: a room in memory, behind a network that the test holds.
import { hashText } from '@codesync/ot';
import {
  type ClientId,
  type Command,
  type DivergenceReport,
  type EventBody,
  type JoinReply,
  type JoinRequest,
  JUST_HERE,
  LIMITS,
  NOBODY_CALLS,
  NOTHING_APART,
  type Origin,
  type Participant,
  type ParticipantId,
  type PresenceEntry,
  type Refusal,
  type RefusalCode,
  type Role,
  type RoomEvent,
  refusal,
  type TerminalMessage,
  type Way,
} from '@codesync/protocol';
import { fileId, roomId } from '@codesync/protocol/testing';
import { PresenceMap, type RoomFold } from '@codesync/room';
import type { OpenSocket, RoomSocket, SocketListener } from '../../../../src/room-source/socket.ts';
import { MemoryRoom } from '../../../support/memory-room.ts';

export const ROOM = roomId('room-room-room-room-22');
export const FILE = fileId('file-main');

/** One socket: what is on its way in each direction, delivered when the test says so. */
export class FakeConnection {
  readonly person: Participant;
  readonly way: Way;
  readonly listener: SocketListener;
  client: ClientId | null = null;
  up: (() => void)[] = [];
  down: (() => void)[] = [];
  alive = true;
  isOpen = false;
  /** Nothing that is sent over it arrives, in either direction. */
  deaf = false;
  /** What waits for an answer that may never come. */
  timeouts: (() => void)[] = [];
  /** Rejects a question that was not answered. */
  readonly unanswered = new Set<() => void>();

  constructor(person: Participant, way: Way, listener: SocketListener) {
    this.person = person;
    this.way = way;
    this.listener = listener;
  }

  /** Delivers the next message in one direction; false when there is none. */
  deliver(direction: 'up' | 'down'): boolean {
    const message = this[direction].shift();
    if (!this.deaf) message?.();
    return message !== undefined;
  }

  toClient(message: () => void): void {
    if (this.alive) this.down.push(message);
  }

  /** What is on its way arrives nowhere, and no answer comes. */
  end(): void {
    this.alive = false;
    this.isOpen = false;
    this.up = [];
    this.down = [];
    this.timeouts = [];
    for (const reject of this.unanswered) reject();
  }
}

/**
 * What becomes of WebSockets on the way: they are refused, accepted and never open, or open and then nothing of them
 * gets through.
 */
export type WebSockets = 'through' | 'refused' | 'silent' | 'deaf';

export type FakeServerOptions = {
  readonly now: () => number;
  /** As LIMITS.resumeEvents. */
  readonly resumeEvents?: number;
};

export class FakeServer {
  readonly #options: FakeServerOptions;
  #room: MemoryRoom;
  connections: FakeConnection[] = [];
  /** While false, sockets do not open. */
  running = true;
  /** Refuses commands for which it gives a code. */
  refuse: (command: Command, client: ClientId) => RefusalCode | null = () => null;
  /** For these people no socket opens. */
  readonly unreachable = new Set<string>();
  webSockets: WebSockets = 'through';
  /** Opens no socket, and says why. */
  refuseSocket: Refusal | null = null;
  /** Answers joins with a refusal. */
  refuseJoin: Refusal | null = null;
  /** What was sent over all sockets, for tests that look at the wire. */
  readonly received: { readonly client: ClientId; readonly command: Command }[] = [];
  /** How many presence updates each client sent. */
  readonly presences = new Map<string, number>();
  /** What clients said of copies that they have healed. */
  readonly healed: DivergenceReport[] = [];
  /** What clients said of terminals. */
  readonly saidOfTerminals: TerminalMessage[] = [];
  /** Whose each client is. */
  readonly #owners = new Map<string, string>();
  #presence = new PresenceMap();

  constructor(options: FakeServerOptions) {
    this.#options = options;
    this.#room = this.#emptyRoom();
  }

  get log(): readonly RoomEvent[] {
    return this.#room.log;
  }

  get fold(): RoomFold {
    return this.#room.fold;
  }

  /** Puts a fact into the log and sends it to everybody. */
  append(body: EventBody, actor: ParticipantId | null = null, origin?: Origin): RoomEvent {
    return this.#room.append(body, actor, origin);
  }

  begin(text: string): void {
    this.append({ kind: 'room.created', name: 'room', language: 'python' });
    this.append({ kind: 'file.created', file: FILE, path: 'main.py', text });
  }

  setRole(person: Participant, role: Role): void {
    this.append({ kind: 'member.role', participant: person.id, role });
  }

  /** The newest of each client. */
  cursors(): readonly PresenceEntry[] {
    return this.#presence.all();
  }

  text(file = FILE): string {
    return this.fold.texts.get(fileId(file))!.buffer.toString();
  }

  socketFor(person: Participant): OpenSocket {
    return (way, listener) => {
      const connection = new FakeConnection(person, way, listener);
      const fate = way === 'websocket' ? this.webSockets : 'through';
      this.connections.push(connection);
      connection.deaf = fate === 'silent';
      if (connection.deaf) connection.timeouts.push(() => connection.alive && this.#end(connection));
      connection.down.push(() => {
        connection.deaf = fate === 'deaf';
        const isReached = this.running && !this.unreachable.has(person.id) && fate !== 'refused';
        if (isReached && this.refuseSocket === null) {
          connection.isOpen = true;
          listener.open();
        } else this.#end(connection, isReached ? this.refuseSocket : null);
      });
      return this.#socket(connection);
    };
  }

  /** The network between a client and the server breaks: what is on its way is lost. */
  cut(connection: FakeConnection): void {
    if (!connection.alive) return;
    this.#end(connection);
  }

  /** The client finds out by itself that nothing answers any more. */
  timeOut(connection: FakeConnection): void {
    for (const giveUp of connection.timeouts.splice(0)) giveUp();
  }

  /** The process is killed: memory is gone, the log is not. */
  kill(): void {
    this.running = false;
    for (const connection of [...this.connections]) this.cut(connection);
  }

  start(): void {
    this.running = true;
    this.#presence = new PresenceMap();
    const { log } = this.#room;
    this.#room = this.#emptyRoom();
    for (const event of log) this.#room.restore(event);
  }

  /** Delivers everything, in both directions, until nothing is on its way. */
  deliverAll(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const connection of [...this.connections]) {
        while (connection.deliver('up') || connection.deliver('down')) busy = true;
      }
    }
  }

  #emptyRoom(): MemoryRoom {
    return new MemoryRoom(this.#options.now, (event) => {
      for (const connection of this.connections) {
        if (connection.client !== null) connection.toClient(() => connection.listener.events([event]));
      }
    });
  }

  #end(connection: FakeConnection, refused: Refusal | null = null): void {
    connection.end();
    this.connections = this.connections.filter((other) => other !== connection);
    connection.listener.down(refused);
  }

  #socket(connection: FakeConnection): RoomSocket {
    const ask = <Answer>(answer: () => Answer) =>
      new Promise<Answer>((resolve, reject) => {
        const fail = () => reject(new Error('operation has timed out'));
        if (!connection.isOpen) return fail();
        connection.timeouts.push(fail);
        connection.unanswered.add(fail);
        connection.up.push(() => {
          const value = answer();
          connection.toClient(() => resolve(value));
        });
      });
    const send = (message: () => void): void => {
      if (connection.isOpen) connection.up.push(message);
    };
    return {
      join: (request, answered) => {
        let waits = true;
        const answer = (reply: JoinReply | null) => {
          if (waits && connection.alive) answered(reply);
          waits = false;
        };
        if (!connection.isOpen) return queueMicrotask(() => answer(null));
        connection.timeouts.push(() => answer(null));
        const copy = structuredClone(request);
        connection.up.push(() => {
          const reply = this.#join(connection, copy);
          connection.toClient(() => answer(reply));
        });
      },
      command: (command) => {
        const copy = structuredClone(command);
        send(() => this.#command(connection, copy));
      },
      presence: (update) => {
        const copy = structuredClone(update);
        send(() => {
          if (connection.client === null) return;
          this.presences.set(connection.client, (this.presences.get(connection.client) ?? 0) + 1);
          this.#tell(connection, { ...copy, gone: false });
        });
      },
      terminal: (message) => send(() => void this.saidOfTerminals.push(message)),
      check: ({ file, version, hash }) =>
        ask(() => {
          const text = this.fold.texts.get(file);
          if (text?.version !== version) return { verdict: 'unknown' };
          if (hashText(text.buffer.toString()) === hash) return { verdict: 'equal' };
          return { verdict: 'diverged', version, text: text.buffer.toString() };
        }),
      healed: (report) => send(() => void this.healed.push(report)),
      runs: () => ask(() => ({ ok: true, answer: { kind: 'runs', runs: [], more: false } })),
      format: () => ask(() => ({ ok: false, error: refusal('run.unavailable') })),
      guide: () => ask(() => ({ ok: true })),
      call: () => ask(() => ({ ok: true, ice: { servers: [], validMs: null } })),
      signal: () => ask(() => ({ ok: true })),
      status: () => ask(() => ({ ok: false, error: refusal('role.host') })),
      ping: () => ask(() => undefined),
      close: () => {
        connection.end();
        this.connections = this.connections.filter((other) => other !== connection);
      },
    };
  }

  /** Tells everyone again who is here, as the server does now and then. */
  refreshPresence(): void {
    const clients = new Set(this.connections.map(({ client }) => client));
    const here = this.#presence.here().filter(({ client }) => clients.has(client));
    this.#presence.merge(here, this.#options.now());
    for (const connection of this.connections) {
      if (connection.client !== null) connection.toClient(() => connection.listener.presence(here));
    }
  }

  #tell(connection: FakeConnection, update: Omit<PresenceEntry, 'client' | 'participant'>): void {
    const { client, person } = connection;
    if (client === null) return;
    const news = this.#presence.merge([{ client, participant: person.id, ...update }], this.#options.now());
    for (const other of this.connections) {
      if (other !== connection && other.client !== null) other.toClient(() => other.listener.presence(news));
    }
  }

  #join(connection: FakeConnection, request: JoinRequest): JoinReply {
    if (this.refuseJoin !== null) return { ok: false, error: this.refuseJoin };
    const { person } = connection;
    if ((this.#owners.get(request.client) ?? person.id) !== person.id) {
      return { ok: false, error: refusal('protocol.malformed') };
    }
    this.#owners.set(request.client, person.id);
    for (const other of this.connections) if (other.client === request.client) other.client = null;
    this.#room.enter(person);
    connection.client = request.client;
    const known = this.#presence.get(request.client);
    if (known === null || known.gone) {
      const clock = known === null ? 0 : known.clock + 1;
      this.#tell(connection, { clock, cursors: null, viewport: null, activity: JUST_HERE, gone: false });
    }
    const { role } = this.fold.state.members.get(person.id)!;
    const lastClientSeq = this.log.reduce(
      (last, { origin }) => (origin?.client === request.client ? Math.max(last, origin.clientSeq) : last),
      0,
    );
    return structuredClone({
      ok: true,
      you: { ...person, role },
      head: this.fold.seq,
      lastClientSeq,
      state: this.#room.stateFor(request, this.#options.resumeEvents ?? LIMITS.resumeEvents),
      presence: this.#presence.all(),
      sandbox: { state: 'starting' },
      lost: { clients: [], people: [] },
      disk: NOTHING_APART,
      leading: null,
      now: this.#options.now(),
      call: NOBODY_CALLS,
      storage: 'ok',
    });
  }

  #command(connection: FakeConnection, command: Command): void {
    const { client } = connection;
    if (client === null) return;
    this.received.push({ client, command });
    const known = this.log.find(
      ({ origin }) => origin?.client === client && origin.clientSeq === command.clientSeq,
    );
    if (known !== undefined) {
      connection.toClient(() => connection.listener.events([known]));
      return;
    }
    const code = this.refuse(command, client);
    const origin = { client, clientSeq: command.clientSeq };
    const outcome =
      code === null
        ? this.#room.command(connection.person.id, command.body, origin)
        : { ok: false, error: refusal(code) };
    if (outcome.ok) return;
    const { error } = outcome;
    connection.toClient(() => connection.listener.refused({ clientSeq: command.clientSeq, error }));
  }
}

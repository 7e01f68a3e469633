// A room's server in the test's process: the real order of edits, the real fold, and a network that the test holds.
import { Authority, composeAll, hashText, type Op } from '@codesync/ot';
import {
  type CatchUp,
  type Command,
  type DivergenceReport,
  type EventBody,
  type JoinReply,
  type JoinRequest,
  may,
  type Participant,
  type PresenceEntry,
  type Refusal,
  type RefusalCode,
  type Role,
  type RoomEvent,
  refusal,
  roleNeeded,
  type Way,
} from '@codesync/protocol';
import { PresenceMap, RoomFold } from '@codesync/room';
import type { OpenSocket, RoomSocket, SocketListener } from '../../../../src/room-source/socket.ts';

export const ROOM = 'room-room-room-room-22';
export const FILE = 'file-main';

/** One socket: what is on its way in each direction, delivered when the test says so. */
export class FakeConnection {
  readonly person: Participant;
  readonly way: Way;
  readonly listener: SocketListener;
  client: string | null = null;
  up: (() => void)[] = [];
  down: (() => void)[] = [];
  alive = true;
  /** Nothing that is sent over it arrives, in either direction. */
  deaf = false;
  /** What waits for an answer that may never come. */
  timeouts: (() => void)[] = [];

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
  readonly log: RoomEvent[] = [];
  fold = new RoomFold();
  connections: FakeConnection[] = [];
  /** While false, sockets do not open. */
  running = true;
  /** Refuses commands for which it gives a code. */
  refuse: (command: Command, client: string) => RefusalCode | null = () => null;
  /** For these people no socket opens. */
  readonly unreachable = new Set<string>();
  webSockets: WebSockets = 'through';
  /** Opens no socket, and says why. */
  refuseSocket: Refusal | null = null;
  /** Answers joins with a refusal. */
  refuseJoin: Refusal | null = null;
  /** What was sent over all sockets, for tests that look at the wire. */
  readonly received: { readonly client: string; readonly command: Command }[] = [];
  /** How many presence updates each client sent. */
  readonly presences = new Map<string, number>();
  /** What clients said of copies that they have healed. */
  readonly healed: DivergenceReport[] = [];
  /** Whose each client is. */
  readonly #owners = new Map<string, string>();
  #authorities = new Map<string, Authority>();
  #presence = new PresenceMap();

  constructor(options: FakeServerOptions) {
    this.#options = options;
  }

  /** Puts a fact into the log and sends it to everybody. */
  append(body: EventBody, actor: string | null = null, origin?: RoomEvent['origin']): RoomEvent {
    const event: RoomEvent = {
      seq: this.fold.seq + 1,
      at: this.#options.now(),
      actor,
      ...(origin === undefined ? {} : { origin }),
      body: structuredClone(body),
    };
    this.fold.apply(event);
    this.log.push(event);
    if (body.kind === 'file.created') this.#authorities.set(body.file, new Authority(0, body.text.length));
    for (const connection of this.connections) {
      if (connection.client !== null) connection.toClient(() => connection.listener.events([event]));
    }
    return event;
  }

  begin(text: string): void {
    this.append({ kind: 'room.created', name: 'room', language: 'python' });
    this.append({ kind: 'file.created', file: FILE, path: 'main.py', text });
  }

  setRole(person: Participant, role: Role): void {
    this.append({ kind: 'member.role', participant: person.id, role });
  }

  text(file = FILE): string {
    return this.fold.texts.get(file)!.buffer.toString();
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
        if (isReached && this.refuseSocket === null) listener.open();
        else this.#end(connection, isReached ? this.refuseSocket : null);
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
    this.fold = new RoomFold();
    for (const event of this.log) this.fold.apply(event);
    this.#authorities = new Map(
      [...this.fold.texts].map(([file, { version, buffer }]) => [
        file,
        new Authority(version, buffer.length),
      ]),
    );
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

  #end(connection: FakeConnection, refused: Refusal | null = null): void {
    connection.alive = false;
    connection.up = [];
    connection.down = [];
    this.connections = this.connections.filter((other) => other !== connection);
    connection.listener.down(refused);
  }

  #socket(connection: FakeConnection): RoomSocket {
    const ask = <Answer>(answer: () => Answer) =>
      new Promise<Answer>((resolve, reject) => {
        connection.timeouts.push(() => reject(new Error('operation has timed out')));
        if (!connection.alive) return;
        connection.up.push(() => {
          const value = answer();
          connection.toClient(() => resolve(value));
        });
      });
    return {
      join: (request, answered) => {
        connection.timeouts.push(() => answered(null));
        if (!connection.alive) return;
        connection.up.push(() => {
          const reply = this.#join(connection, structuredClone(request));
          connection.toClient(() => answered(reply));
        });
      },
      command: (command) => {
        const copy = structuredClone(command);
        if (connection.alive) connection.up.push(() => this.#command(connection, copy));
      },
      presence: ({ clock, cursor }) => {
        if (connection.alive)
          connection.up.push(() => this.#tell(connection, { clock, cursor, gone: false }));
      },
      check: ({ file, version, hash }) =>
        ask(() => {
          const text = this.fold.texts.get(file);
          if (text?.version !== version) return { verdict: 'unknown' };
          if (hashText(text.buffer.toString()) === hash) return { verdict: 'equal' };
          return { verdict: 'diverged', version, text: text.buffer.toString() };
        }),
      healed: (report) => {
        if (connection.alive) connection.up.push(() => void this.healed.push(report));
      },
      status: () => ask(() => ({ ok: false, error: refusal('role.host') })),
      ping: () => ask(() => undefined),
      close: () => {
        connection.alive = false;
        connection.down = [];
        this.connections = this.connections.filter((other) => other !== connection);
      },
    };
  }

  #tell(connection: FakeConnection, update: Pick<PresenceEntry, 'clock' | 'cursor' | 'gone'>): void {
    const { client, person } = connection;
    if (client === null) return;
    this.presences.set(client, (this.presences.get(client) ?? 0) + 1);
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
    if (this.fold.state.members.get(person.id)?.here !== true) {
      const role = this.fold.state.members.get(person.id)?.role ?? 'editor';
      this.append({
        kind: 'member.joined',
        participant: person.id,
        name: person.name,
        hue: person.hue,
        role,
      });
    }
    connection.client = request.client;
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
      state: this.#stateFor(request),
      presence: this.#presence.all(),
      sandbox: { state: 'starting' },
      lost: { clients: [], people: [] },
      storage: 'ok',
    });
  }

  #stateFor({ since, pending, client }: JoinRequest): Extract<JoinReply, { ok: true }>['state'] {
    const { resumeEvents = 5_000 } = this.#options;
    if (since !== null && since <= this.fold.seq && this.fold.seq - since <= resumeEvents) {
      return { kind: 'events', events: this.log.filter(({ seq }) => seq > since) };
    }
    const catchUps = pending.map(({ file, version }) => this.#catchUp(file, version, client));
    return { kind: 'keyframe', keyframe: this.fold.toKeyframe(), catchUps };
  }

  #catchUp(file: string, base: number, client: string): CatchUp {
    const steps: { version: number; op: Op; clientSeq?: number }[] = [];
    let others: Op[] = [];
    let version = 0;
    const flush = () => {
      if (others.length > 0) steps.push({ version, op: composeAll(others) });
      others = [];
    };
    for (const { body, origin } of this.log) {
      if (body.kind !== 'edit' || body.file !== file || body.version <= base) continue;
      if (origin?.client === client) {
        flush();
        steps.push({ version: body.version, op: body.op, clientSeq: origin.clientSeq });
      } else {
        others.push(body.op);
        version = body.version;
      }
    }
    flush();
    return { file, steps };
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
    const code = this.refuse(command, client) ?? this.#carryOut(connection, client, command);
    if (code !== null) {
      const error = refusal(code);
      connection.toClient(() => connection.listener.refused({ clientSeq: command.clientSeq, error }));
    }
  }

  /** Why not, or null when it is in the log. */
  #carryOut({ person }: FakeConnection, client: string, command: Command): RefusalCode | null {
    const { body } = command;
    const { role } = this.fold.state.members.get(person.id)!;
    if (!may(role, body.kind)) return roleNeeded(body.kind) === 'host' ? 'role.host' : 'role.viewer';
    const origin = { client, clientSeq: command.clientSeq };
    switch (body.kind) {
      case 'edit': {
        const authority = this.#authorities.get(body.file);
        if (authority === undefined || !this.fold.texts.has(body.file)) return 'file.unknown';
        const older = this.log.flatMap(({ body: past }) =>
          past.kind === 'edit' && past.file === body.file && past.version > body.base ? [past.op] : [],
        );
        const result = authority.receive(
          body.base,
          body.op,
          older.slice(0, Math.max(0, authority.oldestBase - body.base)),
        );
        if (!result.accepted) return result.code === 'base-unknown' ? 'edit.future' : 'edit.invalid';
        const { version, op } = result;
        this.append({ kind: 'edit', file: body.file, version, op }, person.id, origin);
        return null;
      }
      case 'file.create':
        if ([...this.fold.state.files.values()].some(({ path }) => path === body.path)) return 'file.exists';
        this.append({ ...body, kind: 'file.created' }, person.id, origin);
        return null;
      case 'file.delete':
        if (!this.fold.state.files.has(body.file)) return 'file.unknown';
        this.append({ ...body, kind: 'file.deleted' }, person.id, origin);
        return null;
      case 'room.rename':
        this.append({ kind: 'room.renamed', name: body.name }, person.id, origin);
        return null;
      default:
        return 'protocol.malformed';
    }
  }
}

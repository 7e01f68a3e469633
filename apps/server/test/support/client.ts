// A person with a browser, as far as the server can tell: cookie, socket, and a replica of the room.
import {
  acknowledge,
  edit as editFile,
  type Client as FileClient,
  type Op,
  type Outgoing,
  openClient,
  remote,
  resend,
  TextBuffer,
} from '@codesync/ot';
import {
  ClientId,
  type ClientToServer,
  type CommandBody,
  type CreateRoomReply,
  clientParser,
  type FileId,
  type JoinReply,
  type LinksReply,
  type MeReply,
  type Participant,
  POLLING_HEADER,
  PROTOCOL_VERSION,
  type PresenceEntry,
  type Refusal,
  type RoomEvent,
  type RoomId,
  readLog,
  type ServerToClient,
  type Way,
  type Welcome,
} from '@codesync/protocol';
import { roomId, Watch } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { io, type Socket } from 'socket.io-client';
import * as json from 'socket.io-parser';

const parser = clientParser(json);

export function randomId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('base64url');
}

/** An address of the network that is reserved for benchmarks, one of 65,536. */
export function someAddress(): string {
  const [a, b] = crypto.getRandomValues(new Uint8Array(2));
  return `198.18.${a}.${b}`;
}

/** Someone with a signed cookie and, for servers that trust one proxy, a network address of their own. */
export class Person {
  readonly #address: string;
  readonly cookie: string;
  readonly participant: Participant;
  /** What a request of theirs carries. */
  readonly headers: Readonly<Record<string, string>>;

  private constructor(address: string, cookie: string, participant: Participant, network: string) {
    this.#address = address;
    this.cookie = cookie;
    this.participant = participant;
    this.headers = { Cookie: cookie, 'X-Forwarded-For': network };
  }

  static async named(address: string, name: string, network = someAddress()): Promise<Person> {
    const response = await fetch(`${address}/api/me`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': network },
      body: JSON.stringify({ name }),
    });
    const { participant } = (await response.json()) as MeReply;
    const [cookie] = response.headers.getSetCookie();
    return new Person(address, cookie!.split(';')[0]!, participant!, network);
  }

  /** The same person, whose server is at another address by now. */
  at(address: string): Person {
    return new Person(address, this.cookie, this.participant, this.headers['X-Forwarded-For']!);
  }

  async createRoom(language = 'python'): Promise<RoomId> {
    const response = await fetch(`${this.#address}/api/rooms`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...this.headers },
      body: JSON.stringify({ language }),
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as CreateRoomReply).room;
  }

  async links(room: string): Promise<LinksReply['links']> {
    const response = await fetch(`${this.#address}/api/rooms/${room}/links`, {
      headers: this.headers,
    });
    return ((await response.json()) as LinksReply).links;
  }

  tab(client = ClientId.parse(randomId()), way: Way = 'websocket'): Tab {
    return new Tab(this.#address, this, client, way);
  }
}

/**
 * One tab: folds what it is told, and edits files through the same machine as the page. It keeps its text,
 * numbers and unacknowledged edits over `disconnect` and `connect`.
 */
export class Tab {
  readonly person: Person;
  readonly client: ClientId;
  way: Way;
  socket: Socket<ServerToClient, ClientToServer>;
  fold = new RoomFold();
  welcome: Welcome | null = null;
  readonly refusals: { readonly clientSeq: number | null; readonly error: Refusal }[] = [];
  readonly storage: string[] = [];
  readonly presence = new Map<ClientId, PresenceEntry>();
  readonly acknowledged = new Set<number>();
  /** The events that it folded, in order. */
  readonly log: RoomEvent[] = [];
  dismissed: Refusal | null = null;
  resyncs = 0;
  /** How many events came more than once. */
  repeats = 0;
  nextSeq = 1;
  readonly #files = new Map<FileId, { machine: FileClient; view: TextBuffer }>();
  readonly #watch = new Watch();
  /** What came with the answer to a join, in the same turn: to be folded after it. Null while nothing is asked. */
  #early: RoomEvent[] | null = null;
  #joined: { room: string; secret: string | null } | null = null;

  constructor(address: string, person: Person, client: ClientId, way: Way) {
    this.person = person;
    this.client = client;
    this.way = way;
    this.socket = this.#open(address);
  }

  /** A new socket, to another address if need be; `join` or `rejoin` has to follow. */
  connect(address: string): void {
    this.socket.disconnect();
    this.socket = this.#open(address);
  }

  /** A new socket of that way beside the old one, of which nothing is heard any more; `rejoin` has to follow. */
  move(address: string, way: Way): void {
    this.socket.off().offAny();
    this.way = way;
    this.socket = this.#open(address);
  }

  disconnect(): void {
    this.socket.disconnect();
  }

  #open(address: string): Socket<ServerToClient, ClientToServer> {
    const socket: Socket<ServerToClient, ClientToServer> = io(address, {
      parser,
      transports: [this.way],
      extraHeaders: { ...this.person.headers, Origin: address, [POLLING_HEADER]: 'test' },
      reconnection: false,
      forceNew: true,
    });
    readLog(socket, (events) => this.#take(events));
    socket.on('refused', (refused) => this.#noted(() => this.refusals.push(refused)));
    socket.on('storage', (state) => this.#noted(() => this.storage.push(state)));
    socket.on('dismissed', (error) => this.#noted(() => (this.dismissed = error)));
    socket.on('resync', () => this.#noted(() => this.resyncs++));
    socket.on('presence', (entries) =>
      this.#noted(() => {
        for (const entry of entries) this.presence.set(entry.client, entry);
      }),
    );
    socket.on('connect_error', () => this.#noted(() => undefined));
    socket.on('disconnect', () => this.#noted(() => undefined));
    return socket;
  }

  #noted(change: () => unknown): void {
    change();
    this.#watch.changed();
  }

  /** Resolves as soon as `check` holds; it is looked at after every message. */
  until(check: () => boolean): Promise<void> {
    return this.#watch.until(check);
  }

  /** Joins and expects to be let in. */
  async join(room: string, secret: string | null = null): Promise<Welcome> {
    const reply = await this.tryJoin(room, secret);
    if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
    return reply;
  }

  async rejoin(): Promise<Welcome> {
    return this.join(this.#joined!.room, this.#joined!.secret);
  }

  async tryJoin(room: string, secret: string | null = null): Promise<JoinReply> {
    const pending = [...this.#files]
      .filter(([, { machine }]) => machine.state !== 'synchronized')
      .map(([file, { machine }]) => ({ file, version: machine.version }));
    const early: RoomEvent[] = [];
    this.#early = early;
    let reply: JoinReply;
    try {
      reply = await this.socket.emitWithAck('join', {
        protocol: PROTOCOL_VERSION,
        room: roomId(room),
        client: this.client,
        secret,
        since: this.fold.seq === 0 ? null : this.fold.seq,
        pending,
      });
    } finally {
      this.#early = null;
    }
    if (!reply.ok) return reply;
    this.#joined = { room, secret };
    this.welcome = reply;
    this.storage.push(reply.storage);
    for (const entry of reply.presence) this.presence.set(entry.client, entry);
    this.nextSeq = Math.max(this.nextSeq, reply.lastClientSeq + 1);
    if (reply.state.kind === 'keyframe') this.#adopt(reply.state);
    else this.#take(reply.state.events);
    this.#take(early);
    for (const [file, { machine }] of this.#files) {
      const again = resend(machine);
      if (again !== null) this.#send(file, again);
    }
    return reply;
  }

  #adopt(state: Extract<Welcome['state'], { kind: 'keyframe' }>): void {
    this.fold = RoomFold.from(state.keyframe);
    for (const { file, steps } of state.catchUps) {
      const open = this.#files.get(file);
      if (open === undefined) continue;
      for (const { op, version, clientSeq } of steps) {
        // A composed step stands for several versions: the machine is told of the last.
        const before = { ...open.machine, version: version - 1 };
        this.#step(file, open, before, op, version, clientSeq);
      }
    }
    for (const { id, version, text } of state.keyframe.files) {
      if (this.#files.get(id)?.machine.state === 'synchronized' || !this.#files.has(id)) {
        this.#files.set(id, { machine: openClient(version), view: TextBuffer.from(text) });
      }
    }
  }

  #take(events: readonly RoomEvent[]): void {
    if (this.#early !== null) {
      this.#early.push(...events);
      return;
    }
    this.#noted(() => {
      for (const event of events) {
        if (event.origin?.client === this.client) this.acknowledged.add(event.origin.clientSeq);
        if (event.seq <= this.fold.seq) this.repeats++;
        else this.#fold(event);
      }
    });
  }

  #fold(event: RoomEvent): void {
    this.fold.apply(event);
    this.log.push(event);
    const { body, origin } = event;
    if (body.kind === 'file.created') {
      this.#files.set(body.file, { machine: openClient(0), view: TextBuffer.from(body.text) });
    }
    if (body.kind !== 'edit') return;
    const open = this.#files.get(body.file)!;
    const own = origin?.client === this.client ? origin.clientSeq : undefined;
    this.#step(body.file, open, open.machine, body.op, body.version, own);
  }

  #step(
    file: FileId,
    open: { machine: FileClient; view: TextBuffer },
    before: FileClient,
    op: Op,
    version: number,
    clientSeq: number | undefined,
  ): void {
    if (
      clientSeq !== undefined &&
      before.state !== 'synchronized' &&
      before.inFlight.clientSeq === clientSeq
    ) {
      const { client, send } = acknowledge(before, version, this.nextSeq);
      open.machine = client;
      if (send !== null) this.#send(file, send);
    } else {
      const shown = remote(before, version, op);
      open.machine = shown.client;
      open.view.apply(shown.op);
    }
  }

  #send(file: FileId, { clientSeq, version, op }: Outgoing): void {
    this.nextSeq = Math.max(this.nextSeq, clientSeq + 1);
    if (!this.socket.connected) return;
    this.socket.emit('command', { clientSeq, body: { kind: 'edit', file, base: version, op } });
  }

  // ---- what the person does and sees --------------------------------------------------------------------

  /** The room that it joined last. */
  get room(): string | null {
    return this.#joined?.room ?? null;
  }

  /** The id of the file at `path`, by default the room's first. */
  file(path?: string): FileId {
    const files = [...this.fold.state.files.values()];
    return (path === undefined ? files[0] : files.find((file) => file.path === path))!.id;
  }

  text(file = this.file()): string {
    return this.#files.get(file)!.view.toString();
  }

  edit(op: Op, file = this.file()): void {
    const open = this.#files.get(file)!;
    open.view.apply(op);
    const { client, send } = editFile(open.machine, op, this.nextSeq);
    open.machine = client;
    if (send !== null) this.#send(file, send);
  }

  /** Types at the end of the file. */
  type(text: string, file = this.file()): void {
    const { length } = this.#files.get(file)!.view;
    this.edit(length === 0 ? [text] : [length, text], file);
  }

  /** Everything typed so far is acknowledged. */
  saved(): Promise<void> {
    return this.until(() =>
      [...this.#files.values()].every(({ machine }) => machine.state === 'synchronized'),
    );
  }

  isSaved(): boolean {
    return [...this.#files.values()].every(({ machine }) => machine.state === 'synchronized');
  }

  /** Sends a command; returns its number. */
  command(body: CommandBody, clientSeq = this.nextSeq): number {
    this.nextSeq = Math.max(this.nextSeq, clientSeq + 1);
    this.socket.emit('command', { clientSeq, body });
    return clientSeq;
  }

  /** Sends a command and waits for what comes of it: its event, or why there is none. */
  async ask(body: CommandBody): Promise<'done' | Refusal> {
    const clientSeq = this.command(body);
    const refused = () => this.refusals.find((refusal) => refusal.clientSeq === clientSeq);
    await this.until(() => this.acknowledged.has(clientSeq) || refused() !== undefined);
    return refused()?.error ?? 'done';
  }

  /** The next refusal that comes, whatever it answers. */
  async refused(act: () => void): Promise<Refusal> {
    const before = this.refusals.length;
    act();
    await this.until(() => this.refusals.length > before);
    return this.refusals[before]!.error;
  }
}

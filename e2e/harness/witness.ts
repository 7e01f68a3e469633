/**
 * A second tab of somebody in a room, without a page: it folds the room's log as every client does, so that a test
 * can ask what the server has saved.
 */
import { randomBytes } from 'node:crypto';
import {
  type CatchUp,
  ClientId,
  type ClientToServer,
  type Command,
  type CommandBody,
  clientParser,
  type FileId,
  type FileLanguage,
  type JoinRequest,
  type Member,
  PROTOCOL_VERSION,
  type Refusal,
  type RefusalCode,
  type RoomEvent,
  RoomId,
  type Run,
  readLog,
  type ServerToClient,
  type StorageState,
  type Welcome,
} from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import { io, type Socket } from 'socket.io-client';
import * as json from 'socket.io-parser';
import { eventually } from './eventually.ts';

/** What somebody does with the events who does more than fold them. */
export type Part = {
  /** The files with unacknowledged edits. */
  readonly pending: () => JoinRequest['pending'];
  /** An event was folded; `own`: the number of the command of its own that it was. */
  readonly take: (event: RoomEvent, own: number | null) => void;
  /** The fold starts anew; `catchUps` lead what is pending there. */
  readonly restart: (catchUps: readonly CatchUp[]) => void;
  /** In the room, and caught up: what was sent and not taken in is to be sent again. */
  readonly joined: () => void;
  readonly refused: (clientSeq: number | null, error: Refusal) => void;
};

const PASSING: readonly RefusalCode[] = [
  'room.unavailable',
  'storage.unavailable',
  'storage.full',
  'rate.address',
];
const RETRY_MS = 100;
const ANSWER_MS = 60_000;

export class Witness {
  readonly client = ClientId.parse(randomBytes(12).toString('base64url'));
  /** Every event that it was told of, as often as it was told. */
  readonly heard: RoomEvent[] = [];
  /** For each time that it was told to join again, how much it had heard. */
  readonly resyncs: number[] = [];
  /** How often it has connected. */
  connections = 0;
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #room: string;
  readonly #secret: string | null;
  readonly #part: Part | null;
  #fold = new RoomFold();
  #joined = false;
  #lastSeq = 0;
  #storage: StorageState = 'ok';
  readonly #listeners: ((events: readonly RoomEvent[]) => void)[] = [];

  private constructor(url: string, room: string, cookie: string, secret: string | null, part: Part | null) {
    this.#room = room;
    this.#secret = secret;
    this.#part = part;
    this.#socket = io(url, {
      parser: clientParser(json),
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie, origin: url },
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
    });
    this.#socket.on('connect', () => {
      this.connections += 1;
      // What one connection was told says nothing of what the next one means.
      this.#socket.offAny().offAnyOutgoing();
      readLog(this.#socket, (events) => this.#hear(events));
      this.#join();
    });
    // Socket.IO comes back by itself from any end but one that the server has made, as a stop in good order does.
    this.#socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') this.#socket.connect();
    });
    this.#socket.on('resync', () => {
      this.resyncs.push(this.heard.length);
      this.#startOver(this.#socket.id);
    });
    this.#socket.on('storage', (state) => {
      this.#storage = state;
    });
    this.#socket.on('refused', ({ clientSeq, error }) => this.#part?.refused(clientSeq, error));
  }

  /** Joins as the person whose cookies these are; `secret` is a link's. */
  static async join(
    url: string,
    room: string,
    cookie: string,
    { secret = null, part = null }: { readonly secret?: string | null; readonly part?: Part | null } = {},
  ): Promise<Witness> {
    const witness = new Witness(url, room, cookie, secret, part);
    await eventually('the witness is in the room', () => witness.#joined);
    return witness;
  }

  /** In the room by a connection that has not broken. */
  get online(): boolean {
    return this.#socket.connected && this.#joined;
  }

  /** What it was last told of the storage. */
  get storage(): StorageState {
    return this.#storage;
  }

  get fold(): RoomFold {
    return this.#fold;
  }

  /** The saved text of a file. */
  text(path: string): string {
    return this.#fold.texts.get(this.fileId(path))!.buffer.toString();
  }

  fileId(path: string): FileId {
    const file = [...this.#fold.state.files.values()].find((entry) => entry.path === path);
    if (file === undefined) throw new Error(`no file ${path} in the room`);
    return file.id;
  }

  /**
   * Gives a command past any page; resolves to the refusal, or to null when it is in the log. Rejects when neither is
   * known in time: a connection that breaks meanwhile may take the answer with it.
   */
  async send(body: CommandBody): Promise<Refusal | null> {
    await eventually('the witness is in the room', () => this.online);
    const clientSeq = this.takeSeq();
    const answer = new Promise<Refusal | null>((resolve) => {
      this.#socket.on('refused', (refused) => {
        if (refused.clientSeq === clientSeq) resolve(refused.error);
      });
      this.#listeners.push((events) => {
        const own = events.some(
          ({ origin }) => origin?.client === this.client && origin.clientSeq === clientSeq,
        );
        if (own) resolve(null);
      });
    });
    this.emit({ clientSeq, body });
    const late = AbortSignal.timeout(ANSWER_MS);
    const silence = new Promise<never>((_, reject) => {
      late.onabort = () => reject(new Error(`no answer to ${body.kind} within ${ANSWER_MS} ms`));
    });
    return Promise.race([answer, silence]);
  }

  /** The number for the next command, which is used up. */
  takeSeq(): number {
    this.#lastSeq += 1;
    return this.#lastSeq;
  }

  /** Sends a command if it is in the room; otherwise nothing is sent. */
  emit(command: Command): void {
    if (this.online) this.#socket.emit('command', command);
  }

  get paths(): string[] {
    return [...this.#fold.state.files.values()].map(({ path }) => path).sort();
  }

  /** The language that somebody has chosen for each file, by its path; null: none. */
  get languages(): Readonly<Record<string, FileLanguage | null>> {
    return Object.fromEntries(
      [...this.#fold.state.files.values()].map(({ path, language }) => [path, language]),
    );
  }

  get runs(): Run[] {
    return [...this.#fold.state.runs.values()];
  }

  get members(): Member[] {
    return [...this.#fold.state.members.values()];
  }

  /** How many events the room's log has. */
  get head(): number {
    return this.#fold.seq;
  }

  /** Resolves with the moment, in Unix milliseconds, at which an event came after which something is so. */
  untilEvent(isSo: () => boolean): Promise<number> {
    return new Promise((resolve) => {
      this.#listeners.push(() => {
        if (isSo()) resolve(Date.now());
      });
    });
  }

  /** Resolves when the file is there, and its saved text fits. */
  async untilPaths(fits: (paths: readonly string[]) => boolean): Promise<void> {
    await eventually(
      'the paths of the files fit',
      () => fits(this.paths),
      () => this.paths.join('\n'),
    );
  }

  async untilText(path: string, fits: (text: string) => boolean): Promise<void> {
    const there = () => this.paths.includes(path);
    await eventually(
      `the saved text of ${path} fits`,
      () => there() && fits(this.text(path)),
      () => (there() ? this.text(path) : this.paths.join()),
    );
  }

  leave(): void {
    this.#socket.disconnect();
  }

  #join(): void {
    const { id } = this.#socket;
    this.#joined = false;
    const request: JoinRequest = {
      protocol: PROTOCOL_VERSION,
      room: RoomId.parse(this.#room),
      client: this.client,
      secret: this.#secret,
      since: this.#fold.seq === 0 ? null : this.#fold.seq,
      pending: this.#part?.pending() ?? [],
    };
    // Not awaited: what comes right after the answer would be taken before it.
    this.#socket.emit('join', request, (answer) => {
      if (this.#socket.id !== id) return;
      if (answer.ok) this.#enter(answer);
      else if (PASSING.includes(answer.error.code)) setTimeout(() => this.#startOver(id), RETRY_MS);
      else throw new Error(`${answer.error.code}: ${answer.error.message}`);
    });
  }

  /** Connects anew, as the page does: the next connection may lead to a server that can. */
  #startOver(id: string | undefined): void {
    if (this.#socket.id === id) this.#socket.disconnect().connect();
  }

  #enter({ state, lastClientSeq, storage }: Welcome): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastClientSeq);
    this.#storage = storage;
    if (state.kind === 'keyframe') {
      this.#fold = RoomFold.from(state.keyframe);
      this.#part?.restart(state.catchUps);
    } else this.#hear(state.events);
    this.#joined = true;
    this.#part?.joined();
  }

  #hear(events: readonly RoomEvent[]): void {
    for (const event of events) {
      this.heard.push(event);
      if (event.seq <= this.#fold.seq) continue;
      this.#fold.apply(event);
      const { origin } = event;
      this.#part?.take(event, origin?.client === this.client ? origin.clientSeq : null);
    }
    for (const listen of this.#listeners) listen(events);
  }
}

/**
 * A second tab of somebody in a room, without a page: it folds the room's log as every client does, so that a test
 * can ask what the server has saved.
 */
import { randomBytes } from 'node:crypto';
import {
  type ClientToServer,
  type CommandBody,
  type JoinReply,
  type JoinRequest,
  LogReader,
  type Member,
  PROTOCOL_VERSION,
  type Refusal,
  type RoomEvent,
  type Run,
  type ServerToClient,
} from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import { io, type Socket } from 'socket.io-client';
import { eventually } from './eventually.ts';

export class Witness {
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #room: string;
  readonly #client = randomBytes(12).toString('base64url');
  #fold = new RoomFold();
  #joined = false;
  #lastSeq = 0;
  readonly #listeners: ((events: readonly RoomEvent[]) => void)[] = [];

  private constructor(socket: Socket<ServerToClient, ClientToServer>, room: string) {
    this.#socket = socket;
    this.#room = room;
    socket.on('connect', () => void this.#join());
    socket.on('resync', () => void this.#join());
    const reader = new LogReader();
    socket.on('log', (...message) => this.#hear(reader.read(message)));
    socket.on('events', (events) => this.#hear(events));
  }

  /** Joins as the person whose cookies these are. */
  static async join(url: string, room: string, cookie: string): Promise<Witness> {
    const socket: Socket<ServerToClient, ClientToServer> = io(url, {
      transports: ['websocket'],
      extraHeaders: { cookie, origin: url },
      reconnectionDelayMax: 500,
    });
    const witness = new Witness(socket, room);
    await eventually('the witness is in the room', () => witness.#joined);
    return witness;
  }

  /** The saved text of a file. */
  text(path: string): string {
    return this.#fold.texts.get(this.fileId(path))!.buffer.toString();
  }

  fileId(path: string): string {
    const file = [...this.#fold.state.files.values()].find((entry) => entry.path === path);
    if (file === undefined) throw new Error(`no file ${path} in the room`);
    return file.id;
  }

  /** Gives a command past any page; resolves to the refusal, or to null when it is in the log. */
  send(body: CommandBody): Promise<Refusal | null> {
    this.#lastSeq += 1;
    const clientSeq = this.#lastSeq;
    const answer = new Promise<Refusal | null>((resolve) => {
      this.#socket.on('refused', (refused) => {
        if (refused.clientSeq === clientSeq) resolve(refused.error);
      });
      this.#listeners.push((events) => {
        const own = events.some(
          ({ origin }) => origin?.client === this.#client && origin.clientSeq === clientSeq,
        );
        if (own) resolve(null);
      });
    });
    this.#socket.emit('command', { clientSeq, body });
    return answer;
  }

  get paths(): string[] {
    return [...this.#fold.state.files.values()].map(({ path }) => path).sort();
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

  async untilText(path: string, fits: (text: string) => boolean): Promise<void> {
    await eventually(
      `the saved text of ${path} fits`,
      () => fits(this.text(path)),
      () => this.text(path),
    );
  }

  leave(): void {
    this.#socket.disconnect();
  }

  async #join(): Promise<void> {
    const request: JoinRequest = {
      protocol: PROTOCOL_VERSION,
      room: this.#room,
      client: this.#client,
      secret: null,
      since: this.#joined ? this.#fold.seq : null,
      pending: [],
    };
    const answer: JoinReply = await this.#socket.emitWithAck('join', request);
    if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
    if (answer.state.kind === 'keyframe') this.#fold = RoomFold.from(answer.state.keyframe);
    else this.#take(answer.state.events);
    this.#joined = true;
  }

  #hear(events: readonly RoomEvent[]): void {
    this.#take(events);
    for (const listen of this.#listeners) listen(events);
  }

  #take(events: readonly RoomEvent[]): void {
    for (const event of events) if (event.seq > this.#fold.seq) this.#fold.apply(event);
  }
}

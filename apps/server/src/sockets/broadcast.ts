// Tells everyone in a room what happens there. The limit is fan-out: a keystroke is one message for each person. So a
// message is made once, carries the events that come close together, and takes the short way to the socket.
import { type ClientId, LogWriter, type Origin, type RoomEvent, type RoomId } from '@codesync/protocol';
import type { Namespace } from 'socket.io';
import type { Backlogs } from './backlogs.ts';
import type { Connection } from './connection.ts';
import type { EditTimes } from './edit-times.ts';
import { bytesMessage, deliver, eventMessage, type Message } from './frame.ts';

/**
 * Telling a room costs this much time for each of its clients, and must not take more than a part of the processor. So
 * a hundred people are told every 10 ms at most, and ten people every millisecond. This holds on average: telling may
 * run ahead by AHEAD_MS, for keystrokes that come close together by chance. A wait below LEAST_WAIT_MS is not worth a
 * timer, and is left out.
 */
const MS_PER_CLIENT = 0.1;
const AHEAD_MS = 15;
const LEAST_WAIT_MS = 1;

/** A client's place among the sockets, and the last of its commands that may have come by another socket. */
type Ear = { readonly socket: string; readonly after: number };

type RoomBroadcast = {
  readonly writer: LogWriter;
  readonly ears: Map<ClientId, Ear>;
  waiting: RoomEvent[];
  /**
   * The time up to which telling has been paid for: a leaky bucket as a single moment (the generic cell rate
   * algorithm).
   */
  toldFor: number;
  timer: NodeJS.Timeout | null;
};

export class Broadcasts {
  readonly #namespace: Pick<Namespace, 'adapter' | 'sockets'>;
  readonly #times: EditTimes;
  readonly #backlogs: Pick<Backlogs, 'takes'>;
  readonly #rooms = new Map<RoomId, RoomBroadcast>();

  constructor(
    namespace: Pick<Namespace, 'adapter' | 'sockets'>,
    times: EditTimes,
    backlogs: Pick<Backlogs, 'takes'>,
  ) {
    this.#namespace = namespace;
    this.#times = times;
    this.#backlogs = backlogs;
    namespace.adapter.on('delete-room', (room: RoomId) => {
      clearTimeout(this.#rooms.get(room)?.timer ?? undefined);
      this.#rooms.delete(room);
    });
  }

  /** Tells the room. Edits may wait a moment for more of them. Whatever comes later is told after them. */
  tell(room: RoomId, events: readonly RoomEvent[]): void {
    const each = this.#msFor(room);
    if (each === 0) return;
    const broadcast = this.#of(room);
    broadcast.waiting.push(...events);
    if (broadcast.timer !== null && events.every(isEdit)) return;
    const wait = broadcast.toldFor + each - Math.max(each, AHEAD_MS) - performance.now();
    if (wait < LEAST_WAIT_MS || !events.every(isEdit)) this.flush(room);
    else broadcast.timer = setTimeout(() => this.flush(room), wait);
  }

  /** Sends what waits. To be called before one client is sent something that must come after it. */
  flush(room: RoomId): void {
    const broadcast = this.#rooms.get(room);
    if (broadcast === undefined) return;
    clearTimeout(broadcast.timer ?? undefined);
    broadcast.timer = null;
    if (broadcast.waiting.length === 0) return;
    const events = broadcast.waiting;
    broadcast.waiting = [];
    const now = performance.now();
    const each = this.#msFor(room);
    broadcast.toldFor = Math.min(Math.max(broadcast.toldFor, now) + each, now + Math.max(each, AHEAD_MS));
    this.#send(room, broadcast, events);
    this.#times.told(events, performance.now());
  }

  /**
   * To be called before a client is let into the room. It has heard nothing yet.
   *
   * @param after the client's commands up to this number may have come by another socket. This socket knows nothing of
   *   them.
   */
  admit(room: RoomId, client: ClientId, socket: string, after: number): void {
    this.flush(room);
    const { writer, ears } = this.#of(room);
    writer.forget();
    ears.set(client, { socket, after });
  }

  /** The client is no longer in the room by that socket. */
  leave(room: RoomId, client: ClientId, socket: string): void {
    const ears = this.#rooms.get(room)?.ears;
    if (ears?.get(client)?.socket === socket) ears.delete(client);
  }

  /** What telling the room once is counted as. */
  #msFor(room: RoomId): number {
    return (this.#namespace.adapter.rooms.get(room)?.size ?? 0) * MS_PER_CLIENT;
  }

  #of(room: RoomId): RoomBroadcast {
    let broadcast = this.#rooms.get(room);
    if (broadcast === undefined) {
      broadcast = { writer: new LogWriter(), ears: new Map(), waiting: [], toldFor: 0, timer: null };
      this.#rooms.set(room, broadcast);
    }
    return broadcast;
  }

  #send(room: RoomId, { writer, ears }: RoomBroadcast, events: readonly RoomEvent[]): void {
    for (const packet of writer.write(events)) {
      if ('log' in packet) this.#toEach(room, eventMessage(['log', ...packet.log]));
      else {
        const { frame, alone, acknowledgement } = packet.keys;
        const author = alone === null ? null : earOf(ears, alone);
        const short = author === null ? null : bytesMessage(frame.subarray(0, acknowledgement));
        this.#toEach(room, bytesMessage(frame), author, short);
      }
    }
  }

  /** @param short what the socket `author` is sent instead. */
  #toEach(room: RoomId, message: Message, author: string | null = null, short: Message | null = null): void {
    const { adapter, sockets } = this.#namespace;
    for (const id of adapter.rooms.get(room) ?? []) {
      const connection = sockets.get(id)?.conn as Connection | undefined;
      if (connection?.readyState !== 'open' || !this.#backlogs.takes(connection)) continue;
      deliver(short !== null && id === author ? short : message, connection);
    }
  }
}

/** The socket by which the author of an edit sent it and hears the room. Null when that is not known. */
function earOf(ears: ReadonlyMap<ClientId, Ear>, { client, clientSeq }: Origin): string | null {
  const ear = ears.get(client);
  return ear === undefined || clientSeq <= ear.after ? null : ear.socket;
}

function isEdit({ body }: RoomEvent): boolean {
  return body.kind === 'edit';
}

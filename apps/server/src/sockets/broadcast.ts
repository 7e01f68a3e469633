// What happens in rooms, told to everyone in them. The wall here is fan-out: a keystroke is one message for each
// person, so a message is made once, carries what comes close together, and takes the short way to the socket.
import {
  acknowledgementOf,
  type ClientId,
  type LogPacket,
  LogWriter,
  type RoomEvent,
  type RoomId,
} from '@codesync/protocol';
import type { Namespace } from 'socket.io';
import type { Backlogs } from './backlogs.ts';
import type { Connection } from './connection.ts';
import type { EditTimes } from './edit-times.ts';
import { eventData, messageFrame } from './frame.ts';

/**
 * A room is told no more often than this for each of its clients, so that telling it never takes more than a part
 * of the processor: a hundred people are told every 10 ms at most, ten every millisecond. It counts on the average:
 * telling may run ahead of that for so long, which is what keystrokes that come close together by chance need. A wait
 * below a millisecond is not worth a timer, and is let off.
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
  /** Until then it has been told for: a leaky bucket as a single moment (the generic cell rate algorithm). */
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

  /** Tells the room. Edits may wait a moment for more of them; whatever comes later then comes after them. */
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

  /** Sends what waits. To be called before anything is sent to one client that must come after it. */
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
   * To be called before a client is let into the room: it has heard nothing.
   *
   * @param after of the client's commands, those up to this number may have come by another socket than this one,
   *   which knows nothing of them.
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
    const packet = writer.write(events);
    const message = messageOf(packet);
    const short = acknowledgementOf(packet);
    const author = short === null ? null : earOf(ears, events[0]!);
    const { adapter, sockets } = this.#namespace;
    for (const id of adapter.rooms.get(room) ?? []) {
      const connection = sockets.get(id)?.conn as Connection | undefined;
      if (connection?.readyState !== 'open' || !this.#backlogs.takes(connection)) continue;
      deliver(connection, short !== null && id === author ? messageOf(short) : message);
    }
  }
}

type Message = { readonly data: string; readonly frame: Buffer };

function messageOf(packet: LogPacket): Message {
  const data = eventData(packet);
  return { data, frame: messageFrame(data) };
}

function deliver(connection: Connection, { data, frame }: Message): void {
  const net = connection.transport.socket?._socket;
  // Engine.IO holds messages back while it waits for the socket: these must not be overtaken.
  const free = connection.transport.writable && connection.writeBuffer.length === 0;
  if (free && net?.writable) net.write(frame);
  else connection.write(data);
}

/** The socket by which the author of an edit has sent it and hears the room, null when that is not known. */
function earOf(ears: ReadonlyMap<ClientId, Ear>, { origin }: RoomEvent): string | null {
  const ear = origin === undefined ? undefined : ears.get(origin.client);
  return ear === undefined || origin!.clientSeq <= ear.after ? null : ear.socket;
}

function isEdit({ body }: RoomEvent): boolean {
  return body.kind === 'edit';
}

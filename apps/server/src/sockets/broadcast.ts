// What happens in rooms, told to everyone in them. The wall here is fan-out: a keystroke is one message for each
// person, so a message is made once, carries what comes close together, and takes the short way to the socket.
import { LogWriter, type RoomEvent, type RoomId } from '@codesync/protocol';
import type { Namespace } from 'socket.io';
import type { Backlogs } from './backlogs.ts';
import type { Connection } from './connection.ts';
import type { EditTimes } from './edit-times.ts';
import { eventData, messageFrame } from './frame.ts';

/**
 * A room is told no more often than this for each of its clients, so that telling it never takes more than a part
 * of the processor: a hundred people are told every 5 ms at most, ten at once.
 */
const MS_PER_CLIENT = 0.05;

type RoomBroadcast = {
  readonly writer: LogWriter;
  waiting: RoomEvent[];
  toldAt: number;
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
    const listeners = this.#namespace.adapter.rooms.get(room)?.size ?? 0;
    if (listeners === 0) return;
    const broadcast = this.#of(room);
    broadcast.waiting.push(...events);
    if (broadcast.timer !== null && events.every(isEdit)) return;
    const wait = broadcast.toldAt + listeners * MS_PER_CLIENT - performance.now();
    if (wait < 1 || !events.every(isEdit)) this.flush(room);
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
    const data = eventData('log', broadcast.writer.write(events));
    broadcast.waiting = [];
    broadcast.toldAt = performance.now();
    this.#send(room, data);
    this.#times.told(events, performance.now());
  }

  /** To be called before a client is let into the room: it has heard nothing. */
  admit(room: RoomId): void {
    this.flush(room);
    this.#rooms.get(room)?.writer.forget();
  }

  #of(room: RoomId): RoomBroadcast {
    let broadcast = this.#rooms.get(room);
    if (broadcast === undefined) {
      broadcast = { writer: new LogWriter(), waiting: [], toldAt: Number.NEGATIVE_INFINITY, timer: null };
      this.#rooms.set(room, broadcast);
    }
    return broadcast;
  }

  #send(room: RoomId, data: string): void {
    const frame = messageFrame(data);
    const { adapter, sockets } = this.#namespace;
    for (const id of adapter.rooms.get(room) ?? []) {
      const connection = sockets.get(id)?.conn as Connection | undefined;
      if (connection === undefined || connection.readyState !== 'open') continue;
      if (!this.#backlogs.takes(connection)) continue;
      const net = connection.transport.socket?._socket;
      // Engine.IO holds messages back while it waits for the socket: these must not be overtaken.
      const free = connection.transport.writable && connection.writeBuffer.length === 0;
      if (free && net?.writable) net.write(frame);
      else connection.write(data);
    }
  }
}

function isEdit({ body }: RoomEvent): boolean {
  return body.kind === 'edit';
}

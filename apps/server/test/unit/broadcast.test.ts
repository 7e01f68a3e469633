// How a room's events reach its sockets: in order, together where they are close, framed once.
import { EventEmitter } from 'node:events';
import { headOf, KEYS, LogReader, type RoomEvent, wireParser } from '@codesync/protocol';
import { clientId, fileId, participantId, roomId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import * as json from 'socket.io-parser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Broadcasts } from '../../src/sockets/broadcast.ts';
import { EditTimes } from '../../src/sockets/edit-times.ts';
import { bytesMessage, eventMessage } from '../../src/sockets/frame.ts';

const { Decoder } = wireParser(json);
const ROOM = roomId('room-1234567890-abcdef');
const A = clientId('client-a-12345678');

const TEXT = 0x81;
const BINARY = 0x82;

/** What a WebSocket frame from a server carries: one unmasked, unfragmented message. */
function payloadOf(frame: Buffer): string | Buffer {
  const short = frame[1]!;
  if (short < 126) expect(frame.length).toBe(2 + short);
  const [start, length] =
    short < 126
      ? [2, short]
      : short === 126
        ? [4, frame.readUInt16BE(2)]
        : [10, Number(frame.readBigUInt64BE(2))];
  expect(frame.length).toBe(start + length);
  const payload = frame.subarray(start);
  expect([TEXT, BINARY]).toContain(frame[0]);
  return frame[0] === TEXT ? payload.toString() : payload;
}

/** What Engine.IO makes of a message that came as a frame. */
function dataOf(payload: string | Buffer): string | Buffer {
  if (typeof payload !== 'string') return payload;
  expect(payload[0]).toBe('4');
  return payload.slice(1);
}

/** A client on the other end of a socket. */
class Listener {
  readonly #reader = new LogReader();
  readonly #decoder = new Decoder();
  readonly messages: (readonly RoomEvent[])[] = [];
  /** The last one as it came. */
  last: string | Buffer = '';
  /** Messages that went the long way, through Engine.IO. */
  held = 0;
  readonly conn = {
    readyState: 'open',
    writeBuffer: [] as string[],
    transport: {
      writable: true,
      socket: {
        readyState: WebSocket.OPEN,
        _sender: { sendFrame: ([frame]: [Buffer]) => this.#take(dataOf(payloadOf(frame))) },
      },
    },
    write: (data: string | Buffer) => {
      this.held++;
      this.#take(data);
    },
  };

  constructor() {
    this.#decoder.on('decoded', ({ data }) => {
      const [name, ...parameters] = data as [string, ...unknown[]];
      this.messages.push(this.#reader.hears(name, parameters)!);
    });
  }

  #take(data: string | Buffer): void {
    this.last = data;
    this.#decoder.add(data);
  }

  /** It has sent this edit, for the newest version. */
  types({ origin, body }: RoomEvent): void {
    if (body.kind !== 'edit') throw new Error('not an edit');
    const { file, version, op } = body;
    this.#reader.sends('join', [{ client: origin!.client }]);
    const command = { kind: 'edit', file, base: version - 1, op };
    this.#reader.sends('command', [{ clientSeq: origin!.clientSeq, body: command }]);
  }
}

function roomOf(size: number) {
  const adapter = Object.assign(new EventEmitter(), { rooms: new Map([[ROOM, new Set<string>()]]) });
  const sockets = new Map<string, Listener>();
  const listeners: Listener[] = [];
  const namespace = { adapter, sockets } as unknown as ConstructorParameters<typeof Broadcasts>[0];
  const broadcasts = new Broadcasts(namespace, new EditTimes(() => undefined), { takes: () => true });
  const enter = (client = `client-${sockets.size}-12345678`, after = 0): Listener => {
    const listener = new Listener();
    const id = `socket-${sockets.size}`;
    broadcasts.admit(ROOM, clientId(client), id, after);
    sockets.set(id, listener);
    adapter.rooms.get(ROOM)!.add(id);
    listeners.push(listener);
    return listener;
  };
  for (let i = 0; i < size; i++) enter();
  return { broadcasts, adapter, listeners, enter };
}

/** A hundred people who have just been told of a keystroke: the next one waits. */
function busyRoom() {
  const room = roomOf(100);
  room.broadcasts.tell(ROOM, [typed(1)]);
  return room;
}

/** Keystroke by keystroke of client a. */
function typed(seq: number): RoomEvent {
  const origin = { client: A, clientSeq: seq };
  return {
    seq,
    at: 1_000 + seq,
    actor: participantId('person-1234567890'),
    origin,
    body: { kind: 'edit', file: fileId('file_12345678'), version: seq, op: ['x'] },
  };
}

/** The event `typed(seq)` as a key of pen 0: 1 ms later, one unit before the caret, and for others its text. */
function key(seq: number, whole: boolean): Buffer {
  const operation = [1, 1, 0b110, 0x78];
  return Buffer.from([headOf(KEYS, seq), 0, 2, ...(whole ? operation : [])]);
}

function renamed(seq: number): RoomEvent {
  return { seq, at: 1_000 + seq, actor: null, body: { kind: 'room.renamed', name: 'Another' } };
}

describe('a broadcast', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('reaches a few people at once', () => {
    const { broadcasts, listeners } = roomOf(3);
    broadcasts.tell(ROOM, [typed(1)]);
    broadcasts.tell(ROOM, [typed(2)]);
    for (const { messages } of listeners) expect(messages).toEqual([[typed(1)], [typed(2)]]);
  });

  test.each([
    [50, 3],
    [100, 1],
  ])('carries what comes close together when %i people were told %i times in a row', (people, times) => {
    const { broadcasts, listeners } = roomOf(people);
    for (const seq of [1, 2, 3, 4, 5]) broadcasts.tell(ROOM, [typed(seq)]);
    const alone = [1, 2, 3].slice(0, times).map((seq) => [typed(seq)]);
    const together = [1, 2, 3, 4, 5].slice(times).map(typed);
    expect(listeners[0]!.messages).toEqual(alone);
    vi.advanceTimersByTime(4);
    expect(listeners[0]!.messages).toEqual(alone);
    vi.advanceTimersByTime(1);
    for (const { messages } of listeners) expect(messages).toEqual([...alone, together]);
  });

  test('is one message every 10 ms for a hundred who never pause, and at once again when they did', () => {
    const { broadcasts, listeners } = roomOf(100);
    const [{ messages }] = listeners as [Listener];
    let seq = 0;
    const type = (ms: number): void => {
      for (let i = 0; i < ms; i++) {
        broadcasts.tell(ROOM, [typed(++seq)]);
        vi.advanceTimersByTime(1);
      }
    };
    type(100);
    expect(messages.length).toBeLessThanOrEqual(2 + 10);
    vi.advanceTimersByTime(100);
    const before = messages.length;
    for (const _ of [1, 2]) {
      broadcasts.tell(ROOM, [typed(++seq)]);
      vi.advanceTimersByTime(5);
    }
    expect(messages).toHaveLength(before + 2);
  });

  test('of edits never waits longer than once, however much else the room was told', () => {
    const { broadcasts, listeners } = roomOf(100);
    let seq = 0;
    while (seq < 500) broadcasts.tell(ROOM, [renamed(++seq)]);
    broadcasts.tell(ROOM, [typed(++seq)]);
    vi.advanceTimersByTime(10);
    expect(listeners[0]!.messages.at(-1)).toEqual([typed(501)]);
  });

  test('tells the author of one edit alone only that the log has it', () => {
    const { broadcasts, listeners, enter } = roomOf(2);
    const [other] = listeners as [Listener, Listener];
    const author = enter(A);
    for (const seq of [1, 2]) {
      author.types(typed(seq));
      broadcasts.tell(ROOM, [typed(seq)]);
    }
    expect(author.last).toEqual(key(2, false));
    expect(other.last).toEqual(key(2, true));
    for (const { messages } of listeners) expect(messages).toEqual([[typed(1)], [typed(2)]]);
  });

  test('tells an author all of what may have been sent over another socket', () => {
    const { broadcasts, adapter, enter } = roomOf(1);
    enter(A).types(typed(1));
    broadcasts.tell(ROOM, [typed(1)]);
    // Came back while edits were on their way into the log; the other socket is noticed to be gone only later.
    const author = enter(A, 3);
    adapter.rooms.get(ROOM)!.delete('socket-1');
    broadcasts.leave(ROOM, A, 'socket-1');
    for (const seq of [2, 3]) broadcasts.tell(ROOM, [typed(seq)]);
    expect(author.last).toEqual(key(3, true));
    author.types(typed(4));
    broadcasts.tell(ROOM, [typed(4)]);
    expect(author.last).toEqual(key(4, false));
    expect(author.messages.flat()).toEqual([typed(2), typed(3), typed(4)]);
    broadcasts.leave(ROOM, A, 'socket-2');
    broadcasts.tell(ROOM, [typed(5)]);
    expect(author.last).toEqual(key(5, true));
  });

  test('does not wait with anything but edits, and takes the edits that wait along', () => {
    const { broadcasts, listeners } = busyRoom();
    for (const event of [typed(2), renamed(3)]) broadcasts.tell(ROOM, [event]);
    const later = () => listeners[0]!.messages.slice(1).flat();
    expect(later()).toEqual([typed(2), renamed(3)]);
    vi.advanceTimersByTime(50);
    expect(later()).toHaveLength(2);
  });

  test('goes out before somebody is let in, who then can read what follows', () => {
    const { broadcasts, listeners, enter } = busyRoom();
    broadcasts.tell(ROOM, [typed(2)]);
    expect(listeners[0]!.messages).toHaveLength(1);
    const newcomer = enter();
    expect(listeners[0]!.messages.slice(1)).toEqual([[typed(2)]]);
    expect(newcomer.messages).toEqual([]);
    broadcasts.tell(ROOM, [typed(3)]);
    vi.advanceTimersByTime(50);
    expect(newcomer.messages).toEqual([[typed(3)]]);
    expect(listeners[0]!.messages.at(-1)).toEqual([typed(3)]);
  });

  test('does not overtake what Engine.IO holds back, and leaves out who is gone', () => {
    const { broadcasts, listeners } = roomOf(3);
    const [busy, closing, free] = listeners as [Listener, Listener, Listener];
    busy.conn.transport.writable = false;
    closing.conn.readyState = 'closing';
    broadcasts.tell(ROOM, [typed(1)]);
    expect([busy.held, closing.held, free.held]).toEqual([1, 0, 0]);
    expect(closing.messages).toEqual([]);
    for (const { messages } of [busy, free]) expect(messages).toEqual([[typed(1)]]);
  });

  test('ends with its room', () => {
    const { broadcasts, adapter, listeners } = busyRoom();
    broadcasts.tell(ROOM, [typed(2)]);
    adapter.rooms.delete(ROOM);
    adapter.emit('delete-room', ROOM);
    vi.advanceTimersByTime(50);
    broadcasts.tell(ROOM, [typed(3)]);
    expect(listeners[0]!.messages).toHaveLength(1);
  });

  test('is dense and in order for everyone, whatever is told when', () => {
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.constant('type') },
      fc.constantFrom('rename', 'enter', 'pause', 'flush'),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { broadcasts, listeners, enter } = roomOf(60);
        const author = enter(A);
        let seq = 0;
        const since = new Map<Listener, number>(listeners.map((listener) => [listener, 0]));
        for (const what of acts) {
          if (what === 'type') {
            author.types(typed(++seq));
            broadcasts.tell(ROOM, [typed(seq)]);
          } else if (what === 'rename') broadcasts.tell(ROOM, [renamed(++seq)]);
          else if (what === 'enter') since.set(enter(), seq);
          else if (what === 'flush') broadcasts.flush(ROOM);
          else vi.advanceTimersByTime(3);
        }
        vi.advanceTimersByTime(50);
        for (const [listener, first] of since) {
          const seqs = listener.messages.flat().map((event) => event.seq);
          expect(seqs).toEqual(Array.from({ length: seq - first }, (_, i) => first + 1 + i));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a frame', () => {
  test.each([0, 100, 117, 118, 125, 65_526, 65_527, 70_000])('carries text of %i bytes', (length) => {
    const text = 'é'.repeat(length >> 1) + 'x'.repeat(length & 1);
    const { data, frame } = eventMessage(['log', text]);
    expect(data).toBe(`2["log","${text}"]`);
    expect(payloadOf(frame[0])).toBe(`4${data}`);
  });

  test.each([1, 125, 126, 65_535, 65_536])('carries %i bytes as they are', (length) => {
    const bytes = new Uint8Array(length + 2).fill(7).subarray(1, length + 1);
    const { data, frame } = bytesMessage(bytes);
    expect(data).toEqual(Buffer.alloc(length, 7));
    expect(payloadOf(frame[0])).toEqual(data);
  });
});

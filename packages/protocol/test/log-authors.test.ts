// What the log says to the authors of its edits, who know the operations already.

import { Authority, type Op, TextBuffer } from '@codesync/ot';
import type { ClientId } from '@codesync/protocol';
import { clientId, fileId, participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Command,
  headOf,
  KEYS,
  type LogPacket,
  LogReader,
  LogWriter,
  type RoomEvent,
  UnreadableLog,
} from '../src/index.ts';

const FILES = ['file_12345678', 'file_abcdefgh'].map(fileId);
const BEGINNING = 'the text that was there before';

/** An event of Socket.IO's, as it comes in. */
type Message = readonly [name: string, ...parameters: unknown[]];

function messageOf(packet: LogPacket): Message {
  return 'keys' in packet ? ['keys', packet.keys.frame] : JSON.parse(JSON.stringify(['log', ...packet.log]));
}

/** What the author of the edit in `packet` is sent instead, null when it is not one edit alone. */
function shortOf(packet: LogPacket): Message | null {
  if (!('keys' in packet) || packet.keys.alone === null) return null;
  return ['keys', packet.keys.frame.subarray(0, packet.keys.acknowledgement)];
}

/** Someone at the other end of a socket: what was heard, and the text that it makes. */
class Author {
  readonly client: ClientId;
  readonly reader = new LogReader();
  readonly got: RoomEvent[] = [];
  readonly texts = FILES.map(() => ({ version: 0, buffer: TextBuffer.from(BEGINNING) }));
  /** Commands on their way to the server. */
  readonly up: Command[] = [];
  /** Messages on their way from the server. */
  readonly down: Message[] = [];
  #clientSeq = 0;

  constructor(n: number) {
    this.client = clientId(`client-${n}-12345678`);
    this.sends('join', { client: this.client });
  }

  sends(name: string, message: unknown): void {
    this.reader.sends(name, [message]);
  }

  /** An edit made for what this author has heard so far. */
  edit(file: number, opFor: (length: number) => Op): void {
    const { version: base, buffer } = this.texts[file]!;
    this.#clientSeq++;
    const body = { kind: 'edit' as const, file: FILES[file]!, base, op: opFor(buffer.length) };
    const command = { clientSeq: this.#clientSeq, body };
    this.sends('command', command);
    this.up.push(command);
  }

  /** @param eager types on as soon as an own edit is there, whatever else the message holds. */
  hear(eager = false): void {
    const message = this.down.shift();
    if (message === undefined) return;
    const [name, ...parameters] = message;
    for (const event of this.reader.hears(name, parameters) ?? []) {
      this.got.push(event);
      if (event.body.kind !== 'edit') continue;
      const { file, op, version } = event.body;
      const text = this.texts[FILES.indexOf(file)]!;
      expect(version).toBe(text.version + 1);
      text.buffer.apply(op);
      text.version = version;
      if (eager && event.origin?.client === this.client) this.edit(FILES.indexOf(file), () => ['eager']);
    }
  }
}

/** Puts edits in order and tells of them, to an author of one alone in short. */
class Room {
  readonly authors: readonly Author[];
  readonly log: RoomEvent[] = [];
  /** How often an author was answered in short. */
  short = 0;
  readonly #writer = new LogWriter();
  readonly #authorities = FILES.map(() => new Authority(0, BEGINNING.length));
  #untold = 0;

  constructor(people: number) {
    this.authors = Array.from({ length: people }, (_, n) => new Author(n));
  }

  /** Takes the next command of that author; `refuse` says no to it. */
  take(author: Author, refuse: boolean): void {
    const command = author.up.shift();
    if (command === undefined) return;
    const { clientSeq, body } = command;
    if (body.kind !== 'edit') throw new Error('an edit');
    if (refuse) {
      author.down.push(['refused', { clientSeq, error: { code: 'edit.invalid', message: '' } }]);
      return;
    }
    const { file, base, op } = body;
    const result = this.#authorities[FILES.indexOf(file)]!.receive(base, op);
    if (!result.accepted) throw new Error(result.code);
    const origin = { client: author.client, clientSeq };
    const made = { kind: 'edit' as const, file, version: result.version, op: result.op };
    this.#append({ seq: 0, at: 0, actor: participantId(`person of ${author.client}`), origin, body: made });
  }

  rename(): void {
    this.#append({ seq: 0, at: 0, actor: null, body: { kind: 'room.renamed', name: 'Another' } });
  }

  #append(event: RoomEvent): void {
    const seq = this.log.length + 1;
    this.log.push({ ...event, seq, at: 1_700_000_000_000 + 70 * seq });
  }

  /** Tells everyone what has happened, at most `most` events in a message. */
  tell(most: number): void {
    while (this.#untold < this.log.length) {
      const events = this.log.slice(this.#untold, this.#untold + most);
      this.#untold += events.length;
      for (const packet of this.#writer.write(events)) {
        const short = shortOf(packet);
        const by = 'keys' in packet ? packet.keys.alone?.client : undefined;
        for (const author of this.authors) {
          const own = short !== null && by === author.client;
          if (own) this.short++;
          author.down.push(own ? short : messageOf(packet));
        }
      }
    }
  }
}

/** An operation for a text of that length. */
function opOf(kind: number, place: number, length: number): Op {
  const at = place % (length + 1);
  const start = at === 0 ? [] : [at];
  if (kind === 0 && at < length) return [...start, -Math.min(3, length - at)];
  if (kind === 1 && at < length) return [...start, 'é', -1];
  return [...start, 'key'];
}

describe('an author who is told only that the log has the edit', () => {
  test('knows what the log has, whatever else was on its way', () => {
    let short = 0;
    const act = fc.record({
      what: fc.constantFrom(
        'edit',
        'edit',
        'take',
        'take',
        'tell',
        'tell',
        'hear',
        'hear',
        'rename',
        'refuse',
      ),
      by: fc.constantFrom(0, 0, 0, 1, 2),
      file: fc.constantFrom(0, 0, 0, 1),
      kind: fc.nat(4),
      place: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(act, { minLength: 80, maxLength: 200 }), (acts) => {
        const room = new Room(3);
        for (const { what, by, file, kind, place } of acts) {
          const author = room.authors[by]!;
          // As in every client, one edit of a file at a time.
          const waits = author.up.some(({ body }) => body.kind === 'edit' && body.file === FILES[file]);
          const behind = room.log.some(
            ({ origin, seq }) => origin?.client === author.client && seq > author.got.length,
          );
          if (what === 'edit' && !waits && !behind) author.edit(file, (length) => opOf(kind, place, length));
          if (what === 'take' || what === 'refuse') room.take(author, what === 'refuse');
          if (what === 'rename') room.rename();
          if (what === 'tell') room.tell(1 + (kind % 2));
          if (what === 'hear') for (let n = 0; n <= kind; n++) author.hear(place % 2 === 0);
        }
        for (const author of room.authors) while (author.up.length > 0) room.take(author, false);
        room.tell(1);
        for (const author of room.authors) {
          while (author.down.length > 0) author.hear();
          expect(author.got).toEqual(room.log);
        }
        const texts = room.authors.map(({ texts }) => texts.map(({ buffer }) => buffer.toString()));
        for (const text of texts) expect(text).toEqual(texts[0]);
        short += room.short;
      }),
      { numRuns: 300 },
    );
    expect(short).toBeGreaterThan(0);
  });

  function typed(): { readonly room: Room; readonly author: Author } {
    const room = new Room(2);
    const [author] = room.authors as [Author, Author];
    // The first one introduces the pen.
    author.edit(0, () => ['a']);
    room.take(author, false);
    room.tell(1);
    author.hear();
    author.edit(0, () => [1, 'b']);
    room.take(author, false);
    room.tell(1);
    return { room, author };
  }

  /** Of the event `seq`, which pen 0 made 70 ms after the one before. */
  const acknowledgement = (seq: number) => new Uint8Array([headOf(KEYS, seq), 0, 0x8c, 0x01]);

  test('gets it in short', () => {
    const { author } = typed();
    expect(author.down).toEqual([['keys', acknowledgement(2)]]);
    author.hear();
    expect(author.texts[0]!.buffer.toString()).toBe(`ab${BEGINNING}`);
  });

  test('may send the next edit before the whole message is taken in', () => {
    const room = new Room(2);
    const [author, other] = room.authors as [Author, Author];
    author.edit(0, () => ['a']);
    other.edit(0, () => ['o']);
    for (const each of [author, other]) room.take(each, false);
    room.tell(2);
    author.hear(true);
    expect(author.up[0]!.body).toMatchObject({ base: 1 });
    expect(author.texts[0]!.version).toBe(2);
    room.take(author, false);
    room.tell(1);
    expect(author.down).toEqual([['keys', acknowledgement(3)]]);
    author.hear();
    expect(author.got).toEqual(room.log);
  });

  test('has to join again when the edit was sent in two forms, of which the log has one', () => {
    const { author } = typed();
    const body = { kind: 'edit', file: FILES[0], base: 1, op: [1, 'another'] };
    author.sends('command', { clientSeq: 2, body });
    expect(() => author.hear()).toThrow(UnreadableLog);
  });

  test('may send another form after a refusal, or after joining again', () => {
    for (const between of ['refused', 'join']) {
      const author = new Author(0);
      const room = { writer: new LogWriter(), at: 0 };
      const tell = (op: Op, clientSeq: number, version: number) => {
        const origin = { client: author.client, clientSeq };
        const body = { kind: 'edit' as const, file: FILES[0]!, version, op };
        return room.writer.write([{ seq: version, at: ++room.at, actor: null, origin, body }])[0]!;
      };
      author.down.push(messageOf(tell(['a'], 1, 1)));
      author.hear();
      const command = (op: Op) => ({ clientSeq: 2, body: { kind: 'edit', file: FILES[0], base: 1, op } });
      author.sends('command', command([1, 'b']));
      if (between === 'join') author.sends('join', { client: author.client });
      else
        author.down.push(['refused', { clientSeq: 2, error: { code: 'storage.unavailable', message: '' } }]);
      if (between !== 'join') author.hear();
      author.sends('command', command([1, 'c']));
      author.down.push(shortOf(tell([1, 'c'], 2, 2))!);
      author.hear();
      expect(author.texts[0]!.buffer.toString()).toBe(`ac${BEGINNING}`);
    }
  });

  test('does not take an edit that was sent for a text whose edits were missed', () => {
    const { room, author } = typed();
    author.hear();
    const [, other] = room.authors as [Author, Author];
    other.hear();
    other.hear();
    other.edit(0, () => ['o']);
    room.take(other, false);
    room.tell(1);
    // The edit is made for a version that this reader has not heard of yet.
    author.sends('command', { clientSeq: 3, body: { kind: 'edit', file: FILES[0], base: 9, op: ['c'] } });
    author.hear();
    expect(() => author.reader.hears('keys', [acknowledgement(4)])).toThrow(UnreadableLog);
  });
});

import { type Op, OpBuilder } from '@codesync/ot';
import { clientId, fileId, participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  KEYS,
  type Keys,
  type LogPacket,
  LogReader,
  LogWriter,
  type RoomEvent,
  UnreadableLog,
} from '../src/index.ts';

const CLIENTS = ['client-a-12345678', 'client-b-12345678', 'client-c-12345678'].map(clientId);
const FILES = ['file_12345678', 'file_abcdefgh'].map(fileId);

const operation = fc
  .array(fc.oneof(fc.integer({ min: -99, max: 9_999 }), fc.string({ unit: 'binary' })), { maxLength: 5 })
  .map((parts) => {
    const builder = new OpBuilder();
    for (const part of parts) builder.push(part);
    return builder.build();
  });

/** What may happen in a room; seqs, versions and the clients' numbers follow from the order. */
type Step =
  | { readonly kind: 'edit'; readonly by: number; readonly file: number; readonly op: Op }
  /** A command of the client's that became no event: its number is used up. */
  | { readonly kind: 'refused'; readonly by: number }
  | { readonly kind: 'rename' }
  | { readonly kind: 'system' };

const step: fc.Arbitrary<Step & { readonly ms: number }> = fc
  .tuple(
    fc.integer({ min: -5, max: 5_000 }),
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('edit' as const),
          by: fc.nat(2),
          file: fc.nat(1),
          op: operation,
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('refused' as const), by: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('system' as const) }) },
    ),
  )
  .map(([ms, made]) => ({ ms, ...made }));

function eventsOf(steps: readonly (Step & { readonly ms: number })[]): RoomEvent[] {
  const versions = [0, 7];
  const numbers = [0, 0, 40];
  let at = 1_700_000_000_000;
  const events: RoomEvent[] = [];
  for (const made of steps) {
    at += made.ms;
    const seq = 3 + events.length;
    if (made.kind === 'edit') {
      const { by, file, op } = made;
      const origin = { client: CLIENTS[by]!, clientSeq: ++numbers[by]! };
      const version = ++versions[file]!;
      const body = { kind: 'edit' as const, file: FILES[file]!, version, op };
      events.push({ seq, at, actor: participantId(`person-${by}-1234567890`), origin, body });
    } else if (made.kind === 'refused') {
      numbers[made.by]!++;
    } else if (made.kind === 'rename') {
      events.push({ seq, at, actor: null, body: { kind: 'room.renamed', name: 'Another' } });
    } else {
      // The system's own edit has no origin.
      const version = ++versions[0]!;
      events.push({ seq, at, actor: null, body: { kind: 'edit', file: FILES[0]!, version, op: ['s'] } });
    }
  }
  return events;
}

/** Over the wire and read. */
function heard(reader: LogReader, packets: readonly LogPacket[]): RoomEvent[] {
  return packets.flatMap((packet) =>
    'keys' in packet
      ? reader.hears('keys', [packet.keys.frame])!
      : reader.hears('log', JSON.parse(JSON.stringify(packet.log)))!,
  );
}

function keysOf(packets: readonly LogPacket[]): Keys[] {
  return packets.flatMap((packet) => ('keys' in packet ? [packet.keys] : []));
}

describe('a log that travels to the people in a room', () => {
  test('arrives as it was, however it is cut into messages, for those who were there and for newcomers', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 6 }), newcomer: fc.boolean() }), {
          minLength: 1,
          maxLength: 30,
        }),
        (steps, cuts) => {
          const events = eventsOf(steps);
          const writer = new LogWriter();
          const people: { readonly reader: LogReader; readonly since: number; readonly got: RoomEvent[] }[] =
            [];
          for (let from = 0, i = 0; from < events.length; i++) {
            const { size, newcomer } = cuts[i % cuts.length]!;
            if (newcomer || i === 0) {
              writer.forget();
              people.push({ reader: new LogReader(), since: from, got: [] });
            }
            const packets = writer.write(events.slice(from, from + size));
            for (const { reader, got } of people) got.push(...heard(reader, packets));
            from += size;
          }
          for (const { since, got } of people) expect(got).toEqual(events.slice(since));
        },
      ),
    );
  });

  test('one socket may hear several rooms, one after the other', () => {
    const reader = new LogReader();
    for (const file of [0, 1]) {
      const writer = new LogWriter();
      const op = ['x'];
      const typed = { kind: 'edit' as const, by: 0, file, op, ms: 5 };
      const events = eventsOf([typed, typed, typed]);
      expect(heard(reader, writer.write(events))).toEqual(events);
    }
  });

  test('someone who types on costs no more than what is new', () => {
    const typed = { kind: 'edit' as const, by: 0, file: 0, op: [8_000, 'x'], ms: 200 };
    const after = { ...typed, op: [8_001, 'y'] };
    const events = eventsOf([typed, after, after, after]);
    const writer = new LogWriter();
    writer.write(events.slice(0, 1));
    const [key] = keysOf(writer.write(events.slice(1, 2)));
    // Pen 0; 200 ms, in two bytes; at the caret; one component: an insert of one unit.
    expect([...key!.frame]).toEqual([KEYS | (4 << 4), 0, 0x90, 0x03, 0, 1, 0b110, 0x79]);
    expect([...key!.frame.subarray(0, key!.acknowledgement)]).toEqual([KEYS | (4 << 4), 0, 0x90, 0x03]);
    const [both] = keysOf(writer.write(events.slice(2)));
    // One unit before the caret.
    const next = [0, 0x90, 0x03, 1, 1, 0b110, 0x79];
    expect([...both!.frame]).toEqual([KEYS | (5 << 4), ...next, ...next]);
    expect([key!.alone, both!.alone]).toEqual([events[1]!.origin, null]);
  });

  test('pens are forgotten before there are too many of them', () => {
    const writer = new LogWriter();
    const reader = new LogReader();
    for (let i = 0; i < 5_000; i++) {
      // Every pen is introduced twice in a row: its client's numbers have a gap.
      const origin = { client: clientId(`client-${(i >> 1) % 1_250}-12345678`), clientSeq: 1 + 2 * i };
      const body = { kind: 'edit' as const, file: FILES[0]!, version: i + 1, op: ['x'] };
      const event: RoomEvent = {
        seq: i + 1,
        at: i,
        actor: participantId('person-0-1234567890'),
        origin,
        body,
      };
      const packets = writer.write([event]);
      const [packet] = packets;
      if (packet === undefined || !('log' in packet)) throw new Error('in full');
      expect(packet.log[1]!.pen).toBeLessThan(1_000);
      expect(heard(reader, packets)).toEqual([event]);
    }
  });
});

describe('a message that is not one', () => {
  const typed = { kind: 'edit' as const, by: 0, file: 0, op: ['x'], ms: 5 };
  /** A reader that knows pen 0 and has read up to event 3. */
  function readerOfOne(): LogReader {
    const reader = new LogReader();
    heard(reader, new LogWriter().write(eventsOf([typed])));
    return reader;
  }

  test.each([
    ['nothing', [null]],
    ['no seq', ['x']],
    ['an entry that is null', [4, null]],
    ['an entry without a body', [4, { at: 5 }]],
    ['an edit without a version', [4, { at: 5, body: { kind: 'edit', file: FILES[0], op: ['x'] } }]],
    ['an edit without an operation', [4, { at: 5, body: { kind: 'edit', file: FILES[0], version: 1 } }]],
  ])('%s', (_, parameters) => expect(() => readerOfOne().hears('log', parameters)).toThrow(UnreadableLog));

  const HEAD = KEYS | (4 << 4);
  test.each([
    ['no bytes', []],
    ['a key without a pen', [HEAD]],
    ['a key without a time', [HEAD, 0]],
    ['a key of a pen that was not introduced', [HEAD, 1, 10, 0, 1, 0b110, 0x79]],
    ['a key after another one that is missing', [KEYS | (5 << 4), 0, 10, 0, 1, 0b110, 0x79]],
    ['a place before the text', [HEAD, 0, 10, 3, 1, 0b110, 0x79]],
    ['an operation that ends too early', [HEAD, 0, 10, 0, 1, 0b110]],
    ['an operation that keeps what the key has passed over', [HEAD, 0, 10, 0, 2, 0b100, 0b110, 0x79]],
    ['more than a key', [HEAD, 0, 10, 0, 1, 0b110, 0x79, 0]],
    ['an acknowledgement of nothing that was sent', [HEAD, 0, 10]],
  ])('%s', (_, bytes) =>
    expect(() => readerOfOne().hears('keys', [new Uint8Array(bytes)])).toThrow(UnreadableLog),
  );

  /** Seqs and times of what was read are as they should be. */
  function checkRead(made: () => readonly RoomEvent[] | null, first: number): void {
    try {
      made()!.forEach(({ seq, at, body }, i) => {
        expect(seq).toBe(first + i);
        expect(Number.isFinite(at)).toBe(true);
        expect(typeof body.kind).toBe('string');
      });
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableLog);
    }
  }

  test('whatever comes is read as events in a row, or refused as unreadable', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { pen: fc.jsonValue(), at: fc.jsonValue(), body: fc.jsonValue(), origin: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    );
    const parameters = fc.oneof(fc.tuple(fc.jsonValue()), fc.tuple(fc.nat(), entry, entry));
    fc.assert(
      fc.property(parameters, (made) => checkRead(() => readerOfOne().hears('log', made), made[0] as number)),
    );
  });

  test('whatever bytes come are read as keys in a row, or refused as unreadable', () => {
    const small = fc.oneof(fc.nat(255), fc.nat(7));
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.array(small, { maxLength: 20 }).map((rest) => new Uint8Array([HEAD, 0, ...rest])),
    );
    fc.assert(
      fc.property(frame, (made) => {
        const reader = readerOfOne();
        reader.sends('join', [{ client: CLIENTS[0] }]);
        reader.sends('command', [
          { clientSeq: 2, body: { kind: 'edit', file: FILES[0], base: 1, op: ['y'] } },
        ]);
        checkRead(() => reader.hears('keys', [made]), 4);
      }),
      { numRuns: 1_000 },
    );
  });
});

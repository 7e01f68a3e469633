import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acknowledgementOf,
  type LogPacket,
  LogReader,
  LogWriter,
  type RoomEvent,
  UnreadableLog,
} from '../src/index.ts';

const CLIENTS = ['client-a-12345678', 'client-b-12345678', 'client-c-12345678'];
const FILES = ['file_12345678', 'file_abcdefgh'];

/** What may happen in a room; seqs, versions and the clients' numbers follow from the order. */
type Step =
  | { readonly kind: 'edit'; readonly by: number; readonly file: number; readonly op: (number | string)[] }
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
          op: fc.array(fc.oneof(fc.integer({ min: -99, max: 9_999 }), fc.string({ minLength: 1 })), {
            minLength: 1,
            maxLength: 5,
          }),
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
      events.push({ seq, at, actor: `person-${by}-1234567890`, origin, body });
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
function heard(reader: LogReader, packet: LogPacket | readonly [string, ...unknown[]]) {
  const [name, ...parameters] = JSON.parse(JSON.stringify(packet)) as [string | number, ...unknown[]];
  return reader.hears(name, parameters);
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
            const packet = writer.write(events.slice(from, from + size));
            for (const { reader, got } of people) got.push(...heard(reader, packet)!);
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
    const next = { ...typed, op: [8_001, 'y'] };
    const events = eventsOf([typed, next, next, next]);
    const writer = new LogWriter();
    writer.write(events.slice(0, 1));
    const key = writer.write(events.slice(1, 2));
    expect(JSON.stringify(key)).toBe('[4,0,200,0,"y"]');
    expect(JSON.stringify(acknowledgementOf(key))).toBe('[4,0,200]');
    expect(JSON.stringify(writer.write(events.slice(2)))).toBe('["log",5,[0,200,-1,"y"],[0,200,-1,"y"]]');
  });

  test('pens are forgotten before there are too many of them', () => {
    const writer = new LogWriter();
    const reader = new LogReader();
    for (let i = 0; i < 5_000; i++) {
      // Every pen is introduced twice in a row: its client's numbers have a gap.
      const origin = { client: `client-${(i >> 1) % 1_250}-12345678`, clientSeq: 1 + 2 * i };
      const body = { kind: 'edit' as const, file: FILES[0]!, version: i + 1, op: ['x'] };
      const event: RoomEvent = { seq: i + 1, at: i, actor: 'person-0-1234567890', origin, body };
      const packet = writer.write([event]);
      const { pen } = packet[2] as { pen: number };
      expect(pen).toBeLessThan(1_000);
      expect(heard(reader, packet)).toEqual([event]);
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
    ['nothing', ['log', null]],
    ['no seq', ['log', 'x']],
    ['a pen that was not introduced', ['log', 4, [1, 5, 0, 'x']]],
    ['an entry that is null', ['log', 4, null]],
    ['an entry without a body', ['log', 4, { at: 5 }]],
    ['an edit without a version', ['log', 4, { at: 5, body: { kind: 'edit', file: FILES[0], op: ['x'] } }]],
    [
      'an edit without an operation',
      ['log', 4, { at: 5, body: { kind: 'edit', file: FILES[0], version: 1 } }],
    ],
    ['a component that is none', ['log', 4, [0, 5, 0, null]]],
    ['a time that is none', ['log', 4, [0, 'soon', 0, 'x']]],
    ['a place before the text', ['log', 4, [0, 5, -2, 'x']]],
    ['a place that is none', ['log', 4, [0, 5, 'x']]],
    ['a key of a pen that was not introduced', [4, 1, 5, 0, 'x']],
    ['a key after another one that is missing', [5, 0, 5, 0, 'x']],
    ['an acknowledgement of nothing that was sent', [4, 0, 5]],
  ])('%s', (_, packet) =>
    expect(() => heard(readerOfOne(), packet as unknown as LogPacket)).toThrow(UnreadableLog),
  );

  test('whatever comes is read as events in a row, or refused as unreadable', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fc.nat(1), fc.integer(), fc.integer({ max: 5 }), fc.jsonValue()),
      fc.record(
        { pen: fc.jsonValue(), at: fc.jsonValue(), body: fc.jsonValue(), origin: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    );
    const packet = fc.oneof(
      fc.tuple(fc.constant('log'), fc.jsonValue()),
      fc.tuple(fc.constant('log'), fc.nat(), entry, entry),
      fc.tuple(fc.nat(9), fc.jsonValue(), fc.jsonValue(), fc.jsonValue()),
      fc.tuple(fc.constant(4), fc.nat(1), fc.integer(), fc.integer({ max: 5 }), fc.jsonValue()),
    );
    fc.assert(
      fc.property(packet, (made) => {
        const reader = readerOfOne();
        reader.sends('join', [{ client: CLIENTS[0] }]);
        reader.sends('command', [
          { clientSeq: 2, body: { kind: 'edit', file: FILES[0], base: 1, op: ['y'] } },
        ]);
        try {
          const events = heard(reader, made as unknown as LogPacket)!;
          events.forEach(({ seq, at, body }, i) => {
            expect(seq).toBe((made[0] === 'log' ? (made[1] as number) : 4) + i);
            expect(Number.isFinite(at)).toBe(true);
            expect(typeof body.kind).toBe('string');
          });
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableLog);
        }
      }),
    );
  });
});

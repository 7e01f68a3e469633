import { JUST_HERE, type PresenceEntry } from '@codesync/protocol';
import { clientId, fileId, participantId, terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PresenceMap } from '../src/index.ts';

const entry: fc.Arbitrary<PresenceEntry> = fc.record({
  client: fc.constantFrom('client_a', 'client_b', 'client_c').map(clientId),
  participant: fc.constantFrom('person_a', 'person_b').map(participantId),
  clock: fc.integer({ min: 0, max: 5 }),
  gone: fc.boolean(),
  cursors: fc.option(
    fc.record({
      file: fc.constantFrom('file_one', 'file_two').map(fileId),
      version: fc.nat(3),
      spans: fc.array(fc.record({ anchor: fc.nat(3), head: fc.nat(3) }), { minLength: 1, maxLength: 2 }),
    }),
  ),
  viewport: fc.option(
    fc.record({
      file: fc.constantFrom('file_one', 'file_two').map(fileId),
      version: fc.nat(3),
      from: fc.nat(3),
      to: fc.nat(3),
    }),
  ),
  activity: fc.record({
    attention: fc.constantFrom('active', 'idle', 'away'),
    terminal: fc.option(fc.constant(terminalId('terminal_1'))),
    watching: fc.option(fc.constantFrom('terminal_1', 'terminal_2').map(terminalId)),
    following: fc.option(fc.constantFrom('person_a', 'person_b').map(participantId)),
    speaking: fc.boolean(),
  }),
});
const entries = fc.array(entry, { maxLength: 12 });

function mapOf(...lists: PresenceEntry[][]): PresenceEntry[] {
  const map = new PresenceMap();
  for (const list of lists) map.merge(list, 0);
  return map.all().sort((a, b) => (a.client < b.client ? -1 : 1));
}

describe('merge is a join', () => {
  test('commutative', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        expect(mapOf(a, b)).toEqual(mapOf(b, a));
      }),
    );
  });
  test('associative: a merged group may be passed on as one', () => {
    fc.assert(
      fc.property(entries, entries, entries, (a, b, c) => {
        expect(mapOf(a, mapOf(b, c))).toEqual(mapOf(mapOf(a, b), c));
      }),
    );
  });
  test('idempotent', () => {
    fc.assert(
      fc.property(entries, (a) => {
        expect(mapOf(a, a, mapOf(a))).toEqual(mapOf(a));
      }),
    );
  });
  test('deltas are enough: replicas that pass on only what was news agree', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const left = new PresenceMap();
        const right = new PresenceMap();
        right.merge(left.merge(a, 0), 0);
        left.merge(right.merge(b, 0), 0);
        expect(mapOf(left.all())).toEqual(mapOf(right.all()));
      }),
    );
  });
});

const seen: PresenceEntry = {
  client: clientId('client_a'),
  participant: participantId('person_a'),
  viewport: null,
  clock: 1,
  gone: false,
  cursors: { file: fileId('file_one'), version: 1, spans: [{ anchor: 0, head: 0 }] },
  activity: JUST_HERE,
};

test('an older update never wins over a newer one', () => {
  const map = new PresenceMap();
  map.merge([{ ...seen, clock: 2 }], 0);
  expect(map.merge([seen], 1)).toEqual([]);
  expect(map.get(clientId('client_a'))?.clock).toBe(2);
});

test('who left does not come back by a late message', () => {
  const map = new PresenceMap();
  map.merge([seen], 0);
  map.merge([{ ...seen, clock: 2, gone: true, cursors: null }], 1);
  map.merge([seen], 2);
  expect(map.here()).toEqual([]);
});

test('who left has left for all, also where that has the clock of the last word that they said', () => {
  const left = { ...seen, gone: true, cursors: null };
  for (const order of [
    [seen, left],
    [left, seen],
  ]) {
    expect(mapOf(order)).toEqual([left]);
  }
});

test('entries expire unless they are refreshed, and each is told once', () => {
  const map = new PresenceMap();
  map.merge([seen], 0);
  expect(map.expire(99, 100)).toEqual([]);
  map.merge([{ ...seen, clock: 2 }], 90);
  expect(map.expire(150, 100)).toEqual([]);
  expect(map.expire(190, 100)).toEqual(['client_a']);
  expect(map.expire(999, 100)).toEqual([]);
});

describe('time', () => {
  const TTL = 100;
  /** What happens, and how far the clock goes before it: back as far as forth. */
  const step = fc.record({
    by: fc.integer({ min: -300, max: 120 }),
    what: fc.constantFrom('a', 'b', 'look' as const),
  });

  test('counts while it goes forward: what was heard of in the last while stays, and the rest goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const map = new PresenceMap();
        const ages = new Map<string, number>();
        let [now, clock] = [1_000, 0];
        for (const { by, what } of steps) {
          now += by;
          for (const [client, age] of ages) ages.set(client, age + Math.max(0, by));
          if (what === 'look') {
            const old = [...ages].filter(([, age]) => age >= TTL).map(([client]) => client);
            expect(map.expire(now, TTL).sort()).toEqual(old.sort());
            for (const client of old) ages.delete(client);
          } else {
            const client = `client_${what}`;
            map.merge([{ ...seen, client: clientId(client), clock: ++clock }], now);
            ages.set(client, 0);
          }
          expect(
            map
              .here()
              .map(({ client }) => client as string)
              .sort(),
          ).toEqual([...ages.keys()].sort());
        }
      }),
    );
  });

  test('an entry that is told again unchanged is refreshed, and is no news', () => {
    const map = new PresenceMap();
    map.merge([seen], 0);
    expect(map.merge([seen], 90)).toEqual([]);
    expect(map.expire(150, 100)).toEqual([]);
    expect(map.expire(190, 100)).toEqual(['client_a']);
  });
});

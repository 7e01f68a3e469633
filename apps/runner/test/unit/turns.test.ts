// Who is served next when runs wait.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type Party } from '../../src/turns.ts';

/** Runs as `network/room`. */
const parties = (...names: readonly string[]): Party[] =>
  names.map((name) => {
    const [network, room] = name.split('/') as [string, string];
    return { network, room };
  });
const order = (waiting: readonly string[], going: readonly string[] = []) =>
  inTurn(parties(...waiting), parties(...going)).map(({ network, room }) => `${network}/${room}`);

describe('turns', () => {
  test('of one room are those of their coming', () => {
    const waiting = parties('a/1', 'a/1', 'a/1');
    expect(inTurn(waiting, [])).toEqual(waiting);
  });

  test('go round the networks, however many rooms one of them has', () => {
    expect(order(['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'b/2'])).toEqual([
      'a/1',
      'b/1',
      'c/1',
      'a/2',
      'b/2',
      'a/3',
    ]);
  });

  test('go round the rooms of a network', () => {
    expect(order(['a/1', 'a/1', 'a/1', 'a/2'])).toEqual(['a/1', 'a/2', 'a/1', 'a/1']);
  });

  test('count what goes on already', () => {
    expect(order(['a/1', 'a/2', 'b/1'], ['a/1', 'a/3'])).toEqual(['b/1', 'a/2', 'a/1']);
  });

  test('rooms of one name in two networks are two', () => {
    expect(order(['a/1', 'a/2', 'b/2'], ['b/1', 'b/1', 'b/1'])).toEqual(['a/1', 'a/2', 'b/2']);
  });
});

const party = fc.record({ network: fc.constantFrom('a', 'b', 'c'), room: fc.constantFrom('1', '2', '3') });
const all = fc.array(party, { maxLength: 40 });

test('everybody has one place, and nobody is behind a network that has more going', () => {
  fc.assert(
    fc.property(all, all, (waiting, going) => {
      const served = inTurn(waiting, going);
      expect(new Set(served)).toEqual(new Set(waiting));
      const counts = new Map<string, number>();
      const count = (network: string) => counts.get(network) ?? 0;
      for (const { network } of going) counts.set(network, count(network) + 1);
      served.forEach(({ network }, at) => {
        const left = served.slice(at + 1).map((later) => count(later.network));
        expect(count(network)).toBeLessThanOrEqual(Math.min(...left));
        counts.set(network, count(network) + 1);
      });
    }),
  );
});

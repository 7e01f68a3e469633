import { participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgesOf, NO_EDGES, sameEdges } from '../../../src/editor/edges.ts';

const VIEW = { first: 20, last: 40 };
const person = (name: string, ...lines: number[]) => ({
  participant: participantId(`person-${name}`),
  name,
  hue: 3,
  lines,
});
const shown = (...people: ReturnType<typeof person>[]) => {
  const { above, below } = edgesOf(people, VIEW);
  const words = (edges: typeof above) => edges.map(({ name, line }) => `${name} ${line}`);
  return { above: words(above), below: words(below) };
};

describe('at the edges of the view', () => {
  test('stand those further up and further down, the nearest first', () => {
    expect(shown(person('a', 1), person('b', 19), person('c', 400), person('d', 41))).toEqual({
      above: ['b 19', 'a 1'],
      below: ['d 41', 'c 400'],
    });
  });

  test('stands nobody who has a cursor in view, in whichever tab', () => {
    expect(shown(person('a', 1, 20), person('b', 40, 99), person('c', 1), person('c', 30))).toEqual({
      above: [],
      below: [],
    });
  });

  test('stands each once, with the nearest of their cursors', () => {
    expect(shown(person('a', 1, 12, 90), person('a', 45))).toEqual({ above: [], below: ['a 45'] });
  });

  test('stand the same people in whichever order they are told of', () => {
    const people = fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 60 })),
      {
        selector: ([name, line]) => `${name} ${line}`,
      },
    );
    fc.assert(
      fc.property(people, people, (some, others) => {
        const told = [...some, ...others].map(([name, line]) => person(name, line));
        const edges = edgesOf(told, VIEW);
        const distance = (line: number) => Math.max(VIEW.first - line, line - VIEW.last);
        const away = ({ above, below }: typeof edges) =>
          [...above, ...below].map(({ name, line }) => `${name} ${distance(line)}`).sort();
        expect(away(edgesOf([...told].reverse(), VIEW))).toEqual(away(edges));
        for (const { line } of edges.above) expect(line).toBeLessThan(VIEW.first);
        for (const { line } of edges.below) expect(line).toBeGreaterThan(VIEW.last);
      }),
    );
  });
});

test('edges are other ones when a person, a line or a name in them is', () => {
  const edges = edgesOf([person('a', 1), person('b', 90)], VIEW);
  expect(sameEdges(edges, edgesOf([person('b', 90), person('a', 1)], VIEW))).toBe(true);
  expect(sameEdges(edges, edgesOf([person('a', 2), person('b', 90)], VIEW))).toBe(false);
  expect(sameEdges(edges, edgesOf([person('a', 1)], VIEW))).toBe(false);
  expect(sameEdges(edges, edgesOf([person('a', 1), { ...person('b', 90), name: 'c' }], VIEW))).toBe(false);
  expect(sameEdges(NO_EDGES, edgesOf([], VIEW))).toBe(true);
});

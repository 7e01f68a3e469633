import { HUES } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { hueFor } from '../src/hues.ts';
import { member, withMembers } from './support/rooms.ts';

describe('the colour of a person', () => {
  const here = (id: string, hue: number) => member(id, { here: true, hue });
  test.each([
    ['the one wished for', withMembers(here('ada', 1)), 4, 4],
    ['the one wished for, when who has it is away', withMembers(member('ada', { hue: 4 })), 4, 4],
    ['a free one far away, when somebody here has it', withMembers(here('ada', 4)), 4, 10],
    ['the one they had before', withMembers(here('ada', 4), member('gus', { hue: 5 })), 4, 5],
    [
      'another, when the one they had is taken too',
      withMembers(here('ada', 4), here('bo', 5), member('gus', { hue: 5 })),
      4,
      10,
    ],
  ])('%s', (_, state, wished, expected) => {
    expect(hueFor(state, participantId('gus'), wished)).toBe(expected);
  });

  test('no two share one while there are enough; then every wish is granted', () => {
    let state = withMembers();
    for (let i = 0; i < HUES; i++) {
      const hue = hueFor(state, participantId(`p${i}`), 3);
      expect([...state.members.values()].map((other) => other.hue)).not.toContain(hue);
      state = withMembers(...state.members, here(`p${i}`, hue));
    }
    expect(hueFor(state, participantId('one more'), 3)).toBe(3);
  });
});

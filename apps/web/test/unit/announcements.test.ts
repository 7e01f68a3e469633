// What is said to those who do not see the page change.
import type { Member } from '@codesync/protocol';
import { messageId, participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { Announcer } from '../../src/desk/announcer.ts';
import { spokenMessages } from '../../src/features/chat/spoken.ts';
import { comingsWords, NearEdits } from '../../src/features/people/news.ts';

const ADA = participantId('ada-ada-ada-ada-1');
const BEA = participantId('bea-bea-bea-bea-22');
const CLEO = participantId('cleo-cleo-cleo-333');
const NAMES = new Map([
  [ADA, 'Ada'],
  [BEA, 'Bea'],
  [CLEO, 'Cleo'],
]);

/** The room's people, of whom these are here. */
const members = (...here: Member['id'][]) =>
  new Map([...NAMES].map(([id, name]) => [id, { id, name, here: here.includes(id) }]));

describe('who comes and goes', () => {
  test('is said of others, those who come together in one sentence', () => {
    const alone = members(ADA);
    expect(comingsWords(new Map(), alone, ADA)).toEqual([]);
    expect(comingsWords(alone, members(ADA, BEA, CLEO), ADA)).toEqual(['Bea and Cleo joined.']);
    expect(comingsWords(members(ADA, BEA), members(ADA, CLEO), ADA)).toEqual(['Cleo joined.', 'Bea left.']);
    expect(comingsWords(members(ADA, BEA), members(BEA), ADA)).toEqual([]);
  });
});

describe('who edits near the cursor', () => {
  const at = (line: number, typedAt: number) => [{ participant: BEA, name: 'Bea', line, typedAt }];

  test('is said with where, once for as long as they go on', () => {
    const near = new NearEdits();
    expect(near.look(at(12, 100_000), 10, 100_200)).toEqual(['Bea edits line 12, 2 below yours.']);
    for (let now = 101_000; now < 200_000; now += 1_000) expect(near.look(at(11, now), 10, now)).toEqual([]);
    expect(near.look(at(9, 220_000), 10, 220_000)).toEqual(['Bea edits line 9, 1 above yours.']);
    expect(near.look(at(10, 260_000), 10, 260_000)).toEqual(['Bea edits your line.']);
  });

  test('is not said of who is there without a key, or further off', () => {
    const near = new NearEdits();
    expect(near.look(at(10, 0), 10, 100_000)).toEqual([]);
    expect(near.look(at(10, 98_000), 10, 100_000)).toEqual([]);
    expect(near.look(at(14, 100_000), 10, 100_000)).toEqual([]);
    expect(near.look(at(13, 100_000), 10, 100_000)).toHaveLength(1);
  });
});

describe('messages', () => {
  const said = (at: number, by: typeof ADA | null, text: string) => {
    const id = messageId(`message-of-${at}`.padEnd(22, 'x'));
    return [id, { id, at, by, text }] as const;
  };
  const messages = new Map([
    said(1, BEA, 'old'),
    said(2, BEA, 'see\n\n```py\nx = 1\n```\nthere'),
    said(3, ADA, 'my own'),
    said(4, CLEO, `look, <@${ADA}>`),
    said(5, null, 'y'.repeat(500)),
  ]);
  const nameOf = (id: typeof ADA | null) => (id === null ? 'Somebody' : NAMES.get(id)!);
  const heard = (spoken: 'all' | 'named' | 'none', hosts = false) =>
    spokenMessages(messages, 1, { spoken, you: ADA, hosts }, nameOf);

  test('of others are said from when they are news, code left out, long ones cut', () => {
    expect(heard('all')).toEqual([
      'Bea: see (code) there',
      'Cleo: look, @Ada',
      `Somebody: ${'y'.repeat(200)}…`,
    ]);
  });

  test('are turned down to those that name this person, or to none', () => {
    expect(heard('named', true)).toEqual(['Cleo, to hosts: look, @Ada']);
    expect(heard('none')).toEqual([]);
  });
});

test('a sentence is a line of its own though it was said before, and few lines are kept', () => {
  const announcer = new Announcer();
  for (let n = 0; n < 8; n++) announcer.say('Bea joined.');
  const lines = announcer.lines.getState();
  expect(lines).toHaveLength(5);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(5);
});

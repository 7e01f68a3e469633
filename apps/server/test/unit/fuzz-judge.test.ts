// The fuzz's own eyes: what it must not let pass.
import type { RoomEvent } from '@codesync/protocol';
import { refusal } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Judge } from '../fuzz/judge.ts';
import { foldLog, type Row } from '../fuzz/laws.ts';

test('a word of a hidden room is a breach wherever it stands', () => {
  const judge = new Judge();
  judge.keepFrom('canary');
  judge.heard('someone', '42["log",[1,"a word"]]');
  expect(judge.breaches).toEqual([]);
  judge.heard('someone', '42["log",[1,"a canary"]]');
  expect(judge.breaches).toHaveLength(1);
});

test('a refusal has a known code and a sentence', () => {
  const judge = new Judge();
  judge.refused('someone', refusal('file.unknown'));
  judge.turnedAway('someone', refusal('rate.address').message);
  expect(judge.breaches).toEqual([]);
  for (const bad of [
    undefined,
    {},
    { code: 'toString', message: 'A sentence.' },
    { code: 'file.unknown', message: 'no' },
  ]) {
    judge.refused('someone', bad);
  }
  judge.turnedAway('someone', 'Invalid namespace');
  expect(judge.breaches).toHaveLength(5);
});

/** A log of Hana's, with Vic as a viewer, and what `more` adds to it. */
function breachesOf(...more: readonly Partial<Row>[]): readonly string[] {
  const bodies: RoomEvent['body'][] = [
    { kind: 'room.created', name: 'Room', language: 'python' },
    { kind: 'member.joined', participant: 'hana', name: 'Hana', hue: 1, role: 'host' },
    { kind: 'member.joined', participant: 'vic', name: 'Vic', hue: 2, role: 'viewer' },
    { kind: 'file.created', file: 'file', path: 'main.py', text: '' },
  ];
  const rows = [...bodies.map((body): Partial<Row> => ({ body })), ...more].map(
    (row, i): Row => ({
      seq: String(i + 1),
      at: '0',
      actor: 'hana',
      client_id: null,
      client_seq: null,
      body: bodies[0]!,
      ...row,
    }),
  );
  const judge = new Judge();
  foldLog('room', rows, judge);
  return judge.breaches;
}

const renamed: RoomEvent['body'] = { kind: 'room.renamed', name: 'Other' };
const edited = (version: number): RoomEvent['body'] => ({ kind: 'edit', file: 'file', version, op: ['x'] });

test('a log in which everyone did what they may, once, is right', () => {
  const by = { client_id: 'client' };
  expect(
    breachesOf({ ...by, client_seq: '1', body: edited(1) }, { ...by, client_seq: '2', body: renamed }),
  ).toEqual([]);
});

test.each<[string, Partial<Row>[]]>([
  ['more than a role allows', [{ actor: 'vic', client_id: 'v', client_seq: '1', body: edited(1) }]],
  ['somebody who is no member', [{ actor: 'sid', client_id: 's', client_seq: '1', body: edited(1) }]],
  [
    'somebody who was removed',
    [
      { body: { kind: 'member.removed', participant: 'vic' } },
      { actor: 'vic', client_id: 'v', client_seq: '1', body: { kind: 'role.requested', participant: 'vic' } },
    ],
  ],
  [
    'a command twice',
    [
      { client_id: 'h', client_seq: '1', body: edited(1) },
      { client_id: 'h', client_seq: '1', body: edited(2) },
    ],
  ],
  [
    'a client of two people',
    [
      { client_id: 'h', client_seq: '1', body: edited(1) },
      { actor: 'vic', client_id: 'h', client_seq: '2', body: { kind: 'role.requested', participant: 'vic' } },
    ],
  ],
  ['a gap', [{ seq: '6', body: renamed }]],
  ['a version that does not follow', [{ client_id: 'h', client_seq: '1', body: edited(2) }]],
])('%s is a breach', (_, more) => {
  expect(breachesOf(...more)).toHaveLength(1);
});

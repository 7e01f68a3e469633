// The fuzz's own eyes: what it must not let pass.
import type { RoomEvent } from '@codesync/protocol';
import { refusal } from '@codesync/protocol';
import { clientId, fileId, participantId } from '@codesync/protocol/testing';
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
  expect(judge.refusedInWords(refusal('rate.address').message)).toBe(true);
  expect(judge.refusedInWords('Bad request')).toBe(false);
  expect(judge.breaches).toEqual([]);
  expect(Object.fromEntries(judge.refusals)).toEqual({ 'file.unknown': 1, 'rate.address': 1 });
  for (const bad of [
    undefined,
    {},
    { code: 'toString', message: 'A sentence.' },
    { code: 'file.unknown', message: 'no' },
  ]) {
    judge.refused('someone', bad);
  }
  expect(judge.breaches).toHaveLength(4);
});

test('an input that was not let in has sent nothing, and is counted by its kind', () => {
  const judge = new Judge();
  judge.input('packets', 0);
  judge.input('packets', 3);
  judge.input('floods', 0);
  expect(Object.fromEntries(judge.inputs)).toEqual({ packets: 3, floods: 0 });
  expect(Object.fromEntries(judge.turnedAway)).toEqual({ packets: 1, floods: 1 });
});

/** A log of Hana's, with Vic as a viewer, and what `more` adds to it. */
function breachesOf(...more: readonly Partial<Row>[]): readonly string[] {
  const bodies: RoomEvent['body'][] = [
    { kind: 'room.created', name: 'Room', language: 'python' },
    { kind: 'member.joined', participant: participantId('hana'), name: 'Hana', hue: 1, role: 'host' },
    { kind: 'member.joined', participant: participantId('vic'), name: 'Vic', hue: 2, role: 'viewer' },
    { kind: 'file.created', file: fileId('file'), path: 'main.py', text: '' },
  ];
  const rows = [...bodies.map((body): Partial<Row> => ({ body })), ...more].map(
    (row, i): Row => ({
      seq: String(i + 1),
      at: '0',
      actor: participantId('hana'),
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
const edited = (version: number): RoomEvent['body'] => ({
  kind: 'edit',
  file: fileId('file'),
  version,
  op: ['x'],
});

test('a log in which everyone did what they may, once, is right', () => {
  const by = { client_id: clientId('client') };
  expect(
    breachesOf({ ...by, client_seq: '1', body: edited(1) }, { ...by, client_seq: '2', body: renamed }),
  ).toEqual([]);
});

test.each<[string, Partial<Row>[]]>([
  [
    'more than a role allows',
    [{ actor: participantId('vic'), client_id: clientId('v'), client_seq: '1', body: edited(1) }],
  ],
  [
    'somebody who is no member',
    [{ actor: participantId('sid'), client_id: clientId('s'), client_seq: '1', body: edited(1) }],
  ],
  [
    'somebody who was removed',
    [
      { body: { kind: 'member.removed', participant: participantId('vic') } },
      {
        actor: participantId('vic'),
        client_id: clientId('v'),
        client_seq: '1',
        body: { kind: 'role.requested', participant: participantId('vic') },
      },
    ],
  ],
  [
    'a command twice',
    [
      { client_id: clientId('h'), client_seq: '1', body: edited(1) },
      { client_id: clientId('h'), client_seq: '1', body: edited(2) },
    ],
  ],
  [
    'a client of two people',
    [
      { client_id: clientId('h'), client_seq: '1', body: edited(1) },
      {
        actor: participantId('vic'),
        client_id: clientId('h'),
        client_seq: '2',
        body: { kind: 'role.requested', participant: participantId('vic') },
      },
    ],
  ],
  ['a gap', [{ seq: '6', body: renamed }]],
  ['a version that does not follow', [{ client_id: clientId('h'), client_seq: '1', body: edited(2) }]],
])('%s is a breach', (_, more) => {
  expect(breachesOf(...more)).toHaveLength(1);
});

// The pure parts that a room is made of.
import type { Op } from '@codesync/ot';
import { HUES, LIMITS, type Member, type RoomEvent } from '@codesync/protocol';
import { EMPTY_ROOM, RoomFold, type RoomState } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { admit, invite } from '../../src/rooms/admission.ts';
import { catchUp, editsAfter } from '../../src/rooms/catch-up.ts';
import { decideFiles } from '../../src/rooms/files.ts';
import { KeyframePolicy } from '../../src/rooms/keyframes.ts';
import { hueFor } from '../../src/rooms/members.ts';
import { RecentEvents } from '../../src/rooms/recent-events.ts';

const member = (id: string, more: Partial<Member> = {}): readonly [string, Member] => [
  id,
  { id, name: id, hue: 0, role: 'editor', here: false, removed: false, asking: false, ...more },
];

function withMembers(...members: (readonly [string, Member])[]): RoomState {
  return { ...EMPTY_ROOM, members: new Map(members) };
}

function edit(seq: number, file: string, version: number, op: Op, client?: string): RoomEvent {
  const origin = client === undefined ? {} : { origin: { client, clientSeq: seq } };
  return { seq, at: 0, actor: null, ...origin, body: { kind: 'edit', file, version, op } };
}

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
    expect(hueFor(state, 'gus', wished)).toBe(expected);
  });

  test('no two share one while there are enough; then every wish is granted', () => {
    let state = withMembers();
    for (let i = 0; i < HUES; i++) {
      const hue = hueFor(state, `p${i}`, 3);
      expect([...state.members.values()].map((other) => other.hue)).not.toContain(hue);
      state = withMembers(...state.members, here(`p${i}`, hue));
    }
    expect(hueFor(state, 'one more', 3)).toBe(3);
  });
});

describe('admission', () => {
  const state = withMembers(member('known'), member('out', { removed: true }));
  const locked = { ...state, locked: true };

  test.each([
    ['a member without a link', state, 'known', null, 'editor'],
    ['a member keeps the role, whatever the link', state, 'known', 'viewer', 'editor'],
    ['a member in a locked room', locked, 'known', null, 'editor'],
    ['a newcomer by link', state, 'new', 'viewer', 'viewer'],
    ['a newcomer without a link', state, 'new', null, 'room.link'],
    ['a newcomer by a revoked link', state, 'new', 'revoked', 'room.linkRevoked'],
    ['a newcomer in a locked room', locked, 'new', 'editor', 'room.locked'],
    ['a removed person', state, 'out', 'editor', 'room.removed'],
  ] as const)('%s', (_, room, who, claim, expected) => {
    const result = admit(room, who, claim);
    expect(result.ok ? result.role : result.error.code).toBe(expected);
  });

  test('a link names the hosts, those who are here first, and what it would let in', () => {
    const hosts = withMembers(
      member('away', { name: 'Ada', role: 'host' }),
      member('guest', { name: 'Gus' }),
      member('out', { name: 'Olga', role: 'host', removed: true }),
      member('here', { name: 'Hana', role: 'host', here: true }),
    );
    expect(invite({ ...hosts, name: 'Primes' }, 'viewer')).toEqual({
      ok: true,
      invitation: { room: 'Primes', role: 'viewer', hosts: ['Hana', 'Ada'] },
    });
    expect(invite(locked, 'editor')).toMatchObject({ ok: false, error: { code: 'room.locked' } });
    expect(invite(hosts, null)).toMatchObject({ ok: false, error: { code: 'room.link' } });
  });

  test('a full room admits its members', () => {
    const many = Array.from({ length: LIMITS.members }, (_, i) => member(`member-${i}`));
    const full = withMembers(...many);
    expect(admit(full, 'new', 'editor')).toMatchObject({ error: { code: 'room.full' } });
    expect(admit(full, 'member-7', null)).toMatchObject({ ok: true });
  });
});

test('a room holds so many files', () => {
  const files = Array.from(
    { length: LIMITS.files },
    (_, i) => [`file-${i}`, { id: `file-${i}`, path: `${i}` }] as const,
  );
  const state = { ...EMPTY_ROOM, files: new Map(files) };
  const decision = decideFiles(state, { kind: 'file.create', file: 'one-more', path: 'more', text: '' }, 0);
  expect(decision).toMatchObject({ error: { code: 'file.tooMany' } });
});

describe('catching up', () => {
  test('runs of others’ edits are composed, own ones stand alone', () => {
    const events = [
      edit(1, 'a', 1, ['1']),
      edit(2, 'a', 2, [1, '2']),
      edit(3, 'b', 1, ['x']),
      edit(4, 'a', 3, [2, '3'], 'me'),
      edit(5, 'a', 4, [3, '4'], 'other'),
      edit(6, 'a', 5, [4, '5']),
    ];
    expect(catchUp('a', editsAfter(events, 'a', 0), 'me')).toEqual({
      file: 'a',
      steps: [
        { version: 2, op: ['12'] },
        { version: 3, op: [2, '3'], clientSeq: 4 },
        { version: 5, op: [3, '45'] },
      ],
    });
    expect(editsAfter(events, 'a', 3).map(({ version }) => version)).toEqual([4, 5]);
  });

  test('a file that was made anew under its old id has only its own edits', () => {
    const created: RoomEvent = {
      seq: 2,
      at: 0,
      actor: null,
      body: { kind: 'file.created', file: 'a', path: 'a', text: '' },
    };
    expect(editsAfter([edit(1, 'a', 1, ['old']), created, edit(3, 'a', 1, ['new'])], 'a', 0)).toEqual([
      { version: 1, op: ['new'] },
    ]);
  });
});

describe('keyframes', () => {
  const output = (seq: number, units: number): RoomEvent => ({
    seq,
    at: 1_000,
    actor: null,
    body: { kind: 'run.output', run: 'run-one1', stream: 'stdout', text: 'x'.repeat(units) },
  });

  test('are due after so many events, so much output, or so long', () => {
    const policy = new KeyframePolicy();
    expect(policy.dueIn(1_000)).toBeNull();
    policy.note(output(1, 1));
    expect(policy.dueIn(1_000)).toBe(LIMITS.keyframeMs);
    policy.note(output(2, LIMITS.keyframeOutputBytes));
    expect(policy.dueIn(1_000)).toBe(0);
    policy.begin();
    expect(policy.dueIn(1_000)).toBeNull();
    for (let i = 0; i < LIMITS.keyframeEvents; i++) policy.note(output(i, 1));
    expect(policy.dueIn(1_000)).toBe(0);
  });

  test('of rooms with megabytes are made seldom', () => {
    const policy = new KeyframePolicy();
    const file = { id: 'a', path: 'a.py', version: 1 };
    const of = (units: number) => ({
      ...new RoomFold().toKeyframe(),
      files: [{ ...file, text: 'x'.repeat(units) }],
    });
    for (let i = 0; i < LIMITS.keyframeEvents; i++) policy.note(output(i, 1));
    policy.wrote(of(2_500_000), 1_000);
    expect(policy.dueIn(1_000)).toBe(5_000);
    policy.wrote(of(10_000), 1_000);
    expect(policy.dueIn(1_000)).toBe(20);
  });
});

describe('recent events', () => {
  test('are a window that ends at the newest, and never loses what is not durable', () => {
    const recent = new RecentEvents(10);
    for (let seq = 11; seq <= 2_010; seq++) recent.push(edit(seq, 'a', seq, ['x'], 'me'));
    recent.trim(500);
    expect(recent.before).toBe(500);
    recent.trim(2_010);
    const kept = 2_010 - recent.before;
    expect(kept).toBeLessThan(1_000);
    expect(recent.between(recent.before - 1, 2_010)).toBeNull();
    expect(recent.between(recent.before, 2_010)).toHaveLength(kept);
    expect(recent.between(2_000, 2_003)!.map(({ seq }) => seq)).toEqual([2_001, 2_002, 2_003]);
    expect(recent.between(2_010, 2_010)).toEqual([]);
    expect(recent.ofOrigin('me', 2_005)!.seq).toBe(2_005);
    expect(recent.ofOrigin('you', 2_005)).toBeNull();
  });
});

describe('a deleted file that is brought back', () => {
  const kept = (path: string, text = 'kept'): RoomState => ({
    ...EMPTY_ROOM,
    deleted: new Map([['gone', { id: 'gone', path, version: 7, text, by: 'ada', at: 1 }]]),
  });
  const withFiles = (state: RoomState, ...paths: string[]): RoomState => ({
    ...state,
    files: new Map(paths.map((path, i) => [`f${i}`, { id: `f${i}`, path }])),
  });
  const restore = (state: RoomState, units = 0) =>
    decideFiles(state, { kind: 'file.restore', file: 'gone' }, units);

  test('has its text, its version and its name', () => {
    expect(restore(kept('a.py'))).toEqual({
      ok: true,
      body: { kind: 'file.restored', file: 'gone', path: 'a.py', version: 7, text: 'kept' },
    });
  });

  test.each([
    ['lib/a.py', ['LIB/A.py'], 'lib/a (restored).py'],
    ['a.py', ['a.py', 'a (restored).py'], 'a (restored 2).py'],
    ['Makefile', ['Makefile/x'], 'Makefile (restored)'],
    ['.env', ['.env'], '.env (restored)'],
  ])('stands beside what has its name now: %s', (path, others, expected) => {
    expect(restore(withFiles(kept(path), ...others))).toMatchObject({ body: { path: expected } });
  });

  test('is refused where it cannot be, with the reason', () => {
    const code = (state: RoomState, units = 0) => {
      const decision = restore(state, units);
      return decision.ok ? 'done' : decision.error.code;
    };
    expect(code(EMPTY_ROOM)).toBe('file.gone');
    expect(code({ ...kept('a.py'), files: new Map([['gone', { id: 'gone', path: 'a.py' }]]) })).toBe(
      'file.restored',
    );
    expect(code(kept('a.py'), LIMITS.roomUnits - 3)).toBe('room.tooLarge');
    expect(code(kept('a.py'), LIMITS.roomUnits - 4)).toBe('done');
    const full = Array.from({ length: LIMITS.files }, (_, i) => `f/${i}`);
    expect(code(withFiles(kept('a.py'), ...full))).toBe('file.tooMany');
    const long = `${'x'.repeat(LIMITS.pathBytes - 3)}.py`;
    expect(code(withFiles(kept(long), long))).toBe('file.exists');
  });
});

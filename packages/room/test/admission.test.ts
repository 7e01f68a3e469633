import { LIMITS } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { admit } from '../src/admission.ts';
import { enter, invite } from '../src/index.ts';
import { member, withMembers } from './support/rooms.ts';

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
    const result = admit(room, participantId(who), claim);
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
    expect(admit(full, participantId('new'), 'editor')).toMatchObject({ error: { code: 'room.full' } });
    expect(admit(full, participantId('member-7'), null)).toMatchObject({ ok: true });
  });
});

describe('who enters', () => {
  const ada = { id: participantId('ada'), name: 'Ada', hue: 3 };
  const known = (more = {}) => withMembers(member('ada', { name: 'Ada', hue: 3, ...more }));

  test('joins as a newcomer by the role of the link', () => {
    const { name, hue } = ada;
    expect(enter(withMembers(), ada, 'viewer')).toEqual({
      ok: true,
      body: { kind: 'member.joined', participant: 'ada', name, hue, role: 'viewer' },
    });
  });
  test('joins again after having left, in the role of before', () =>
    expect(enter(known(), ada, 'viewer')).toMatchObject({ body: { kind: 'member.joined', role: 'editor' } }));
  test('changes nothing in a second tab', () =>
    expect(enter(known({ here: true }), ada, null)).toEqual({ ok: true, body: null }));
  test('takes a new name along', () =>
    expect(enter(known({ here: true, name: 'A' }), ada, null)).toMatchObject({
      body: { kind: 'member.updated', name: 'Ada' },
    }));
  test('is told why not', () =>
    expect(enter(known({ removed: true }), ada, 'editor')).toMatchObject({
      error: { code: 'room.removed' },
    }));
});

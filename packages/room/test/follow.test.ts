// Following: how it begins and ends, and whose screen it is in the end.
import type { ParticipantId } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FOLLOWING_NOBODY, type FollowInput, leaderOf, nextFollow } from '../src/index.ts';

const [ME, ADA, BEA, CYD] = ['me', 'ada', 'bea', 'cyd'].map((name) =>
  participantId(`person-${name}-person-xx`),
) as [ParticipantId, ParticipantId, ParticipantId, ParticipantId];

const after = (...inputs: FollowInput[]) => inputs.reduce(nextFollow, FOLLOWING_NOBODY);
const follow = (who: ParticipantId): FollowInput => ({ kind: 'follow', who });
const leads = (by: ParticipantId | null, since = 1): FollowInput => ({
  kind: 'leading',
  leading: by === null ? null : { by, since },
  self: ME,
});
const seen = (is: 'here' | 'lost' | 'gone'): FollowInput => ({ kind: 'seen', is });
const MOVED: FollowInput = { kind: 'moved' };

describe('following', () => {
  test('begins by one’s wish, goes over to another, and ends with one’s own move', () => {
    expect(after(follow(ADA)).now).toEqual({ who: ADA, asked: false, lost: false });
    expect(after(follow(ADA), follow(BEA)).now?.who).toBe(BEA);
    expect(after(follow(ADA), MOVED)).toEqual(FOLLOWING_NOBODY);
  });

  test('waits for somebody whose connection is lost, and ends when they are gone, which is said until it was read', () => {
    expect(after(follow(ADA), seen('lost')).now).toMatchObject({ who: ADA, lost: true });
    expect(after(follow(ADA), seen('lost'), seen('here')).now).toMatchObject({ lost: false });
    const gone = after(follow(ADA), seen('lost'), seen('gone'));
    expect(gone).toMatchObject({ now: null, gone: ADA });
    expect(nextFollow(gone, { kind: 'read' })).toEqual(FOLLOWING_NOBODY);
    expect(nextFollow(gone, follow(BEA)).gone).toBeNull();
  });

  test('begins for everyone who is asked to, and ends when that is over', () => {
    expect(after(leads(ADA)).now).toEqual({ who: ADA, asked: true, lost: false });
    expect(after(leads(ADA), leads(null)).now).toBeNull();
    expect(after(follow(BEA), leads(ADA)).now?.who).toBe(ADA);
  });

  test('of one’s own wish goes on when somebody no longer asks everyone', () => {
    expect(after(leads(ADA), MOVED, follow(BEA), leads(null)).now?.who).toBe(BEA);
  });

  test('is not begun again by what was declined, told once more, but by a new wish of theirs', () => {
    const declined = after(leads(ADA, 1), MOVED);
    expect(nextFollow(declined, leads(ADA, 1)).now).toBeNull();
    expect(nextFollow(declined, leads(ADA, 2)).now?.who).toBe(ADA);
    expect(nextFollow(declined, follow(ADA)).now).toMatchObject({ who: ADA, asked: true });
  });

  test('whoever asks everyone follows nobody', () => {
    expect(after(follow(ADA), leads(ME)).now).toBeNull();
  });

  test('an input that says nothing new gives the same state', () => {
    const input = fc.constantFrom(
      follow(ADA),
      follow(BEA),
      MOVED,
      leads(ADA),
      leads(ADA, 2),
      leads(ME),
      leads(null),
      seen('here'),
      seen('lost'),
      seen('gone'),
      { kind: 'read' } as const,
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const state = after(...inputs);
        for (const again of [MOVED, seen('here'), leads(null)]) {
          const once = nextFollow(state, again);
          expect(nextFollow(once, again)).toBe(once);
        }
        // Nobody is followed and gone at once.
        if (state.gone !== null) expect(state.now).toBeNull();
      }),
    );
  });
});

describe('whose screen it is', () => {
  const by = (follows: Partial<Record<string, ParticipantId>>) => (one: ParticipantId) =>
    follows[one] ?? null;

  test('that of whoever is followed, or of the end of their chain', () => {
    expect(leaderOf(ME, ADA, by({}))).toBe(ADA);
    expect(leaderOf(ME, ADA, by({ [ADA]: BEA, [BEA]: CYD }))).toBe(CYD);
  });

  test('nobody’s in a circle, with oneself or among others', () => {
    expect(leaderOf(ME, ADA, by({ [ADA]: ME }))).toBeNull();
    expect(leaderOf(ME, ADA, by({ [ADA]: BEA, [BEA]: ME }))).toBeNull();
    expect(leaderOf(ME, ADA, by({ [ADA]: BEA, [BEA]: ADA }))).toBeNull();
    expect(leaderOf(ME, ME, by({}))).toBeNull();
  });

  test('whoever follows whom: it ends, and nobody leads who follows somebody', () => {
    const people = [ME, ADA, BEA, CYD];
    const one = fc.constantFrom(...people);
    fc.assert(
      fc.property(fc.dictionary(one, one), one, (follows, who) => {
        const leader = leaderOf(ME, who, by(follows));
        if (leader === null) return;
        expect(leader).not.toBe(ME);
        expect(follows[leader]).toBeUndefined();
      }),
    );
  });
});

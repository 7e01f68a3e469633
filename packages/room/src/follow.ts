// Whom this page follows: it begins by their own wish or since everyone is asked to, and ends with their own first move.
// Pure.
import type { Leading, ParticipantId } from '@codesync/protocol';

/** `lost`: nothing is heard of them just now. */
type Followed = { readonly who: ParticipantId; readonly asked: boolean; readonly lost: boolean };

export type FollowState = {
  /** Whom this page follows; `asked`: since they ask everyone to. */
  readonly now: Followed | null;
  /** Who asks everyone, as it was last heard. */
  readonly leading: Leading | null;
  /** Who went away while they were followed. It is said until something else is done. */
  readonly gone: ParticipantId | null;
};

export const FOLLOWING_NOBODY: FollowState = { now: null, leading: null, gone: null };

export type FollowInput =
  /** This person wants to follow somebody. */
  | { readonly kind: 'follow'; readonly who: ParticipantId }
  /** They moved by themselves, or asked for the end of it. */
  | { readonly kind: 'moved' }
  /** They have read who is gone. */
  | { readonly kind: 'read' }
  /** Who asks everyone to follow, as it is heard now; `self` is this person. */
  | { readonly kind: 'leading'; readonly leading: Leading | null; readonly self: ParticipantId }
  /** How whoever is followed is: in the room, silent, or gone from it. */
  | { readonly kind: 'seen'; readonly is: 'here' | 'lost' | 'gone' };

/** The state after an input; the same one if nothing is new. */
export function nextFollow(state: FollowState, input: FollowInput): FollowState {
  const { now, leading } = state;
  switch (input.kind) {
    case 'follow':
      return { ...state, now: { who: input.who, asked: leading?.by === input.who, lost: false }, gone: null };
    case 'moved':
      return now === null ? state : { ...state, now: null };
    case 'read':
      return state.gone === null ? state : { ...state, gone: null };
    case 'seen':
      return now === null ? state : seen(state, now, input.is);
    case 'leading':
      return asked(state, input.leading, input.self);
  }
}

function seen(state: FollowState, now: Followed, is: 'here' | 'lost' | 'gone'): FollowState {
  if (is === 'gone') return { ...state, now: null, gone: now.who };
  const lost = is === 'lost';
  return lost === now.lost ? state : { ...state, now: { ...now, lost } };
}

/** Whoever declined once is not asked again by what they have heard already. */
function asked(state: FollowState, leading: Leading | null, self: ParticipantId): FollowState {
  const before = state.leading;
  if (leading?.by === before?.by && leading?.since === before?.since) return state;
  if (leading === null) return { ...state, leading, now: state.now?.asked === true ? null : state.now };
  if (leading.by === self) return { ...state, leading, now: null };
  return { leading, now: { who: leading.by, asked: true, lost: false }, gone: null };
}

/**
 * Whose screen a page goes along with that follows `who`: the one at the end of the chain, so that a move goes round
 * once. Null where the chain comes back to `self`, or goes round in a circle: nobody in a circle is moved by it, until one
 * of them moves by hand and thereby leaves it.
 */
export function leaderOf(
  self: ParticipantId,
  who: ParticipantId,
  followedBy: (one: ParticipantId) => ParticipantId | null,
): ParticipantId | null {
  const passed = new Set([self]);
  let leader = who;
  for (;;) {
    if (passed.has(leader)) return null;
    passed.add(leader);
    const next = followedBy(leader);
    if (next === null) return leader;
    leader = next;
  }
}

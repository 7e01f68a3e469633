// The people of a room. Pure.
import type { CommandKind, EventKind, Member, ParticipantId } from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { byId, withEntry } from '../entries.ts';
import type { Noun } from '../noun.ts';

export type MembersPart = {
  /** In the order in which they first joined; people who left or were removed stay, with their names. */
  readonly members: ReadonlyMap<ParticipantId, Member>;
};

type Of<Kind> = Extract<Kind, `${'member' | 'role'}.${string}`>;

export const participants: Noun<{
  part: MembersPart;
  kept: 'members';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: MembersPart;
}> = {
  empty: { members: new Map() },

  fold: {
    'member.joined': (state, { participant: id, name, hue, role }) => {
      const asking = state.members.get(id)?.asking ?? false;
      return withMember(state, { id, name, hue, role, here: true, removed: false, asking });
    },
    'member.left': (state, { participant }) => patched(state, participant, { here: false }),
    'member.updated': (state, { participant, name, hue }) => patched(state, participant, { name, hue }),
    'member.role': (state, { participant, role }) => patched(state, participant, { role, asking: false }),
    'member.removed': (state, { participant }) =>
      patched(state, participant, { here: false, removed: true, asking: false }),
    'role.requested': (state, { participant }) => patched(state, participant, { asking: true }),
  },

  decide: {
    'member.update': (_, actor, { name, hue }) =>
      fact({ kind: 'member.updated', participant: actor, name, hue }),
    'member.role': ({ fold: { state } }, _, { participant, role }) => {
      if (!isMember(state, participant)) return refuse('member.unknown');
      if (role !== 'host' && isLastHost(state, participant)) return refuse('role.lastHost');
      return fact({ kind: 'member.role', participant, role });
    },
    'member.remove': ({ fold: { state } }, _, { participant }) => {
      if (!isMember(state, participant)) return refuse('member.unknown');
      if (isLastHost(state, participant)) return refuse('role.lastHost');
      return fact({ kind: 'member.removed', participant });
    },
    'role.request': (_, actor) => fact({ kind: 'role.requested', participant: actor }),
  },

  toKeyframe: ({ members }) => ({ members: [...members.values()] }),
  fromKeyframe: ({ members }) => ({ members: byId(members) }),
};

function withMember<State extends MembersPart>(state: State, member: Member): State {
  return { ...state, members: withEntry(state.members, member.id, member) };
}

/** Returns the same state if there is no such member. */
function patched<State extends MembersPart>(state: State, id: ParticipantId, patch: Partial<Member>): State {
  const member = state.members.get(id);
  return member === undefined ? state : withMember(state, { ...member, ...patch });
}

function isMember({ members }: MembersPart, participant: ParticipantId): boolean {
  return members.get(participant)?.removed === false;
}

function isLastHost({ members }: MembersPart, participant: ParticipantId): boolean {
  if (members.get(participant)?.role !== 'host') return false;
  return ![...members.values()].some(
    (member) => member.role === 'host' && !member.removed && member.id !== participant,
  );
}

// Who may enter a room, and as what. Pure.
import {
  type Invitation,
  LIMITS,
  type LinkRole,
  type ParticipantId,
  type Refusal,
  type Role,
  refusal,
} from '@codesync/protocol';
import type { RoomState } from '@codesync/room';

/** What the secret of a link says: a role, or that the link was revoked, or nothing. */
export type LinkClaim = LinkRole | 'revoked' | null;

export type Admission =
  | { readonly ok: true; readonly role: Role; readonly newcomer: boolean }
  | { readonly ok: false; readonly error: Refusal };

export type Invited =
  | { readonly ok: true; readonly invitation: Invitation }
  | { readonly ok: false; readonly error: Refusal };

const no = (error: Refusal) => ({ ok: false, error }) as const;

/**
 * Decides on one person. Members come and go as they like, with the role that they have; a link only counts
 * for newcomers, so that a role that the host took away does not come back with an old link.
 */
export function admit(state: RoomState, participant: ParticipantId, claim: LinkClaim): Admission {
  const member = state.members.get(participant);
  if (member?.removed) return no(refusal('room.removed'));
  if (member !== undefined) return { ok: true, role: member.role, newcomer: false };
  return admitNewcomer(state, claim);
}

/** What a link tells of the room, before anyone comes in by it: nothing, where it would let no newcomer in. */
export function invite(state: RoomState, claim: LinkClaim): Invited {
  const admission = admitNewcomer(state, claim);
  if (!admission.ok) return admission;
  const hosts = [...state.members.values()]
    .filter(({ role, removed }) => role === 'host' && !removed)
    .sort((a, b) => Number(b.here) - Number(a.here))
    .map(({ name }) => name);
  return { ok: true, invitation: { room: state.name, role: admission.role, hosts } };
}

function admitNewcomer(
  state: RoomState,
  claim: LinkClaim,
): { readonly ok: true; readonly role: LinkRole; readonly newcomer: true } | ReturnType<typeof no> {
  if (claim === null) return no(refusal('room.link'));
  if (claim === 'revoked') return no(refusal('room.linkRevoked'));
  if (state.locked) return no(refusal('room.locked'));
  if (state.members.size >= LIMITS.members) return no(refusal('room.full'));
  return { ok: true, role: claim, newcomer: true };
}

// Who may enter a room, and as what. Pure.
import {
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

const no = (error: Refusal): Admission => ({ ok: false, error });

/**
 * Decides on one person. Members come and go as they like, with the role that they have; a link only counts
 * for newcomers, so that a role that the host took away does not come back with an old link.
 */
export function admit(state: RoomState, participant: ParticipantId, claim: LinkClaim): Admission {
  const member = state.members.get(participant);
  if (member?.removed) return no(refusal('room.removed'));
  if (member !== undefined) return { ok: true, role: member.role, newcomer: false };
  if (claim === null) return no(refusal('room.link'));
  if (claim === 'revoked') return no(refusal('room.linkRevoked'));
  if (state.locked) return no(refusal('room.locked'));
  if (state.members.size >= LIMITS.members) return no(refusal('room.full'));
  return { ok: true, role: claim, newcomer: true };
}

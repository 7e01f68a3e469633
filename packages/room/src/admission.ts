// Who may enter a room, and as what. Pure.
import {
  type EventBody,
  type Invitation,
  LIMITS,
  type LinkRole,
  type Participant,
  type ParticipantId,
  type Refusal,
  type Role,
  refusal,
} from '@codesync/protocol';
import { hueFor } from './hues.ts';
import type { RoomState } from './nouns.ts';

/** What the secret of a link says: a role, or that the link was revoked, or nothing. */
export type LinkClaim = LinkRole | 'revoked' | null;

export type Admission =
  | { readonly ok: true; readonly role: Role }
  | { readonly ok: false; readonly error: Refusal };

/** `body` is the event that makes the person a member who is here. Null when the room has them so already. */
export type Entry =
  | { readonly ok: true; readonly body: EventBody | null }
  | { readonly ok: false; readonly error: Refusal };

export type Invited =
  | { readonly ok: true; readonly invitation: Invitation }
  | { readonly ok: false; readonly error: Refusal };

const no = (error: Refusal) => ({ ok: false, error }) as const;

/**
 * Decides on one person. Members come and go as they like, with the role that they have. A link counts only for
 * newcomers, so an old link does not bring back a role that the host took away.
 */
export function admit(state: RoomState, participant: ParticipantId, claim: LinkClaim): Admission {
  const member = state.members.get(participant);
  if (member?.removed) return no(refusal('room.removed'));
  if (member !== undefined) return { ok: true, role: member.role };
  return admitNewcomer(state, claim);
}

/** Lets one person in, under their name and in a colour that is free, or says why not. */
export function enter(state: RoomState, participant: Participant, claim: LinkClaim): Entry {
  const { id, name } = participant;
  const admission = admit(state, id, claim);
  if (!admission.ok) return admission;
  const { role } = admission;
  const hue = hueFor(state, id, participant.hue);
  const member = state.members.get(id);
  if (!member?.here) return { ok: true, body: { kind: 'member.joined', participant: id, name, hue, role } };
  if (member.name === name && member.hue === hue) return { ok: true, body: null };
  return { ok: true, body: { kind: 'member.updated', participant: id, name, hue } };
}

/** What a link shows of the room to someone who has not entered. Nothing, if it lets no newcomer in. */
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
): { readonly ok: true; readonly role: LinkRole } | ReturnType<typeof no> {
  if (claim === null) return no(refusal('room.link'));
  if (claim === 'revoked') return no(refusal('room.linkRevoked'));
  if (state.locked) return no(refusal('room.locked'));
  if (state.members.size >= LIMITS.members) return no(refusal('room.full'));
  return { ok: true, role: claim };
}

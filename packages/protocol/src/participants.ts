import { z } from 'zod';
import { ParticipantId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

export const Role = z.enum(['host', 'editor', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Roles that a link can give. */
export const LinkRole = z.enum(['editor', 'viewer']);
export type LinkRole = z.infer<typeof LinkRole>;

/** One of the 12 colours for people, by index. */
export const HUES = 12;
export const Hue = z
  .int()
  .min(0)
  .max(HUES - 1);

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** A person's name: trimmed, 1 to 40 code units, nothing invisible or reordering. */
export const PersonName = WellFormedText.trim()
  .min(1)
  .max(LIMITS.nameUnits)
  .refine((name) => !INVISIBLE.test(name), 'invisible characters');

/** Who someone is, everywhere; carried by a signed cookie. */
export const Participant = z.object({ id: ParticipantId, name: PersonName, hue: Hue });
export type Participant = z.infer<typeof Participant>;

export const RenameSelf = z.strictObject({ kind: z.literal('member.update'), name: PersonName, hue: Hue });
export const ChangeRole = z.strictObject({
  kind: z.literal('member.role'),
  participant: ParticipantId,
  role: Role,
});
export const RemoveMember = z.strictObject({ kind: z.literal('member.remove'), participant: ParticipantId });
/** A viewer asks to edit. */
export const RequestRole = z.strictObject({ kind: z.literal('role.request') });

export const MemberJoined = z.object({
  kind: z.literal('member.joined'),
  participant: ParticipantId,
  name: z.string(),
  hue: Hue,
  role: Role,
});
/** The participant's last client has gone, and did not come back within the grace time. */
export const MemberLeft = z.object({ kind: z.literal('member.left'), participant: ParticipantId });
export const MemberUpdated = z.object({
  kind: z.literal('member.updated'),
  participant: ParticipantId,
  name: z.string(),
  hue: Hue,
});
export const MemberRole = z.object({
  kind: z.literal('member.role'),
  participant: ParticipantId,
  role: Role,
});
export const MemberRemoved = z.object({ kind: z.literal('member.removed'), participant: ParticipantId });
export const RoleRequested = z.object({ kind: z.literal('role.requested'), participant: ParticipantId });

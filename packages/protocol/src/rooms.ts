import { z } from 'zod';
import { FileId } from './ids.ts';
import { Language } from './languages.ts';
import { LIMITS } from './limits.ts';
import { LinkRole } from './participants.ts';
import { WellFormedText } from './text.ts';

export const RoomName = WellFormedText.trim().min(1).max(LIMITS.roomNameUnits);

export const RenameRoom = z.strictObject({ kind: z.literal('room.rename'), name: RoomName });
/** Close the room to newcomers, or open it again; members come and go as before. */
export const LockRoom = z.strictObject({ kind: z.literal('room.lock'), locked: z.boolean() });
/** Let Run start this file for everyone, whatever they have open; null: Run starts what each has open. */
export const PinEntry = z.strictObject({ kind: z.literal('entry.pin'), file: FileId.nullable() });
/** The working folder that programs start in: the room's top folder, or that of the file that is run. */
export const WorkFolder = z.enum(['room', 'entry']);
export type WorkFolder = z.infer<typeof WorkFolder>;
export const SetWorkFolder = z.strictObject({ kind: z.literal('workFolder.set'), folder: WorkFolder });
/** Revoke every link for this role, and start a new one. */
export const RevokeLink = z.strictObject({ kind: z.literal('link.revoke'), role: LinkRole });

export const RoomCreated = z.object({
  kind: z.literal('room.created'),
  name: z.string(),
  language: Language,
});
export const RoomRenamed = z.object({ kind: z.literal('room.renamed'), name: z.string() });
export const RoomLocked = z.object({ kind: z.literal('room.locked'), locked: z.boolean() });
export const EntryPinned = z.object({ kind: z.literal('entry.pinned'), file: FileId.nullable() });
export const WorkFolderChanged = z.object({ kind: z.literal('workFolder.changed'), folder: WorkFolder });
/** `generation` names the link now in force; the secret itself is never in the log. */
export const LinkRevoked = z.object({ kind: z.literal('link.revoked'), role: LinkRole, generation: z.int() });

import { z } from 'zod';
import type { RoomId } from './ids.ts';
import { Language } from './languages.ts';
import { Hue, type LinkRole, type Participant, PersonName } from './participants.ts';
import { RoomName } from './rooms.ts';
import type { SandboxStatus } from './sandbox.ts';
import { WellFormedText } from './text.ts';

/**
 * The HTTP interface below /api, JSON unless it says otherwise. A refusal is `{ error: Refusal }` with a 4xx status, or with 503 where the
 * room or the database cannot be had.
 *
 *   GET  /api/status            → StatusReply
 *   GET  /api/me                → MeReply
 *   PUT  /api/me     UpdateMe   → MeReply, sets the signed cookie
 *   POST /api/rooms  CreateRoom → CreateRoomReply; the caller is host
 *   GET  /api/rooms/:id/links   → LinksReply, hosts only
 *   PUT  /api/rooms/:id/blobs/:hash/:part?bytes=N, the part as it is → PutBlobReply, editors and hosts
 *   GET  /api/rooms/:id/blobs/:hash → the blob as it is, whoever is in the room
 *   POST /api/rooms/:id/invitation ShowInvitation → Invitation, for whoever holds a link, known or not
 */
export const UpdateMe = z.strictObject({ name: PersonName, hue: Hue.optional() });
export const CreateRoom = z.strictObject({ language: Language, name: RoomName.optional() });

/** The secret travels in the body, so that no log of addresses has it. */
export const ShowInvitation = z.strictObject({ secret: WellFormedText.min(1).max(64) });

export type MeReply = { readonly participant: Participant | null };
export type CreateRoomReply = { readonly room: RoomId };
/** Secrets by role; a link is `<origin>/r/<room>#<secret>`: the fragment never reaches a server's log. */
export type LinksReply = { readonly links: Readonly<Record<LinkRole, string>> };
/** What a link in force opens: the room's name, the role that it gives, and its hosts, those here first. */
export type Invitation = {
  readonly room: string;
  readonly role: LinkRole;
  readonly hosts: readonly string[];
};
export type StatusReply = {
  readonly protocol: number;
  readonly version: string;
  readonly sandbox: SandboxStatus;
};

import { type LinkRole, RoomId } from '@codesync/protocol';

/** Where a room is below the base. The link's secret is in the fragment, which no server log sees. */
export function roomPath(id: string, secret: string | null = null): string {
  return secret === null ? `/r/${id}` : `/r/${id}#${secret}`;
}

/** What a link's fragment says before its secret, for the eye: which of a room's links it is. */
const MARKS: Readonly<Record<LinkRole, string>> = { editor: 'edit-', viewer: 'view-' };
const MARKED = /^(?:edit|view)-(?=.{22}$)/;

/** The path of a link that gives `role`. */
export function linkPath(id: string, role: LinkRole, secret: string): string {
  return roomPath(id, MARKS[role] + secret);
}

/** The secret in an address's fragment, with or without its mark; null when there is none. */
export function secretIn(fragment: string): string | null {
  const secret = fragment.replace(/^#/, '').replace(MARKED, '');
  return secret === '' ? null : secret;
}

/**
 * The room that pasted text points to: a whole link, a link without its scheme, a path, or a bare id. Null when there
 * is none in it. A link of another host gives the room's path here, since the same room has the same id.
 */
export function readRoomLink(text: string): { readonly id: string; readonly secret: string | null } | null {
  const found = /^(?:\S*\/r\/)?([A-Za-z0-9_-]{22})\/?(?:\?[^#\s]*)?(?:#(\S{1,64}))?$/.exec(text.trim());
  if (found === null || !RoomId.safeParse(found[1]).success) return null;
  return { id: found[1]!, secret: found[2] ?? null };
}

/** What is wrong with pasted text in which there is no room, in a sentence. */
export function linkProblem(text: string): string {
  const pasted = text.trim();
  if (pasted === '') return 'Paste the link that you were sent first.';
  if (pasted.includes('/r/'))
    return 'This link is not whole: a part of it was lost on the way. Copy all of it, or ask for it again.';
  return 'This is not a link to a room. Paste the whole link that you were sent, or ask the person who invited you for one.';
}

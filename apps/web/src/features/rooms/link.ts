import { RoomId } from '@codesync/protocol';

/** Where a room is: the page's path, with the link's secret in the fragment, which no server log sees. */
export function roomPath(id: string, secret: string | null = null): string {
  return secret === null ? `/r/${id}` : `/r/${id}#${secret}`;
}

/**
 * The room that pasted text points to: a whole link, a link without its scheme, a path, or a bare id. Null when
 * there is none in it. Links of other hosts give their room's path here: the same room has the same id.
 */
export function readRoomLink(text: string): { readonly id: string; readonly secret: string | null } | null {
  const found = /^(?:\S*\/r\/)?([A-Za-z0-9_-]{22})\/?(?:\?[^#\s]*)?(?:#(\S{1,64}))?$/.exec(text.trim());
  if (found === null || !RoomId.safeParse(found[1]).success) return null;
  return { id: found[1]!, secret: found[2] ?? null };
}

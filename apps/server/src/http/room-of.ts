// The room that a request's path names.
import { RoomId } from '@codesync/protocol';
import type { Request, Response } from 'express';
import type { RoomRegistry } from '../rooms/registry.ts';
import type { RoomHandle } from '../rooms/room-handle.ts';
import { refuse } from './replies.ts';

/** Null when there is none. The request has been refused then. */
export async function roomOf(
  registry: RoomRegistry,
  request: Request,
  response: Response,
): Promise<RoomHandle | null> {
  const id = RoomId.safeParse(request.params.id);
  const opened = id.success ? await registry.open(id.data) : null;
  if (opened?.ok) return opened.room;
  refuse(response, opened === null ? 'room.unknown' : opened.error.code);
  return null;
}

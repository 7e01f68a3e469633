// Files that are no text: their content comes and goes below /api/rooms/:id/blobs, in parts, for those in the room.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  BLOB_PART_BYTES,
  BlobHash,
  fitsRoom,
  may,
  type Participant,
  PutBlobPart,
  type PutBlobReply,
} from '@codesync/protocol';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { BlobStore } from '../ports.ts';
import type { RoomRegistry } from '../rooms/registry.ts';
import type { RoomHandle } from '../rooms/room-handle.ts';
import type { AddressLimit } from './address-limit.ts';
import { refuse } from './replies.ts';
import { roomOf } from './room-of.ts';

export type BlobRouterDeps = {
  readonly registry: RoomRegistry;
  readonly blobs: BlobStore;
  readonly signedIn: (request: Request, response: Response) => Promise<Participant | null>;
  readonly limit: AddressLimit;
};

/** What is found out of a request before its body is read. */
type Locals = { room: RoomHandle };

export function blobRouter({ registry, blobs, signedIn, limit }: BlobRouterDeps): Router {
  const router = Router();

  /** Goes on for whoever is in the room and, if `toWrite`, may add files to it. */
  const members =
    (toWrite: boolean) =>
    async (request: Request, response: Response<unknown, Locals>, next: NextFunction): Promise<void> => {
      if (!(await limit.within(request, response))) return;
      const participant = await signedIn(request, response);
      if (participant === null) return;
      const room = await roomOf(registry, request, response);
      if (room === null) return;
      const role = await room.role(participant.id);
      if (role === null) return refuse(response, 'room.link');
      if (toWrite && !may(role, 'file.upload')) return refuse(response, 'role.viewer');
      response.locals.room = room;
      next();
    };

  router.put(
    '/rooms/:id/blobs/:hash/:part',
    members(true),
    express.raw({ type: () => true, limit: BLOB_PART_BYTES, inflate: false }),
    async (request: Request, response: Response<unknown, Locals>) => {
      const { hash, part } = request.params;
      const wish = PutBlobPart.safeParse({ hash, part, bytes: request.query.bytes });
      if (!wish.success) return refuse(response, 'protocol.malformed');
      const { room } = response.locals;
      const { bytes } = wish.data;
      const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (body.length !== Math.min(BLOB_PART_BYTES, bytes - wish.data.part * BLOB_PART_BYTES))
        return refuse(response, 'protocol.malformed');
      if (!fitsRoom(bytes)) return refuse(response, 'room.tooLarge');
      const put = await blobs.put(room.id, { hash: wish.data.hash, bytes }, wish.data.part, body, () =>
        room.blobsInUse(),
      );
      if (put.kind === 'full') return refuse(response, 'room.blobsFull');
      if (put.kind === 'damaged') return refuse(response, 'blob.damaged');
      const reply: PutBlobReply = { missing: put.missing };
      response.json(reply);
    },
  );

  router.get(
    '/rooms/:id/blobs/:hash',
    members(false),
    async (request: Request, response: Response<unknown, Locals>) => {
      const hash = BlobHash.safeParse(request.params.hash);
      const { id } = response.locals.room;
      const bytes = hash.success ? await blobs.bytesOf(id, hash.data) : null;
      if (!hash.success || bytes === null) return refuse(response, 'blob.unknown');
      response.setHeader('Content-Type', 'application/octet-stream');
      response.setHeader('Content-Length', bytes);
      // Never shown by the browser by itself, whatever is in it.
      response.setHeader('Content-Disposition', 'attachment');
      response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
      try {
        await pipeline(Readable.from(blobs.read(id, { hash: hash.data, bytes })), response);
      } catch (error) {
        // A page that only looks at the beginning goes before the end.
        if (!isGone(error)) throw error;
      }
    },
  );

  return router;
}

/** Whether whoever asked has closed the connection. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

// The content of files that are no text. It is named by its hash and never changes.
import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** SHA-256 in lower-case hexadecimal. */
export const BlobHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'BlobHash'>();
export type BlobHash = z.infer<typeof BlobHash>;

/** A blob that the server has, and its length in bytes. */
export const BlobRef = z.object({ hash: BlobHash, bytes: z.int().min(0) });
export type BlobRef = z.infer<typeof BlobRef>;

/** A blob travels in parts of this many bytes; the last one may be shorter. What is empty has one empty part. */
export const BLOB_PART_BYTES = 1_048_576;

/** How many parts a blob of `bytes` has. */
export function blobParts(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BLOB_PART_BYTES));
}

/** What is put at `/api/rooms/:id/blobs/:hash/:part`: parts count from 0, and `bytes` is the length of the whole. */
export const PutBlobPart = z
  .object({ hash: BlobHash, part: z.coerce.number(), bytes: z.coerce.number() })
  .refine(
    ({ part, bytes }) =>
      Number.isInteger(bytes) && bytes >= 0 && Number.isInteger(part) && part >= 0 && part < blobParts(bytes),
  );

/** `missing`: parts that are not there yet. With 0 the blob is whole, and a command may name it. */
export type PutBlobReply = { readonly missing: number };

/** Whether `bytes` may be those of one file. A room holds no more, so none can be longer. */
export function fitsRoom(bytes: number): boolean {
  return bytes <= LIMITS.roomBytes;
}

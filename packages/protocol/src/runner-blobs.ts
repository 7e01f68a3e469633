/**
 * How the content of files that are no text gets to the runner, which keeps some of it for later runs. What it lacks it
 * asks of the connection of a run that needs it, once for all runs that do.
 *
 * Order: `blob.wanted` → `blob.part`* → nothing, or `blob.none` at any place among the parts. The answer bears the run's
 * id. It may stop anywhere once that run has ended, and what comes of it then is left alone.
 */
import { z } from 'zod';
import { BLOB_PART_BYTES, BlobHash } from './blobs.ts';
import { RunId } from './ids.ts';

/** The run lacks a blob. The server answers only if the run's `run.start` has named it. */
export const blobWanted = z.object({ type: z.literal('blob.wanted'), run: RunId, hash: BlobHash });
export type BlobWanted = z.infer<typeof blobWanted>;

/** Parts count from 0 and come in their order. `data` is base64 of at most `BLOB_PART_BYTES`. */
export const blobPart = z.object({
  type: z.literal('blob.part'),
  run: RunId,
  hash: BlobHash,
  part: z.int().nonnegative(),
  data: z.string().max(Math.ceil(BLOB_PART_BYTES / 3) * 4),
});
export type BlobPart = z.infer<typeof blobPart>;

/** The blob cannot be had for this run. */
export const blobNone = z.object({ type: z.literal('blob.none'), run: RunId, hash: BlobHash });
export type BlobNone = z.infer<typeof blobNone>;

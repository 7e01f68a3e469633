import { check, type Op } from '@codesync/ot';
import { z } from 'zod';
import { FileId } from './ids.ts';
import { LIMITS } from './limits.ts';

function isOp(value: unknown): value is Op {
  if (!Array.isArray(value)) return false;
  try {
    check(value as Op);
    return true;
  } catch {
    return false;
  }
}

/** A canonical operation by the rules of packages/ot. In the log it may be longer than a client may send. */
export const CanonicalOp = z.custom<Op>(isOp, 'not a canonical operation');

/** A canonical operation that a client may send. */
export const OpSchema = z.custom<Op>(
  (value) => Array.isArray(value) && value.length <= LIMITS.opComponents && isOp(value),
  'not a canonical operation',
);

/** An edit made against version `base` of the file; the server transforms it to the newest. */
export const Edit = z.strictObject({
  kind: z.literal('edit'),
  file: FileId,
  base: z.int().min(0),
  op: OpSchema,
});

/** The edit that made `version` of the file out of `version - 1`. */
export const Edited = z.object({
  kind: z.literal('edit'),
  file: FileId,
  version: z.int().min(1),
  op: CanonicalOp,
});

/** A client's hash of its copy of a file at a version. See `hashText` in packages/ot. */
export const HashCheck = z.strictObject({ file: FileId, version: z.int().min(0), hash: z.int().min(0) });
export type HashCheck = z.infer<typeof HashCheck>;

/** `diverged`: the hashes differ, and `text` is the server's. `unknown`: that version is no longer at hand. */
export type HashVerdict =
  | { readonly verdict: 'equal' | 'unknown' }
  | { readonly verdict: 'diverged'; readonly version: number; readonly text: string };

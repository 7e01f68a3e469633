/** Following: what people ask of each other's screens. It is told at once, and is in no log. */
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import { FileId, ParticipantId } from './ids.ts';

/** A place in a version of a file, in UTF-16 units from its beginning. */
export const Point = z.strictObject({ file: FileId, version: z.int().min(0), at: z.int().min(0) });
export type Point = z.infer<typeof Point>;

/**
 * `lead`: ask everyone to follow, or end that. `bring`: ask somebody to come to a place, or everyone (null). Nobody is
 * moved against their will.
 */
export const GuideRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lead'), on: z.boolean() }),
  z.strictObject({ kind: z.literal('bring'), whom: ParticipantId.nullable(), place: Point }),
]);
export type GuideRequest = z.infer<typeof GuideRequest>;

export type GuideReply = { readonly ok: true } | { readonly ok: false; readonly error: Refusal };

/** Somebody asks everyone to follow. `since`: Unix milliseconds by the server's clock. */
export type Leading = { readonly by: ParticipantId; readonly since: number };

/** Somebody asks a client to come to a place. `number` counts what was asked so in the room. */
export type Summons = {
  readonly number: number;
  readonly by: ParticipantId;
  readonly place: Point;
};

// What a client asks of the runs that are further back than the room's state reaches.
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import { FileId, Seq } from './ids.ts';
import type { Run } from './keyframe.ts';

/**
 * A question. `seq` is the place in the log where a run was started.
 *
 * - `runs`: which runs there were, the newest first, started before `before`; null: before now.
 * - `run`: a run with its whole output.
 * - `text`: a file as it stood when the run was started.
 */
export const RunQuestion = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('runs'), before: Seq.nullable() }),
  z.strictObject({ ask: z.literal('run'), seq: Seq }),
  z.strictObject({ ask: z.literal('text'), seq: Seq, file: FileId }),
]);
export type RunQuestion = z.infer<typeof RunQuestion>;

/** A run of a list: without its output, and of its files only those that it started from and read. */
export type PastRun = { readonly seq: number; readonly run: Run };

/** `more`: there are older ones. */
export type RunAnswer =
  | { readonly kind: 'runs'; readonly runs: readonly PastRun[]; readonly more: boolean }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'text'; readonly text: string };

export type RunReply =
  | { readonly ok: true; readonly answer: RunAnswer }
  | { readonly ok: false; readonly error: Refusal };

// What a client asks of the runs that are further back than the room's state reaches.
import { z } from 'zod';
import type { BlobRef } from './blobs.ts';
import type { Refusal } from './errors.ts';
import { FileId, Seq } from './ids.ts';
import type { Run } from './keyframe.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

/**
 * A question. `seq` is the place in the log where a run was started.
 *
 * - `runs`: which runs there were, the newest first, started before `before`; null: before now.
 * - `run`: a run with its whole output.
 * - `text`: a file as it stood when the run was started.
 * - `words`: which of the words the runs that were started before `before` have in their output, whatever their case. The
 *   answer has the newest of these runs, as many as are read at once.
 */
export const RunQuestion = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('runs'), before: Seq.nullable() }),
  z.strictObject({ ask: z.literal('run'), seq: Seq }),
  z.strictObject({ ask: z.literal('text'), seq: Seq, file: FileId }),
  z.strictObject({
    ask: z.literal('words'),
    before: Seq,
    words: z.array(WellFormedText.min(1).max(LIMITS.soughtWordUnits)).min(1).max(LIMITS.soughtWords),
  }),
]);
export type RunQuestion = z.infer<typeof RunQuestion>;

/** A run of a list: without its output, and of its files only those that it started from and read. */
export type PastRun = { readonly seq: number; readonly run: Run };

/** Which of the words that were sought are in the output of the run that was started at `seq`. */
export type PrintedWords = { readonly seq: number; readonly words: readonly string[] };

/** `more`: there are older ones. `binary`: the file is no text. */
export type RunAnswer =
  | { readonly kind: 'runs'; readonly runs: readonly PastRun[]; readonly more: boolean }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly blob: BlobRef }
  | { readonly kind: 'words'; readonly runs: readonly PrintedWords[] };

export type RunReply =
  | { readonly ok: true; readonly answer: RunAnswer }
  | { readonly ok: false; readonly error: Refusal };

// What is decided on a command. Pure.
import type { Op } from '@codesync/ot';
import {
  type BlobHash,
  type EventBody,
  type FileId,
  type Refusal,
  type RefusalCode,
  type RunId,
  refusal,
  type SandboxStatus,
} from '@codesync/protocol';

/**
 * - `fact`: the event that the command makes.
 * - `stop`: the run has to be stopped. The event follows when it has ended.
 * - `older`: an edit, or the range of a comment, was made for an old version. Decide again, given the file's edits `from` to `to`.
 * - `blob`: the file's content is `hash`. Decide again, given how long that is.
 * - `refused`: the command makes no event, and `error` says why.
 */
export type Decision =
  | { readonly kind: 'fact'; readonly body: EventBody }
  | { readonly kind: 'stop'; readonly run: RunId }
  | { readonly kind: 'older'; readonly file: FileId; readonly from: number; readonly to: number }
  | { readonly kind: 'blob'; readonly hash: BlobHash }
  | { readonly kind: 'refused'; readonly error: Refusal };

/** What a decision needs to know beyond what the room tells. */
export type Given = {
  /** For what was made for a version of a file: the edits that a decision of kind `older` asked for, oldest first. Newer ones do no harm. */
  readonly older: readonly Op[];
  /** For `run.start`, which needs it: an id that no run has, and whether anything can run now. */
  readonly run: { readonly id: RunId; readonly sandbox: SandboxStatus } | null;
  /** For what a decision of kind `blob` asked for: how many bytes it has, null where the server does not have it. */
  readonly blob: { readonly hash: BlobHash; readonly bytes: number | null } | null;
};

export const NOTHING_GIVEN: Given = { older: [], run: null, blob: null };

export function fact(body: EventBody): Decision {
  return { kind: 'fact', body };
}

/** @param message replaces the standard sentence where a better one is known. */
export function refuse(code: RefusalCode, message?: string): Decision {
  return { kind: 'refused', error: refusal(code, message) };
}

// What is decided on a command. Pure.
import type { Op } from '@codesync/ot';
import {
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
 * - `older`: the edit was made for an old version. Decide again, given the file's edits `from` to `to`.
 * - `refused`: the command makes no event, and `error` says why.
 */
export type Decision =
  | { readonly kind: 'fact'; readonly body: EventBody }
  | { readonly kind: 'stop'; readonly run: RunId }
  | { readonly kind: 'older'; readonly file: FileId; readonly from: number; readonly to: number }
  | { readonly kind: 'refused'; readonly error: Refusal };

/** What a decision needs to know beyond what the room tells. */
export type Given = {
  /** For an edit: the edits that a decision of kind `older` asked for, oldest first. Newer ones do no harm. */
  readonly older: readonly Op[];
  /** For `run.start`, which needs it: an id that no run has, and whether anything can run now. */
  readonly run: { readonly id: RunId; readonly sandbox: SandboxStatus } | null;
};

export const NOTHING_GIVEN: Given = { older: [], run: null };

export function fact(body: EventBody): Decision {
  return { kind: 'fact', body };
}

/** @param message replaces the standard sentence where a better one is known. */
export function refuse(code: RefusalCode, message?: string): Decision {
  return { kind: 'refused', error: refusal(code, message) };
}

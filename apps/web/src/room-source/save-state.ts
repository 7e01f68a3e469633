// How safe what was typed is. It says never more than the truth, and it does not change with every keystroke. Pure.
import type { SaveState } from './types.ts';

export type SaveFacts = {
  /** When the oldest edit was made that is not in the log; null when all are. */
  readonly pendingSince: number | null;
  /** The last time that something was pending, Unix milliseconds. */
  readonly lastPendingAt: number;
  readonly online: boolean;
  /** The browser's storage holds what is pending. */
  readonly kept: boolean;
};

/** `saved` is said when nothing has been pending for this long, so that it does not flash between keystrokes. */
export const SETTLE_MS = 400;
/** `since` is moved on in steps of this, for the same reason. */
const SINCE_STEP_MS = 1_000;

const SAVED: SaveState = { kind: 'saved' };

/** The state for these facts; the same object as `before` when it says the same. */
export function nextSave(before: SaveState, facts: SaveFacts, now: number): SaveState {
  if (facts.pendingSince === null) {
    if (before.kind === 'saved' || now - facts.lastPendingAt >= SETTLE_MS)
      return before.kind === 'saved' ? before : SAVED;
    return before;
  }
  const kind = facts.online ? 'sent' : 'local';
  const since =
    before.kind === kind && Math.abs(facts.pendingSince - before.since) < SINCE_STEP_MS
      ? before.since
      : facts.pendingSince;
  const { kept } = facts;
  return before.kind === kind && before.since === since && before.kept === kept
    ? before
    : { kind, since, kept };
}

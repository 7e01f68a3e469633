// How much of a search is shown, and how much one replacement can do.
import { LIMITS } from '@codesync/protocol';

/** Most matches that are shown of one search. */
export const MOST_SHOWN = 5_000;

/** What one operation can carry: a part that stays, one that goes and one that comes for each edit. */
export const MOST_EDITS = Math.floor(LIMITS.opComponents / 3);

/** Editing sessions as they are replayed. */

/** `remove` units at `at` give way to `insert`. Units are UTF-16 code units. */
export type Edit = { readonly at: number; readonly remove: number; readonly insert: string };

/** One person's session: each edit is made for the text that the one before it left. */
export type Solo = {
  readonly name: string;
  readonly start: string;
  readonly edits: readonly Edit[];
  readonly end: string;
};

/**
 * An edit of one of two people. It is made for the text that the person saw: all of their own edits, and the first
 * `known` edits of the other.
 */
export type Turn = Edit & { readonly person: 0 | 1; readonly known: number };

/** Two people who write at once. The units that are left at the end are known, their order is the engine's. */
export type Pair = { readonly name: string; readonly turns: readonly Turn[] };

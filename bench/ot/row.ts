/** The lines of the table, and what a row of one is. */
import type { Engine } from './engine.ts';
import type { Figure } from './figure.ts';

export const LINES = {
  a: 'a recorded session as local edits, each confirmed before the next',
  b: 'the same, each edit made into a message / taken in by a second copy (CodeSync: the frames that its page sends / reads)',
  c: 'N unseen edits on each of two sides, exchanged all at once',
  d: 'N unseen edits, arriving one by one at a copy that holds N of its own',
  e: 'N edits of which none is confirmed, and the message of them all',
  f: 'opening a file: from its whole log / from a snapshot, and the first key',
  g: 'memory of an open file over its text; bytes on the wire for a keystroke',
  h: 'two people writing at once, all copies and the server in one process, for each edit',
} as const;

export type Line = keyof typeof LINES;

/** How a row's figures read: edits per second, milliseconds, a multiple, bytes. */
export type Unit = 'rate' | 'ms' | 'times' | 'bytes';

/** The best of the others times a factor, or a figure of its own. */
type Goal =
  | { readonly kind: 'best'; readonly factor: number; readonly among: 'all' | 'ordered' }
  | { readonly kind: 'limit'; readonly value: number };

export type Row = {
  readonly line: Line;
  readonly what: string;
  readonly unit: Unit;
  /** Rows of one series differ only in `n`, and their figures grow with it. */
  readonly series?: string;
  readonly n?: number;
  readonly goal: Goal;
  readonly measure: (engine: Engine, patienceMs: number) => Figure;
};

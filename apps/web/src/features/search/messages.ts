// What the page and the worker that searches say to each other. Positions are UTF-16 units of a whole text.
import type { FileId } from '@codesync/protocol';

/** What is looked for, and in which files. `include` and `exclude` are lists of globs; empty: all files, and none. */
export type Query = {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  readonly regex: boolean;
  readonly include: string;
  readonly exclude: string;
};

/** A stretch of a text that is replaced, as `fromEdits` takes it. */
export type TextEdit = { readonly at: number; readonly remove: number; readonly insert: string };

/** Most edits of one text, and the longest text that may come of them, in units. */
export type Bounds = { readonly edits: number; readonly units: number };

/** All edits of a text in order, or why there are none: they are too many, or the text would be too long. */
export type Edits =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly why: 'many' | 'long' };

/** A match as it is shown. `before`, `hit` and `after` are of the line that it begins in, shortened around it. */
export type Match = {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly before: string;
  readonly hit: string;
  readonly after: string;
  /** What would stand in the place of the hit; null: nothing is to be replaced. */
  readonly becomes: string | null;
};

/** All matches of a text, of which as many are shown as fit the limit. `stamp`: of the text. */
export type Found = {
  readonly file: FileId;
  readonly stamp: number;
  readonly count: number;
  readonly matches: readonly Match[];
};

/** The copy of a text. `stamp` grows with each change of the text. */
export type Copy = { readonly file: FileId; readonly stamp: number; readonly text: string };

type Place = { readonly file: FileId; readonly path: string };

export type ToWorker =
  | { readonly kind: 'texts'; readonly copies: readonly Copy[] }
  /** Another `search` number ends the search before it; the same one adds files to it. */
  | {
      readonly kind: 'search';
      readonly search: number;
      readonly query: Query;
      readonly replacement: string | null;
      readonly files: readonly Place[];
      /** So many matches of the search are shown. */
      readonly most: number;
    }
  | {
      readonly kind: 'edits';
      readonly ask: number;
      readonly query: Query;
      readonly replacement: string;
      readonly file: FileId;
      readonly bounds: Bounds;
    };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** Of each file, the newest counts; a file without matches is in it too. */
  | { readonly kind: 'found'; readonly search: number; readonly found: readonly Found[] }
  | { readonly kind: 'done'; readonly search: number }
  /** The query is no query. */
  | { readonly kind: 'wrong'; readonly search: number; readonly problem: string }
  /** What replaces in the text with that stamp. */
  | {
      readonly kind: 'edits';
      readonly ask: number;
      readonly stamp: number;
      readonly result: Edits;
    };

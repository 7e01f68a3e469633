// What the page and the worker that formats say to each other: one text, and what became of it.
import type { Parser } from './formatters.ts';

export type FormatTask = { readonly parser: Parser; readonly text: string };

/** `line` counts from 1; null where the formatter names none. `words` are the formatter's own. */
export type FormatResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly line: number | null; readonly words: string };

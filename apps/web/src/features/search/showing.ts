// Shows matches in their lines. Pure.
import { matchesOf, splitsPair } from './matching.ts';
import type { Match } from './messages.ts';
import { expand } from './replacing.ts';

/** Longest parts of a line that are shown before a match, of a match, and after it. */
const BEFORE = 24;
const HIT = 200;
const AFTER = 160;
const ELLIPSIS = '…';

/**
 * The number of matches, and the first `most` of them to be shown.
 * @param replacement what each is to be replaced by, as `expand` takes it; null: nothing.
 */
export function search(
  text: string,
  pattern: RegExp,
  most: number,
  replacement: { readonly template: string; readonly regex: boolean } | null,
): { readonly count: number; readonly matches: readonly Match[] } {
  const matches: Match[] = [];
  let count = 0;
  let line = 1;
  let lineStart = 0;
  for (const found of matchesOf(text, pattern)) {
    count++;
    if (matches.length >= most) continue;
    const start = found.index;
    for (
      let at = text.indexOf('\n', lineStart);
      at !== -1 && at < start;
      at = text.indexOf('\n', lineStart)
    ) {
      line++;
      lineStart = at + 1;
    }
    const becomes =
      replacement === null
        ? null
        : shortened(expand(replacement.template, found, replacement.regex, HIT + 1), HIT);
    matches.push({ ...excerpt(text, lineStart, start, start + found[0].length), line, becomes });
  }
  return { count, matches };
}

function excerpt(
  text: string,
  lineStart: number,
  start: number,
  end: number,
): Omit<Match, 'line' | 'becomes'> {
  const newline = text.indexOf('\n', start);
  const lineEnd = newline === -1 ? text.length : newline;
  const indent =
    lineStart + /^[ \t]*/.exec(text.slice(lineStart, Math.min(start, lineStart + HIT)))![0].length;
  const from = wholeFrom(text, Math.max(indent, start - BEFORE));
  const hitEnd = Math.min(end, Math.max(lineEnd, start));
  const hit = text.slice(start, hitEnd);
  const after = text.slice(hitEnd, lineEnd);
  return {
    start,
    end,
    before: `${from > indent ? ELLIPSIS : ''}${text.slice(from, start)}`,
    hit: shortened(end > hitEnd ? `${hit}⏎` : hit, HIT),
    after: shortened(after, AFTER),
  };
}

/** `text`, or its beginning with an ellipsis. It cuts no character. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, splitsPair(text, most) ? most - 1 : most)}${ELLIPSIS}`;
}

function wholeFrom(text: string, at: number): number {
  return splitsPair(text, at) ? at + 1 : at;
}

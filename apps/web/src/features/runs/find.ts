// Finding text in output. Pure.
import type { Block, Line, Span } from './transcript.ts';

/** Text that was found: the UTF-16 units `from` to `to` of a line of a block. */
export type Found = {
  readonly block: number;
  readonly line: number;
  readonly from: number;
  readonly to: number;
};

/** No more than so many places are found. Nobody goes through them all. */
const MOST = 10_000;

/** Where `words` stand in the output, whatever their case, from its beginning. */
export function findIn(blocks: readonly Block[], words: string): readonly Found[] {
  if (words === '') return [];
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
  const found: Found[] = [];
  for (const block of blocks) {
    for (const [line, { spans }] of block.lines.entries()) {
      for (const match of spans
        .map(({ text }) => text)
        .join('')
        .matchAll(pattern)) {
        if (found.length === MOST) return found;
        found.push({ block: block.id, line, from: match.index, to: match.index + match[0].length });
      }
    }
  }
  return found;
}

/** A part of a span. `found`: whether it was found, and is the place that is looked at. */
export type Piece = Span & { readonly found: 'no' | 'other' | 'current' };

/** A line's spans, cut where something that was found begins or ends. `found` are places of this line, in order. */
export function piecesOf({ spans }: Line, found: readonly Found[], current: Found | null): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    const take = (to: number, place: Found | null) => {
      if (to <= at) return;
      const kind = place === null ? 'no' : place === current ? 'current' : 'other';
      pieces.push({
        ...span,
        text: span.text.slice(span.text.length - (end - at), span.text.length - (end - to)),
        found: kind,
      });
      at = to;
    };
    for (const place of found) {
      if (place.to <= at || place.from >= end) continue;
      take(Math.max(at, place.from), null);
      take(Math.min(end, place.to), place);
    }
    take(end, null);
  }
  return pieces;
}

// Positions between the confirmed text of a file and the text on the screen. Pure.
import { type Op, transformPosition } from '@codesync/ot';
import type { Span } from '@codesync/protocol';

/**
 * The position before `op` of a position after it. What `op` inserted lies at the gap where it was inserted;
 * beside what it deleted, the position is the one before the deleted stretch.
 */
function positionBefore(position: number, op: Op): number {
  let before = 0;
  let after = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      if (after + part.length >= position) return before;
      after += part.length;
    } else if (part > 0) {
      if (after + part >= position) return before + position - after;
      before += part;
      after += part;
    } else {
      before -= part;
    }
  }
  return before + position - after;
}

/** `span` before `op`, as `positionBefore` has it. */
export function spanBefore({ anchor, head }: Span, op: Op): Span {
  return { anchor: positionBefore(anchor, op), head: positionBefore(head, op) };
}

/**
 * `span` after `op`. `own`: the owner of the cursor made `op`, and their typing pushes the cursor along. An edit of
 * anybody else leaves a cursor behind the character that it stood behind, and a selection takes in nothing that is
 * inserted beside it.
 */
function carrySpan(span: Span, op: Op, own: boolean): Span {
  const last = transformPosition(Math.max(span.anchor, span.head), op, own ? 'right' : 'left');
  const first =
    span.anchor === span.head
      ? last
      : Math.min(last, transformPosition(Math.min(span.anchor, span.head), op, 'right'));
  const [anchor, head] = span.anchor < span.head ? [first, last] : [last, first];
  return anchor === span.anchor && head === span.head ? span : { anchor, head };
}

/** `spans` after `op`, each as `carrySpan` has it; the same array when none has moved. */
export function carrySpans(spans: readonly Span[], op: Op, own: boolean): readonly Span[] {
  const carried = spans.map((span) => carrySpan(span, op, own));
  return carried.every((span, i) => span === spans[i]) ? spans : carried;
}

/** What is in sight of a file, from the beginning of the first line to that of the last one. */
export type Sight = { readonly from: number; readonly to: number };

/** `sight` after `op`, whoever made it: both ends stay at the beginnings of their lines. The same object if none moves. */
export function carrySight(sight: Sight, op: Op): Sight {
  const from = transformPosition(sight.from, op, 'left');
  const to = transformPosition(sight.to, op, 'left');
  return from === sight.from && to === sight.to ? sight : { from, to };
}

/** `sight` before `op`, as `spanBefore` has it. */
export function sightBefore({ from, to }: Sight, op: Op): Sight {
  return { from: positionBefore(from, op), to: positionBefore(to, op) };
}

export function sameSpans(some: readonly Span[], others: readonly Span[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ anchor, head }, i) => anchor === others[i]!.anchor && head === others[i]!.head)
  );
}

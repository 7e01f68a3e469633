// Positions between the confirmed text of a file and the text on the screen. Pure.
import { type Op, transformPosition } from '@codesync/ot';

export type Span = { readonly anchor: number; readonly head: number };

/**
 * The position before `op` of a position after it. What `op` inserted lies at the gap where it was inserted;
 * beside what it deleted, the position is the one before the deleted stretch.
 */
export function positionBefore(position: number, op: Op): number {
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

/** `span` after `op`. `own`: the owner of the cursor made `op`, and their typing pushes the cursor along. */
export function carrySpan(span: Span, op: Op, own: boolean): Span {
  const side = own ? 'right' : 'left';
  const anchor = transformPosition(span.anchor, op, side);
  const head = span.head === span.anchor ? anchor : transformPosition(span.head, op, side);
  return anchor === span.anchor && head === span.head ? span : { anchor, head };
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.anchor === b.anchor && a.head === b.head;
}

/** Another's `span` in the confirmed text, on the screen with what is `pending` here. */
export function positionsOnScreen({ anchor, head }: Span, pending: Op): Span {
  return carrySpan({ anchor, head }, pending, false);
}

// A position that stays with the text around it. Pure.
import type { Op, Side } from './op.ts';
import { transformPosition } from './transform.ts';

/**
 * A gap between units of a text; `bias` says on which side of an insert at that very gap it stays: 'left'
 * before it, 'right' after it. One's own caret is 'left' of what others insert: then words stay whole.
 */
export interface Anchor {
  readonly position: number;
  readonly bias: Side;
}

/** The anchor after `ops`, edits that follow one another from the text that the anchor was made for. */
export function carryAnchor(anchor: Anchor, ops: readonly Op[]): Anchor {
  let { position } = anchor;
  for (const op of ops) position = transformPosition(position, op, anchor.bias);
  return position === anchor.position ? anchor : { position, bias: anchor.bias };
}

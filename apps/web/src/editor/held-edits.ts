// Others' edits that wait while an input method composes on the line that they change. Pure.
import { compose, type Op, OpBuilder, transform } from '@codesync/ot';

/*
 * The editor's text is behind the document's by what is held:
 *
 *     editor ──── local ────▶ editor'
 *        │                       │
 *      held                    held'
 *        ▼                       ▼
 *    document ── local' ───▶ document'
 *
 * Both ways round the square give the same text. The author's edit is 'left', like all that the log does not have yet.
 * What is held is 'right'.
 */

/** A stretch of the editor's text from gap to gap; an edit that touches either end reaches it. */
export type Stretch = { readonly from: number; readonly to: number };

/** After an edit of others: what is still held, and the operation that the editor may take at once. */
export type Parted = { readonly held: Op; readonly letIn: Op };

/**
 * Adds `op`, made for the document's text, to what is held, and lets in all that reaches none of `stretches`.
 * @param stretches of the editor's text, in any order.
 */
export function holdBack(held: Op, op: Op, stretches: readonly Stretch[]): Parted {
  const all = compose(held, op);
  const letIn = new OpBuilder();
  const kept = new OpBuilder();
  let at = 0;
  for (let i = 0; i < all.length; ) {
    const start = i;
    let end = at;
    for (let part = all[i]; part !== undefined && !isRetain(part); part = all[++i]) {
      if (typeof part === 'number') end -= part;
    }
    const waits = stretches.some(({ from, to }) => at <= to && end >= from);
    for (const part of all.slice(start, i)) {
      if (waits) {
        kept.push(part);
        if (typeof part === 'number') letIn.retain(-part);
      } else {
        letIn.push(part);
        if (typeof part === 'string') kept.retain(part.length);
      }
    }
    at = end;
    const retain = all[i++];
    if (typeof retain !== 'number') continue;
    kept.retain(retain);
    letIn.retain(retain);
    at += retain;
  }
  return { held: kept.build(), letIn: letIn.build() };
}

/** After an edit of the author's to the editor's text: what is held, and the edit for the document's text. */
export function crossLocal(held: Op, local: Op): { readonly held: Op; readonly local: Op } {
  return { held: transform(held, local, 'right'), local: transform(local, held, 'left') };
}

function isRetain(part: number | string): part is number {
  return typeof part === 'number' && part > 0;
}

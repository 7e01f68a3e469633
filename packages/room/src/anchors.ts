// Ranges of a text that stay on the words that they were put on, whatever is typed. Pure.
import { type Op, transformPosition } from '@codesync/ot';
import type { Anchor, CommentId } from '@codesync/protocol';

/** From the unit at `start` up to the one before `end`. */
export type Range = Pick<Anchor, 'start' | 'end'>;

/** The ranges in one text, by the threads that they belong to. */
export type Anchors = Map<CommentId, Range>;

/**
 * `range` after `op`. What is inserted at either end stays out of it, so that it keeps to its words for as long as a
 * unit of them is left. Then it is a place between two units, and stays one.
 */
export function carryRange(range: Range, op: Op): Range {
  const { start, end } = range;
  if (start === end || !anyLeft(range, op)) {
    const place = transformPosition(start, op, 'left');
    return { start: place, end: place };
  }
  return { start: transformPosition(start, op, 'right'), end: transformPosition(end, op, 'left') };
}

/** Carries all that is anchored in a text over an edit of it. */
export function carryAnchors(anchors: Anchors, op: Op): void {
  for (const [thread, range] of anchors) {
    const carried = carryRange(range, op);
    if (carried.start !== range.start || carried.end !== range.end) anchors.set(thread, carried);
  }
}

/** The same as JSON, to be spread into an object: nothing where there are none. */
export function anchorsToJson(anchors: Anchors | undefined): { readonly anchors?: readonly Anchor[] } {
  if (anchors === undefined || anchors.size === 0) return {};
  return { anchors: [...anchors].map(([thread, range]) => ({ thread, ...range })) };
}

export function anchorsFromJson(anchors: readonly Anchor[] | undefined): {
  readonly anchors?: Anchors;
} {
  if (anchors === undefined) return {};
  return { anchors: new Map(anchors.map(({ thread, start, end }) => [thread, { start, end }])) };
}

/** Whether `op` leaves a unit of the range. */
function anyLeft({ start, end }: Range, op: Op): boolean {
  let base = 0;
  for (const part of op) {
    if (typeof part === 'string') continue;
    if (part > 0 && base < end && base + part > start) return true;
    base += Math.abs(part);
    if (base >= end) return false;
  }
  return base < end;
}

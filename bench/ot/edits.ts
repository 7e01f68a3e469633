/** The text and the edits of the lines that grow: the same on every machine. */
import { composeAll, fromEdits, lengthDelta, type Op, transform } from '@codesync/ot';
import { Random } from '@codesync/ot/testing';
import type { Edit } from '../lib/session.ts';

const BASE_UNITS = 50_000;

/** 50,000 units of lines of words. */
export function baseText(): string {
  const random = new Random(11);
  let text = '';
  while (text.length < BASE_UNITS) {
    const dice = random.next();
    text += dice < 0.16 ? ' ' : dice < 0.18 ? '\n' : String.fromCharCode(97 + random.below(26));
  }
  return text;
}

export type Shape = 'typed' | 'scattered';

/** @param side of two that edit at once; `typed` keys go to one place, another for each side. */
export function editsOf(shape: Shape, count: number, side: 1 | 2): readonly Edit[] {
  return shape === 'typed' ? typed(count, side) : scattered(count, side);
}

/** Keys at one place, one in twenty taken back. */
function typed(count: number, side: 1 | 2): Edit[] {
  const random = new Random(20 + side);
  const start = (BASE_UNITS / 3) * side;
  let at = Math.floor(start);
  return Array.from({ length: count }, (_, index) => {
    if (index > 0 && random.next() < 0.05 && at > start) {
      at -= 1;
      return { at, remove: 1, insert: '' };
    }
    at += 1;
    return { at: at - 1, remove: 0, insert: String.fromCharCode(97 + random.below(26)) };
  });
}

/** Keys at places all over the text, one in five a deletion. */
function scattered(count: number, side: 1 | 2): Edit[] {
  const random = new Random(30 + side);
  let length = BASE_UNITS;
  return Array.from({ length: count }, () => {
    const at = random.below(length);
    if (random.next() < 0.2) {
      length -= 1;
      return { at, remove: 1, insert: '' };
    }
    length += 1;
    return { at, remove: 0, insert: String.fromCharCode(97 + random.below(26)) };
  });
}

/** How much longer a text is with both lists of edits, neither of which was made with sight of the other. */
export function mergedGrowth(mine: readonly Edit[], theirs: readonly Edit[]): number {
  const one = composed(mine);
  return lengthDelta(one) + lengthDelta(transform(composed(theirs), one, 'left'));
}

/** How much longer a text is with these edits. */
export function growth(edits: readonly Edit[]): number {
  return edits.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
}

function composed(edits: readonly Edit[]): Op {
  return composeAll(edits.map((edit) => fromEdits([edit])));
}

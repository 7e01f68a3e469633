// The operation between two texts, line by line. Pure.
import { diff, fromEdits, type TextEdit, toEdits } from './edits.ts';
import { stretchesOf } from './lines.ts';
import type { Op } from './op.ts';

/**
 * The operation that makes `after` out of `before` and leaves lines alone that both have, and of a line that changed
 * what is at its beginning and end. So what others write at the same time elsewhere in the text keeps its place. For
 * texts that come whole, from a program that may have changed them in many places. It cuts no surrogate pair.
 *
 * Cost: n log n in the lines.
 */
export function diffLines(before: string, after: string): Op {
  const whole = diff(before, after);
  if (isInOneLine(before, whole)) return whole;
  const edits: TextEdit[] = [];
  let at = 0;
  for (const stretch of stretchesOf(before, after)) {
    if (stretch.kept) {
      at += stretch.text.length;
      continue;
    }
    for (const [old, text] of paired(stretch.old, stretch.text)) {
      for (const edit of toEdits(diff(old, text))) edits.push({ ...edit, at: edit.at + at });
      at += old.length;
    }
  }
  return fromEdits(edits);
}

function isInOneLine(before: string, op: Op): boolean {
  return toEdits(op).every(
    ({ at, remove, insert }) => !insert.includes('\n') && !before.slice(at, at + remove).includes('\n'),
  );
}

/** Line by line where there are as many lines as before, otherwise all of them at once. */
function paired(old: string, text: string): readonly (readonly [string, string])[] {
  const [before, after] = [old.split(/(?<=\n)/), text.split(/(?<=\n)/)];
  if (before.length !== after.length) return [[old, text]];
  return before.map((line, i) => [line, after[i]!] as const);
}

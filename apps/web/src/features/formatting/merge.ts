// What a formatter made of a text, as an edit of the text that has been typed in meanwhile. Pure.
import {
  compose,
  composeAll,
  diff,
  diffLines,
  fromEdits,
  type Op,
  type TextEdit,
  toEdits,
  transform,
} from '@codesync/ot';
import { LIMITS } from '@codesync/protocol';
import { tokenEdits } from './token-edits.ts';

/**
 * The edit that formats a text which was `before` when the formatter took it and became what it is now by `since`:
 * changes that followed one another, whoever made them. What they brought in stays. Where the formatter changed nothing,
 * it is no edit at all.
 *
 * It changes as little as an edit may have components for: tokens, or lines, or all from the first change to the last.
 */
export function formattingOp(before: string, formatted: string, since: readonly Op[]): Op {
  const lines = toEdits(diffLines(before, formatted));
  const tokens = lines.flatMap(({ at, remove, insert }) =>
    tokenEdits(before.slice(at, at + remove), insert).map((edit) => ({ ...edit, at: edit.at + at })),
  );
  const typed = composeAll(since);
  const all = toEdits(diff(before, formatted));
  for (const edits of [tokens, lines]) {
    const op = carried(before, edits, typed);
    if (op.length <= LIMITS.opComponents) return op;
  }
  return carried(before, all, typed);
}

/**
 * Carries edits over what was typed. At one place, what a formatter inserts comes before what was typed at the start of a
 * line, as an indentation or an empty line does. Elsewhere it comes after it, as a semicolon or a line's end does.
 */
function carried(before: string, edits: readonly TextEdit[], typed: Op): Op {
  const startsLine = ({ at }: TextEdit) => at === 0 || before[at - 1] === '\n';
  const ahead = fromEdits(edits.filter(startsLine));
  const behind = fromEdits(edits.filter((edit) => !startsLine(edit)));
  const first = transform(ahead, typed, 'left');
  const second = transform(transform(behind, ahead, 'right'), transform(typed, ahead, 'right'), 'right');
  return compose(first, second);
}

// Between an editor's changes and operations. Pure: it knows no editor.
import { fromEdits, type Op, toEdits } from '@codesync/ot';

/** A change as Monaco tells it: `text` replaced `rangeLength` units at `rangeOffset`, a position before all changes. */
export type ContentChange = {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
};

/** The operation that a set of changes made at once amounts to. Line ends become LF, as rooms keep them. */
export function opOfChanges(changes: readonly ContentChange[]): Op {
  return fromEdits(
    changes.map(({ rangeOffset, rangeLength, text }) => ({
      at: rangeOffset,
      remove: rangeLength,
      insert: text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text,
    })),
  );
}

/** Where the last change of `op` ends, in the text after it. That is the place to look at after an undo. */
export function endOfChange(op: Op): number {
  let shift = 0;
  let end = 0;
  for (const { at, remove, insert } of toEdits(op)) {
    end = at + shift + insert.length;
    shift += insert.length - remove;
  }
  return end;
}

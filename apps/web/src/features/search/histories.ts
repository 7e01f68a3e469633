// What has happened to each text since it was looked at: its stamp, and where its positions have gone. Pure.
import { type Op, transformPosition } from '@codesync/ot';
import type { FileId } from '@codesync/protocol';

/** Changes of one text that are remembered; a text that changes more often has no positions until it is searched. */
const MOST_CHANGES = 2_000;

type History = { from: number; changes: (Op | null)[] };

export class Histories {
  readonly #histories = new Map<FileId, History>();

  /** The text has changed by `op`; null: it is another text. */
  changed(file: FileId, op: Op | null): void {
    const history = this.#of(file);
    history.changes.push(op);
    if (history.changes.length > MOST_CHANGES) this.forget(file, this.stamp(file));
  }

  /** How often the text has changed. */
  stamp(file: FileId): number {
    const history = this.#histories.get(file);
    return history === undefined ? 0 : history.from + history.changes.length;
  }

  /** Where a position of the text with that stamp is now; null when that is not known. Text put in at it moves it. */
  carry(file: FileId, stamp: number, position: number): number | null {
    const { from, changes } = this.#of(file);
    if (stamp < from) return null;
    let at = position;
    for (const op of changes.slice(stamp - from)) {
      if (op === null) return null;
      at = transformPosition(at, op, 'right');
    }
    return at;
  }

  /** Nobody asks for a position of an older text than that any more. */
  forget(file: FileId, before: number): void {
    const history = this.#of(file);
    if (before <= history.from) return;
    history.changes = history.changes.slice(before - history.from);
    history.from = before;
  }

  #of(file: FileId): History {
    const known = this.#histories.get(file);
    if (known !== undefined) return known;
    const history: History = { from: 0, changes: [] };
    this.#histories.set(file, history);
    return history;
  }
}

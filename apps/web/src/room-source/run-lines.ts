// Where the lines that a run was started with are now. It follows the confirmed text of the run's files.
import { type Op, transformPosition } from '@codesync/ot';
import type { FileId } from '@codesync/protocol';

/** After so many edits of a file its lines are not followed any longer: nobody looks for them there. */
const EDITS_MAX = 5_000;

type Followed = {
  readonly version: number;
  /** As it was at that version; null while no edit has followed. */
  before: string | null;
  readonly ops: Op[];
};

/** Follows the files of the newest run from the versions that it was started with. */
export class RunLines {
  #files = new Map<FileId, Followed>();

  /** A run was started, with these versions. */
  started(files: readonly { readonly file: FileId; readonly version: number }[]): void {
    this.#files = new Map(files.map(({ file, version }) => [file, { version, before: null, ops: [] }]));
  }

  /** An edit of a file is about to be folded; `text` reads the file without it. */
  edited(file: FileId, op: Op, text: () => string): void {
    const followed = this.#files.get(file);
    if (followed === undefined) return;
    followed.before ??= text();
    followed.ops.push(op);
    if (followed.ops.length > EDITS_MAX) this.#files.delete(file);
  }

  /** The texts are other ones, by something else than edits. */
  lost(): void {
    this.#files.clear();
  }

  /**
   * The number, from 1, that a line of a file's `version` has on the screen. Null where the line has changed or that
   * version is not known. `confirmed` is the file's confirmed text; the screen has `pending` over it and shows
   * `shown`.
   */
  now(
    file: FileId,
    version: number,
    line: number,
    confirmed: { readonly version: number; readonly text: () => string },
    pending: Op,
    shown: string,
  ): number | null {
    const followed = this.#files.get(file);
    const follows = followed?.version === version;
    if (!follows && confirmed.version !== version) return null;
    const before = (follows ? followed.before : null) ?? confirmed.text();
    return lineAfter(before, line, [...(follows ? followed.ops : []), pending], shown);
  }
}

/**
 * The number that a line of `before` has in `after`, counted from 1. `ops` make `after` of `before`, one after the
 * other. Null when the line is gone or changed.
 */
export function lineAfter(before: string, line: number, ops: readonly Op[], after: string): number | null {
  let from = 0;
  for (let n = 1; n < line; n++) {
    from = before.indexOf('\n', from) + 1;
    if (from === 0) return null;
  }
  const to = endOfLine(before, from);
  const start = ops.reduce((at, op) => transformPosition(at, op, 'right'), from);
  const end = ops.reduce((at, op) => transformPosition(at, op, 'left'), to);
  const whole = (start === 0 || after[start - 1] === '\n') && end === endOfLine(after, start);
  if (!whole || after.slice(start, end) !== before.slice(from, to)) return null;
  let number = 1;
  for (let at = after.indexOf('\n'); at !== -1 && at < start; at = after.indexOf('\n', at + 1)) number++;
  return number;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

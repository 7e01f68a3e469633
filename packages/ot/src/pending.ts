// Edits that are not acknowledged yet, kept so that adding one is free. Pure.
import { compose, joinKeys } from './compose.ts';
import { composeLong, type LongOp, meetsInPieces, rebaseLong, toOp } from './long-op.ts';
import type { Op } from './op.ts';
import { transform } from './transform.ts';

/** The composition of `edits` edits. `earlier` has the edits before them. */
interface Part {
  readonly op: Op;
  readonly edits: number;
  readonly earlier: Part | null;
}

/**
 * A run of the client's own edits, each made for the text that the one before it left. Its value never changes.
 *
 * Keys typed in a row are joined. Other edits are composed as a balanced tree that grows with them: a part
 * joins the one before it once it holds as many edits. So there are few parts, and n edits cost O(n log n).
 */
export class Pending {
  /** The first edits, as one operation; null if they are in `#pieces`. */
  #op: Op | null;
  /** The first edits in pieces, once a short edit has met them as a long operation. */
  #pieces: LongOp | null;
  /** The edits after them, without the last. */
  #parts: Part | null;
  #last: Op | null;

  private constructor(op: Op | null, pieces: LongOp | null, parts: Part | null, last: Op | null) {
    this.#op = op;
    this.#pieces = pieces;
    this.#parts = parts;
    this.#last = last;
  }

  /** A run of one edit. */
  static of(op: Op): Pending {
    return new Pending(op, null, null, null);
  }

  /** The run with one more edit at its end. */
  add(op: Op): Pending {
    const last = this.#last;
    if (last === null) return new Pending(this.#op, this.#pieces, this.#parts, op);
    const joined = joinKeys(last, op);
    if (joined !== null) return new Pending(this.#op, this.#pieces, this.#parts, joined);
    return new Pending(this.#op, this.#pieces, withPart(this.#parts, last), op);
  }

  /** The run as one operation. */
  toOp(): Op {
    this.#settle();
    this.#op ??= toOp(this.#pieces!);
    return this.#op;
  }

  /** The run carried over an edit from the log, and that edit carried over the run. */
  rebase(edit: Op): [pending: Pending, edit: Op] {
    this.#settle();
    const op = this.#op;
    if (op !== null && !meetsInPieces(op, edit)) {
      const carried = transform(edit, op, 'right');
      const rebased = transform(op, edit, 'left');
      return [rebased === op ? this : new Pending(rebased, null, null, null), carried];
    }
    this.#pieces ??= composeLong([], op!);
    const [pieces, carried] = rebaseLong(this.#pieces, edit);
    return [new Pending(null, pieces, null, null), carried];
  }

  /** Composes all edits into the first. */
  #settle(): void {
    if (this.#last === null) return;
    let op = this.#last;
    for (let part = this.#parts; part !== null; part = part.earlier) op = compose(part.op, op);
    this.#parts = null;
    this.#last = null;
    if (this.#op !== null) {
      this.#op = compose(this.#op, op);
      this.#pieces = null;
    } else {
      this.#pieces = composeLong(this.#pieces!, op);
    }
  }
}

function withPart(earlier: Part | null, op: Op): Part {
  let part: Part = { op, edits: 1, earlier };
  while (part.earlier !== null && part.earlier.edits <= part.edits) {
    const { op: before, edits, earlier } = part.earlier;
    part = { op: compose(before, part.op), edits: edits + part.edits, earlier };
  }
  return part;
}

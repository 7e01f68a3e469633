// Edits that are not acknowledged yet, kept so that adding one is free. Pure.
import { compose, composeAll, joinKeys } from './compose.ts';
import { composeLong, type LongOp, meetsInPieces, rebaseLong, toOp } from './long-op.ts';
import { NOOP, type Op } from './op.ts';
import { transform } from './transform.ts';

/** The latest edits, newest first: adding one shares the rest. */
interface Recent {
  readonly op: Op;
  readonly earlier: Recent | null;
}

/**
 * A run of one's own edits, each made for the text that the one before it left. Its value never changes.
 *
 * `add` costs O(1): keys typed in a row are joined, other edits stay a list until something needs them as one
 * operation, are then composed as a balanced tree, and are kept in that form.
 */
export class Pending {
  /** All edits but `#recent`, as one operation; null if they are in `#pieces`. */
  #op: Op | null;
  /** They in pieces, once a short edit met a long operation. */
  #pieces: LongOp | null;
  #recent: Recent | null;

  private constructor(op: Op | null, pieces: LongOp | null, recent: Recent | null) {
    this.#op = op;
    this.#pieces = pieces;
    this.#recent = recent;
  }

  /** A run of one edit. */
  static of(op: Op): Pending {
    return new Pending(NOOP, null, { op, earlier: null });
  }

  /** The run with one more edit at its end. */
  add(op: Op): Pending {
    const recent = this.#recent;
    const joined = recent === null ? null : joinKeys(recent.op, op);
    const next = joined === null ? { op, earlier: recent } : { op: joined, earlier: recent!.earlier };
    return new Pending(this.#op, this.#pieces, next);
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
      return [new Pending(transform(op, edit, 'left'), null, null), carried];
    }
    this.#pieces ??= composeLong([], op!);
    const [pieces, carried] = rebaseLong(this.#pieces, edit);
    return [new Pending(null, pieces, null), carried];
  }

  /** Composes `#recent` into the rest. */
  #settle(): void {
    const recent = this.#recent;
    if (recent === null) return;
    const op = recent.earlier === null ? recent.op : composeAll(listed(recent));
    this.#recent = null;
    if (this.#op !== null) {
      this.#op = compose(this.#op, op);
      this.#pieces = null;
    } else {
      this.#pieces = composeLong(this.#pieces!, op);
    }
  }
}

function listed(recent: Recent): Op[] {
  const ops: Op[] = [];
  for (let at: Recent | null = recent; at !== null; at = at.earlier) ops.push(at.op);
  return ops.reverse();
}

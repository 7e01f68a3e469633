// Edits that are not acknowledged yet, kept so that adding one is free. Pure.
import { composeAll } from './compose.ts';
import { composeLong, type LongOp, rebaseLong, toOp } from './long-op.ts';
import type { Op } from './op.ts';

/** The latest edits, newest first: adding one shares the rest. */
interface Recent {
  readonly op: Op;
  readonly earlier: Recent | null;
}

/**
 * A run of one's own edits, each made for the text that the one before it left. Its value never changes.
 *
 * `add` costs O(1): edits stay a list until something needs them as one operation, are then composed as a
 * balanced tree, and are kept in that form.
 */
export class Pending {
  #settled: LongOp;
  #recent: Recent | null;

  private constructor(settled: LongOp, recent: Recent | null) {
    this.#settled = settled;
    this.#recent = recent;
  }

  /** A run of one edit. */
  static of(op: Op): Pending {
    return new Pending([], { op, earlier: null });
  }

  /** The run with one more edit at its end. */
  add(op: Op): Pending {
    return new Pending(this.#settled, { op, earlier: this.#recent });
  }

  /** The run as one operation. */
  toOp(): Op {
    return toOp(this.#settle());
  }

  /** The run carried over an edit from the log, and that edit carried over the run. */
  rebase(edit: Op): [pending: Pending, edit: Op] {
    const [settled, carried] = rebaseLong(this.#settle(), edit);
    return [new Pending(settled, null), carried];
  }

  #settle(): LongOp {
    if (this.#recent !== null) {
      const ops: Op[] = [];
      for (let at: Recent | null = this.#recent; at !== null; at = at.earlier) ops.push(at.op);
      this.#settled = composeLong(this.#settled, composeAll(ops.reverse()));
      this.#recent = null;
    }
    return this.#settled;
  }
}

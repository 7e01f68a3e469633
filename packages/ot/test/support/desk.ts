import { apply, type Op, UndoHistory } from '../../src/index.ts';

/** A view whose author can undo; `partner` edits it too. */
export class Desk {
  text: string;
  readonly history: UndoHistory;

  constructor(text: string, depth?: number) {
    this.text = text;
    this.history = new UndoHistory(depth);
  }

  /** An edit of one's own, in a step of its own unless it `joins`. */
  mine(op: Op, joins = false): this {
    if (!joins) this.history.boundary();
    this.history.record(op, this.text);
    this.text = apply(this.text, op);
    return this;
  }

  partner(op: Op): this {
    this.history.remote(op);
    this.text = apply(this.text, op);
    return this;
  }

  undo(): Op | null {
    return this.#show(this.history.undo());
  }

  redo(): Op | null {
    return this.#show(this.history.redo());
  }

  #show(op: Op | null): Op | null {
    if (op !== null) this.text = apply(this.text, op);
    return op;
  }
}

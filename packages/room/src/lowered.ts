// An edit of a text on which something lies that the text does not have, as an edit of the text itself. Pure.
import { type Op, OpBuilder } from '@codesync/ot';

/*
 *     text ── over ──▶ view
 *       │                │
 *     below             edit
 *       ▼                ▼
 *     text' ─ over' ─▶ view'
 */

/** `gone`: what the edit has deleted of the text that `over` inserts. `below` cannot, as it is not there. */
export type Lowered = { readonly below: Op; readonly over: Op; readonly gone: string };

/**
 * Parts `edit`, made for the view that `over` makes of a text. What it inserts stands in the text at the place where
 * `over` inserts, if that is around it, and stays on the view exactly where it was made.
 */
export function lower(over: Op, edit: Op): Lowered {
  const below = new OpBuilder();
  const left = new OpBuilder();
  let gone = '';
  const view = new ViewReader(over);
  for (const part of edit) {
    if (typeof part === 'string') {
      below.insert(part);
      left.retain(part.length);
      continue;
    }
    for (let units = Math.abs(part); units > 0; ) {
      const piece = view.next(units);
      if (typeof piece === 'string') {
        if (part > 0) left.insert(piece);
        else gone += piece;
        units -= piece.length;
      } else if (piece < 0) {
        below.retain(-piece);
        left.remove(-piece);
      } else {
        units -= piece;
        if (part > 0) left.retain(piece);
        if (part > 0) below.retain(piece);
        else below.remove(piece);
      }
    }
  }
  for (let piece = view.rest(); piece !== null; piece = view.rest()) left.push(piece);
  return { below: below.build(), over: left.build(), gone };
}

/** Reads the components of an operation in pieces. What it keeps at its end goes on for ever. */
class ViewReader {
  readonly #op: Op;
  #index = 0;
  /** How much of the component was read. */
  #read = 0;

  constructor(op: Op) {
    this.#op = op;
  }

  /** The next piece, of at most so many units if they are on the view. */
  next(units: number): number | string {
    const part = this.#op[this.#index];
    if (part === undefined) return units;
    if (typeof part === 'number' && part < 0) {
      this.#index++;
      return part;
    }
    const length = typeof part === 'string' ? part.length : part;
    const end = Math.min(length, this.#read + units);
    const piece = typeof part === 'string' ? part.slice(this.#read, end) : end - this.#read;
    this.#read = end;
    if (end === length) {
      this.#index++;
      this.#read = 0;
    }
    return piece;
  }

  /** What is left of the next component; null when none is. */
  rest(): number | string | null {
    const part = this.#op[this.#index];
    if (part === undefined) return null;
    const read = this.#read;
    this.#index++;
    this.#read = 0;
    if (typeof part === 'string') return part.slice(read);
    return part < 0 ? part : part - read;
  }
}

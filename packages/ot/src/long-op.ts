// An operation of many components, in pieces that short operations meet one at a time. Pure.
import { compose } from './compose.ts';
import { baseLength, lengthDelta, type Op, OpBuilder } from './op.ts';
import { transform } from './transform.ts';

/** Components in a piece that is cut from a long operation. */
const PIECE = 32;
/** A piece with more components is cut again. */
const MAX_PIECE = 2 * PIECE;

/** `op` is made for its own stretch of the text. It turns the stretch from `base` units into `target` units. */
interface Piece {
  readonly op: Op;
  readonly base: number;
  readonly target: number;
}

/**
 * An operation cut into pieces that cover consecutive stretches of its text. Immutable.
 *
 * A short operation touches only the pieces that it reaches into, and skips the others by their lengths. So n
 * edits that arrive one by one against a pending operation of m scattered components cost O(n · m / PIECE)
 * small steps. To walk every component each time would cost O(n · m).
 */
export type LongOp = readonly Piece[];

/** Whether `op` is so long beside `edit` that it pays to cut `op` into pieces. */
export function meetsInPieces(op: Op, edit: Op): boolean {
  return op.length > MAX_PIECE && op.length > PIECE * edit.length;
}

/** The operation in one piece. */
export function toOp(long: LongOp): Op {
  if (long.length === 1) return long[0]!.op;
  const out = new OpBuilder();
  for (const { op, base } of long) {
    for (const part of op) out.push(part);
    out.retain(base - baseLength(op));
  }
  return out.build();
}

/** Like `compose(long, second)`; `composeLong([], op)` cuts `op` into pieces. */
export function composeLong(long: LongOp, second: Op): LongOp {
  const pieces: Piece[] = [];
  const rest = new Stretches(second);
  for (const piece of long) {
    const part = rest.next(piece.target);
    if (part.length === 0) pieces.push(piece);
    else addPiece(pieces, compose(piece.op, part), piece.base);
  }
  const beyond = rest.remainder();
  if (beyond.length > 0) addPiece(pieces, beyond, baseLength(beyond));
  return pieces;
}

/**
 * Carries a pending operation and one from the log over each other:
 * `[transform(pending, edit, 'left'), transform(edit, pending, 'right')]`.
 */
export function rebaseLong(pending: LongOp, edit: Op): [pending: LongOp, edit: Op] {
  const carried = new OpBuilder();
  const rest = new Stretches(edit);
  let kept = rest.kept;
  let before = 0;
  let index = 0;
  for (; index < pending.length && pending[index]!.base <= kept; index++) {
    kept -= pending[index]!.base;
    before += pending[index]!.target;
  }
  rest.pass(rest.kept - kept);
  carried.retain(before);
  // `addPiece` may join the first piece that is met to the piece before it.
  const from = Math.max(0, index - 1);
  const met = pending.slice(from, index);
  for (; index < pending.length && !rest.isDone; index++) {
    const piece = pending[index]!;
    const part = rest.next(piece.base);
    if (part.length === 0) {
      met.push(piece);
      carried.retain(piece.target);
      continue;
    }
    const over = transform(part, piece.op, 'right');
    for (const component of over) carried.push(component);
    carried.retain(piece.target - baseLength(over));
    addPiece(met, transform(piece.op, part, 'left'), piece.base + lengthDelta(part));
  }
  for (const component of rest.remainder()) carried.push(component);
  return [pending.toSpliced(from, index - from, ...met), carried.build()];
}

/** Adds `op` over `base` units: to the last piece if both are small, else as one piece or several. */
function addPiece(pieces: Piece[], op: Op, base: number): void {
  if (base === 0 && op.length === 0) return;
  const last = pieces[pieces.length - 1];
  if (last !== undefined && last.op.length + op.length < PIECE) {
    pieces[pieces.length - 1] = join(last, op, base);
  } else if (op.length <= MAX_PIECE) {
    pieces.push({ op, base, target: base + lengthDelta(op) });
  } else {
    addCut(pieces, op, base);
  }
}

function join(last: Piece, op: Op, base: number): Piece {
  const out = new OpBuilder();
  for (const part of last.op) out.push(part);
  out.retain(last.base - baseLength(last.op));
  for (const part of op) out.push(part);
  return { op: out.build(), base: last.base + base, target: last.target + base + lengthDelta(op) };
}

function addCut(pieces: Piece[], op: Op, base: number): void {
  let left = base;
  for (let from = 0; from < op.length; from += PIECE) {
    const out = new OpBuilder();
    const to = Math.min(from + PIECE, op.length);
    let length = 0;
    for (let i = from; i < to; i++) {
      const part = op[i]!;
      if (typeof part === 'number') length += Math.abs(part);
      out.push(part);
    }
    if (to === op.length) length = left;
    const cut = out.build();
    pieces.push({ op: cut, base: length, target: length + lengthDelta(cut) });
    left -= length;
  }
}

/**
 * Cuts an operation along consecutive stretches of its text.
 *
 * An insert at the border of two stretches goes to the later one, past any stretches of no length. There it
 * meets what the other operation has at that place, in the right order.
 */
class Stretches {
  readonly #op: Op;
  #index = 0;
  #head: number | string | undefined;

  constructor(op: Op) {
    this.#op = op;
    this.#head = op[0];
  }

  get isDone(): boolean {
    return this.#head === undefined;
  }

  /** How many of the next units the operation surely keeps. */
  get kept(): number {
    return typeof this.#head === 'number' && this.#head > 0 ? this.#head : 0;
  }

  /** Skips the next `length` units, which must be no more than `kept`. */
  pass(length: number): void {
    if (length > 0) this.#keep(length);
  }

  /** What the operation does to the next `length` units. */
  next(length: number): Op {
    if (length === 0 || this.#head === undefined) return [];
    if (typeof this.#head === 'number' && this.#head >= length) {
      this.#keep(length);
      return [];
    }
    const out = new OpBuilder();
    let left = length;
    while (left > 0 && this.#head !== undefined) {
      const head: number | string = this.#head;
      if (typeof head === 'string') {
        out.insert(head);
        this.#advance();
      } else if (head > 0) {
        const kept = Math.min(head, left);
        out.retain(kept);
        left -= kept;
        this.#keep(kept);
      } else {
        const removed = Math.min(-head, left);
        out.remove(removed);
        left -= removed;
        if (removed === -head) this.#advance();
        else this.#head = head + removed;
      }
    }
    return out.build();
  }

  /** What the operation does after the stretches that were cut. */
  remainder(): Op {
    if (this.#head === undefined) return [];
    return [this.#head, ...this.#op.slice(this.#index + 1)];
  }

  #keep(length: number): void {
    const left = (this.#head as number) - length;
    if (left === 0) this.#advance();
    else this.#head = left;
  }

  #advance(): void {
    this.#head = this.#op[++this.#index];
  }
}

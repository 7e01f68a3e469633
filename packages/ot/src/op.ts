// Operations on text: what they are and how they are put together. Pure.

/**
 * A change to one text, as components that walk it from its start:
 * `n > 0` keeps n units, `n < 0` deletes -n units, a string is inserted.
 *
 * Units are UTF-16 code units. The text after the last component is kept as it is. Canonical form: no
 * empty component, no trailing retain, neighbours of one kind merged, well-formed strings only. The
 * order of an insert and a delete at one place is part of the meaning: `['a', -1]` inserts before the
 * deleted unit, `[-1, 'a']` after it.
 */
export type Op = readonly (number | string)[];

/** Where the transformed operation inserts: before or after a concurrent insert at the same place. */
export type Side = 'left' | 'right';

/** The operation that changes nothing. */
export const NOOP: Op = [];

/** True if a canonical operation changes nothing. */
export function isNoop(op: Op): boolean {
  return op.length === 0;
}

/** Length in units of the shortest text that `op` can be applied to. */
export function baseLength(op: Op): number {
  let length = 0;
  for (let i = 0; i < op.length; i++) {
    const part = op[i]!;
    if (typeof part === 'number') length += part > 0 ? part : -part;
  }
  return length;
}

/** How many units longer (or, if negative, shorter) `op` makes a text. */
export function lengthDelta(op: Op): number {
  let delta = 0;
  for (let i = 0; i < op.length; i++) {
    const part = op[i]!;
    if (typeof part === 'string') delta += part.length;
    else if (part < 0) delta += part;
  }
  return delta;
}

/**
 * Builds an operation from its start. Whatever is added, `build()` returns the canonical form.
 *
 * The last component is held back until one of another kind follows: it is the only one that can still change.
 */
export class OpBuilder {
  readonly #parts: (number | string)[] = [];
  /** The length of the held-back component, below zero for a delete. Zero if it is `#text`, or none. */
  #length = 0;
  #text = '';

  /** Keep `length` units. */
  retain(length: number): void {
    if (this.#length > 0) {
      this.#length += length;
    } else if (length > 0) {
      this.#flush();
      this.#length = length;
    }
  }

  /** Delete `length` units. */
  remove(length: number): void {
    if (this.#length < 0) {
      this.#length -= length;
    } else if (length > 0) {
      this.#flush();
      this.#length = -length;
    }
  }

  /** Insert `text`. */
  insert(text: string): void {
    if (this.#length === 0) {
      this.#text = this.#text === '' ? text : this.#text + text;
    } else if (text !== '') {
      this.#parts.push(this.#length);
      this.#length = 0;
      this.#text = text;
    }
  }

  /** Add one component of another operation. */
  push(part: number | string): void {
    if (typeof part === 'string') this.insert(part);
    else if (part > 0) this.retain(part);
    else this.remove(-part);
  }

  /** Add the components of a canonical operation, beginning with the one at `from`. */
  rest(op: Op, from: number): void {
    if (from >= op.length) return;
    this.push(op[from]!);
    const end = op.length - 1;
    if (from === end) return;
    // Only the first of them can merge with the component before it.
    this.#flush();
    this.#length = 0;
    for (let i = from + 1; i < end; i++) this.#parts.push(op[i]!);
    this.push(op[end]!);
  }

  /** The operation; the builder must not be used afterwards. */
  build(): Op {
    if (this.#length <= 0) this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#length !== 0) {
      this.#parts.push(this.#length);
    } else if (this.#text !== '') {
      this.#parts.push(this.#text);
      this.#text = '';
    }
  }
}

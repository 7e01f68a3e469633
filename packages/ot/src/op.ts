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

/** Where the insert of the operation being transformed goes, beside a concurrent insert at its place. */
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

/** Length in units of what `op` makes of the shortest text that it can be applied to. */
export function targetLength(op: Op): number {
  return baseLength(op) + lengthDelta(op);
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

/** Puts an operation together from its start; whatever is added, `build()` is canonical. */
export class OpBuilder {
  #parts: (number | string)[] = [];

  /** Keep `length` units. */
  retain(length: number): void {
    if (length === 0) return;
    const parts = this.#parts;
    const end = parts.length - 1;
    const last = parts[end];
    if (typeof last === 'number' && last > 0) parts[end] = last + length;
    else parts.push(length);
  }

  /** Delete `length` units. */
  remove(length: number): void {
    if (length === 0) return;
    const parts = this.#parts;
    const end = parts.length - 1;
    const last = parts[end];
    if (typeof last === 'number' && last < 0) parts[end] = last - length;
    else parts.push(-length);
  }

  /** Insert `text`. */
  insert(text: string): void {
    if (text === '') return;
    const parts = this.#parts;
    const end = parts.length - 1;
    const last = parts[end];
    if (typeof last === 'string') parts[end] = last + text;
    else parts.push(text);
  }

  /** Add one component of another operation. */
  push(part: number | string): void {
    if (typeof part === 'string') this.insert(part);
    else if (part > 0) this.retain(part);
    else this.remove(-part);
  }

  /** The operation; the builder must not be used afterwards. */
  build(): Op {
    const parts = this.#parts;
    const last = parts[parts.length - 1];
    if (typeof last === 'number' && last > 0) parts.pop();
    return parts;
  }
}

// Two operations, one after the other, as one. Pure.
import { NOOP, type Op, OpBuilder } from './op.ts';

/**
 * One operation that does `first`, then `second`:
 * `apply(apply(t, first), second) === apply(t, compose(first, second))`.
 *
 * Where `second` inserts in a gap at which `first` deleted, the deletes come before the insert. Any order
 * gives the same text; only this one makes `transform(p, compose(a, b), 'left')` equal to transforming
 * over a and then over b, because a concurrent insert anywhere in the deleted stretch then stays to the
 * left of the later insert, as it does when it is carried over the two operations in turn.
 *
 * Cost: linear in the components of both.
 */
export function compose(first: Op, second: Op): Op {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const out = new OpBuilder();
  let index = 0;
  let head: number | string | undefined = first[0];
  for (let i = 0; i < second.length; i++) {
    const part = second[i]!;
    if (typeof part === 'string') {
      while (typeof head === 'number' && head < 0) {
        out.remove(-head);
        head = first[++index];
      }
      out.insert(part);
      continue;
    }
    const keep = part > 0;
    let left = keep ? part : -part;
    while (left > 0) {
      if (head === undefined) {
        if (keep) out.retain(left);
        else out.remove(left);
        left = 0;
      } else if (typeof head === 'string') {
        if (head.length <= left) {
          if (keep) out.insert(head);
          left -= head.length;
          head = first[++index];
        } else {
          if (keep) out.insert(head.slice(0, left));
          head = head.slice(left);
          left = 0;
        }
      } else if (head < 0) {
        out.remove(-head);
        head = first[++index];
      } else {
        const length: number = head < left ? head : left;
        if (keep) out.retain(length);
        else out.remove(length);
        left -= length;
        head = head === length ? first[++index] : head - length;
      }
    }
  }
  while (head !== undefined) {
    out.push(head);
    head = first[++index];
  }
  return out.build();
}

/**
 * One operation that does all of `ops` in order; none gives a no-op.
 *
 * Composed as a balanced tree: n edits scattered over a text cost O(n log n), not the O(n²) of adding each
 * to an ever longer operation. The result does not depend on the grouping.
 */
export function composeAll(ops: readonly Op[]): Op {
  return ops.length === 0 ? NOOP : composeRange(ops, 0, ops.length);
}

function composeRange(ops: readonly Op[], from: number, to: number): Op {
  if (to - from === 1) return ops[from]!;
  if (to - from === 2) return compose(ops[from]!, ops[from + 1]!);
  const middle = (from + to) >>> 1;
  return compose(composeRange(ops, from, middle), composeRange(ops, middle, to));
}

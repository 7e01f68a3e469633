// Two operations, one after the other, as one. Pure.
import { NOOP, type Op, OpBuilder } from './op.ts';

/**
 * One operation that does `first`, then `second`:
 * `apply(apply(t, first), second) === apply(t, compose(first, second))`.
 *
 * Where `second` inserts in a gap at which `first` deleted, the deletes come before the insert. Any order gives
 * the same text, but only this one makes `transform(p, compose(a, b), 'left')` equal to transforming over a and
 * then over b. The reason is a concurrent insert in the deleted stretch. Carried over the two in turn, it stays
 * to the left of the later insert. With this order, it does so here too.
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
  if (head !== undefined) {
    out.push(head);
    out.rest(first, index + 1);
  }
  return out.build();
}

/** Joined keys make a text of at most this many units: taking a key out of it copies no more. */
const JOINED_UNITS = 512;

/**
 * A cheap `compose(first, second)` for keys that one person types in a row: inserts or deletions that touch.
 * Null where only `compose` will do.
 */
export function joinKeys(first: Op, second: Op): Op | null {
  const size = first.length;
  if (size === 0 || size > 2 || second.length === 0 || second.length > 2) return null;
  const at = size === 1 ? 0 : first[0]!;
  const nextAt = second.length === 1 ? 0 : second[0]!;
  if (typeof at === 'string' || at < 0 || typeof nextAt === 'string' || nextAt < 0) return null;
  const part = first[size - 1]!;
  const next = second[second.length - 1]!;
  if (typeof part === 'string') {
    const within = nextAt - at;
    if (within < 0 || within > part.length) return null;
    if (typeof next === 'string') {
      if (part.length + next.length > JOINED_UNITS) return null;
      const text = within === part.length ? part + next : part.slice(0, within) + next + part.slice(within);
      return at === 0 ? [text] : [at, text];
    }
    if (within - next > part.length || within - next < 0 || -next === part.length) return null;
    const text = part.slice(0, within) + part.slice(within - next);
    return at === 0 ? [text] : [at, text];
  }
  if (typeof next === 'string' || nextAt > at || nextAt - next < at) return null;
  return nextAt === 0 ? [part + next] : [nextAt, part + next];
}

/**
 * One operation that does all of `ops` in order. No operations give a no-op.
 *
 * Composed as a balanced tree: n edits scattered over a text cost O(n log n), not the O(n²) of adding each to
 * an ever longer operation. The result does not depend on the grouping.
 */
export function composeAll(ops: readonly Op[]): Op {
  if (ops.length === 0) return NOOP;
  if (ops.length === 1) return ops[0]!;
  const joined = joinRuns(ops);
  return composeRange(joined, 0, joined.length);
}

/** Joins runs of keys. The composition of the result is the same. */
function joinRuns(ops: readonly Op[]): Op[] {
  const joined: Op[] = [];
  let run = ops[0]!;
  for (let i = 1; i < ops.length; i++) {
    const op = ops[i]!;
    const longer = joinKeys(run, op);
    if (longer === null) {
      joined.push(run);
      run = op;
    } else {
      run = longer;
    }
  }
  joined.push(run);
  return joined;
}

function composeRange(ops: readonly Op[], from: number, to: number): Op {
  if (to - from === 1) return ops[from]!;
  if (to - from === 2) return compose(ops[from]!, ops[from + 1]!);
  const middle = (from + to) >>> 1;
  return compose(composeRange(ops, from, middle), composeRange(ops, middle, to));
}

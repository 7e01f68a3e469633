// Operations and positions carried over edits that others made at the same time. Pure.
import { composeAll } from './compose.ts';
import { lengthDelta, type Op, OpBuilder, type Side } from './op.ts';

/**
 * Rewrites `op` for the text that `over` leaves. Both were made for the same text.
 *
 * @param side decides when both insert at the same place: `'left'` puts the insert of `op` before the other,
 *   `'right'` puts it after. At every replica, an operation that the server has not ordered yet is 'left', and
 *   one that is in the log is 'right'. So replicas converge, and words typed at one place stay whole.
 *
 * Cost: linear in the components of both. The two-pointer walk is that of ot.js and ot-text-unicode. An insert
 * stands in a gap between base units, so its order beside a delete decides which gap.
 */
export function transform(op: Op, over: Op, side: Side): Op {
  if (op.length === 0 || over.length === 0) return op;
  const overStart = over[0]!;
  if (typeof overStart === 'number' && overStart > 0 && reachesLess(op, overStart)) return op;
  const start = op[0]!;
  if (typeof start === 'number' && start > 0 && reachesLess(over, start)) {
    return shifted(op, start + lengthDelta(over));
  }
  const out = new OpBuilder();
  const insertsFirst = side === 'left';
  let index = 0;
  let overIndex = 0;
  let head: number | string | undefined = op[0];
  let overHead: number | string | undefined = over[0];
  while (head !== undefined) {
    if (typeof head === 'string' && (insertsFirst || typeof overHead !== 'string')) {
      out.insert(head);
      head = op[++index];
    } else if (typeof overHead === 'string') {
      out.retain(overHead.length);
      overHead = over[++overIndex];
    } else if (overHead === undefined) {
      out.push(head);
      out.rest(op, index + 1);
      break;
    } else {
      const part = head as number;
      const size = part > 0 ? part : -part;
      const overSize = overHead > 0 ? overHead : -overHead;
      const length = Math.min(size, overSize);
      if (overHead > 0) {
        if (part > 0) out.retain(length);
        else out.remove(length);
      }
      head = size === length ? op[++index] : part > 0 ? part - length : part + length;
      if (overSize === length) overHead = over[++overIndex];
      else overHead = overHead > 0 ? overHead - length : overHead + length;
    }
  }
  return out.build();
}

/** Whether `op` reaches less far than `length` units. */
function reachesLess(op: Op, length: number): boolean {
  let reach = 0;
  for (let i = 0; i < op.length; i++) {
    const part = op[i]!;
    if (typeof part === 'string') continue;
    reach += part > 0 ? part : -part;
    if (reach >= length) return false;
  }
  return true;
}

/** A copy of `op` whose first component, a retain, is `start` units long. */
function shifted(op: Op, start: number): Op {
  if (op.length === 2) return [start, op[1]!];
  const result = op.slice();
  result[0] = start;
  return result;
}

/**
 * Carries `op`, the side that is not ordered yet, over `history`: edits that follow one another.
 *
 * Composition does not change the result of a transform, so this takes the cheaper way. A short operation walks
 * the edits one by one; a long one meets their composition once.
 */
export function transformOverAll(op: Op, history: readonly Op[]): Op {
  const walkingCosts = op.length * history.length;
  const composingCosts = 4 * history.length * Math.log2(history.length + 1);
  if (walkingCosts > composingCosts) return transform(op, composeAll(history), 'left');
  let carried = op;
  for (const edit of history) carried = transform(carried, edit, 'left');
  return carried;
}

/**
 * Maps a position in the text before `op` to one in the text after it. A position in a deleted stretch falls to
 * where the stretch was.
 *
 * @param position a gap between units: 0 is the start of the text.
 * @param side decides at an insert in that very gap: 'left' stays before it, 'right' goes after it.
 */
export function transformPosition(position: number, op: Op, side: Side): number {
  let base = 0;
  let moved = position;
  for (let i = 0; i < op.length; i++) {
    const part = op[i]!;
    if (base > position || (base === position && (typeof part === 'number' || side === 'left'))) break;
    if (typeof part === 'string') {
      moved += part.length;
    } else if (part > 0) {
      base += part;
    } else {
      moved -= Math.min(-part, position - base);
      base -= part;
    }
  }
  return moved;
}

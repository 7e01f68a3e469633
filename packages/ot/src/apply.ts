// What an operation does to a text, and the operation that takes it back. Pure.
import { type Op, OpBuilder } from './op.ts';
import type { TextBuffer } from './text-buffer.ts';

/**
 * The text after `op`.
 * @throws RangeError if `op` reaches beyond the end of `text`.
 */
export function apply(text: string, op: Op): string {
  let result = '';
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      result += part;
      continue;
    }
    const end = at + Math.abs(part);
    if (end > text.length) {
      throw new RangeError(`operation reaches position ${end} of a text of ${text.length} units`);
    }
    if (part > 0) result += text.slice(at, end);
    at = end;
  }
  return result + text.slice(at);
}

/**
 * The operation that takes `op` back: `apply(apply(before, op), invert(op, before)) === before`.
 * @param before the text that `op` was made for; what `op` deletes is read from it.
 * @throws RangeError if `op` reaches beyond the end of `before`.
 */
export function invert(op: Op, before: string | TextBuffer): Op {
  const inverse = new OpBuilder();
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      inverse.remove(part.length);
      continue;
    }
    const end = at + Math.abs(part);
    if (end > before.length) {
      throw new RangeError(`operation reaches position ${end} of a text of ${before.length} units`);
    }
    if (part > 0) inverse.retain(part);
    else inverse.insert(before.slice(at, end));
    at = end;
  }
  return inverse.build();
}

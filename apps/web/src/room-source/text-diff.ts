// The way from one text to another as one replaced stretch. Pure.
import { fromEdits, type Op } from '@codesync/ot';

/**
 * The operation that makes `to` of `from` by replacing what lies between their common start and end. It splits
 * no surrogate pair.
 */
export function replaceOp(from: string, to: string): Op {
  if (from === to) return [];
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)
  ) {
    end++;
  }
  if (start > 0 && isHighSurrogate(from.charCodeAt(start - 1))) start--;
  if (end > 0 && isLowSurrogate(from.charCodeAt(from.length - end))) end--;
  const insert = to.slice(start, to.length - end);
  return fromEdits([{ at: start, remove: from.length - end - start, insert }]);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

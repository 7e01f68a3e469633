// Operations from and to lists of replaced stretches, which is the form that editors use. Pure.
import { NOOP, type Op, OpBuilder } from './op.ts';
import { isHighSurrogate, isLowSurrogate } from './surrogates.ts';

/** Replaces `remove` units at `at` by `insert`. Positions are those of the text before any of the edits. */
export interface TextEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/**
 * The operation that makes one edit: `fromEdits` of it alone. Every key takes this way, so it is written out:
 * an array literal holds no room to grow.
 */
export function replace(at: number, remove: number, insert: string): Op {
  if (insert === '') {
    if (remove === 0) return NOOP;
    return at === 0 ? [-remove] : [at, -remove];
  }
  if (remove === 0) return at === 0 ? [insert] : [at, insert];
  return at === 0 ? [-remove, insert] : [at, -remove, insert];
}

/**
 * One operation that makes all of `edits`, given in any order.
 * @throws RangeError if two of them overlap.
 */
export function fromEdits(edits: readonly TextEdit[]): Op {
  if (edits.length === 1) {
    const { at, remove, insert } = edits[0]!;
    return replace(at, remove, insert);
  }
  const ordered = edits.toSorted((a, b) => a.at - b.at);
  const out = new OpBuilder();
  let end = 0;
  for (const { at, remove, insert } of ordered) {
    if (at < end) throw new RangeError(`edits overlap at position ${at}`);
    out.retain(at - end);
    out.remove(remove);
    out.insert(insert);
    end = at + remove;
  }
  return out.build();
}

/**
 * The operation that makes `after` out of `before` by replacing one stretch, the shortest there is. It cuts
 * no surrogate pair. For texts that come whole, from a disk or a refetch.
 */
export function diff(before: string, after: string): Op {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end--;
  return fromEdits([
    { at: start, remove: before.length - end - start, insert: after.slice(start, after.length - end) },
  ]);
}

/** The stretches that `op` replaces, first to last; none touches the next. */
export function toEdits(op: Op): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let remove = 0;
  let insert = '';
  const flush = (): void => {
    if (remove > 0 || insert !== '') edits.push({ at, remove, insert });
    at += remove;
    remove = 0;
    insert = '';
  };
  for (const part of op) {
    if (typeof part === 'string') {
      insert += part;
    } else if (part < 0) {
      remove -= part;
    } else {
      flush();
      at += part;
    }
  }
  flush();
  return edits;
}

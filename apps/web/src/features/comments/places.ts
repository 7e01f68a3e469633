// Where comments are in a text, and in which order one goes through them. Pure.
import type { CommentId, FileId, Thread } from '@codesync/protocol';
import type { Range } from '@codesync/room';

/** A thread with its place. `range`: null in a file that is gone. `line` counts from 1. */
export type Placed = {
  readonly thread: Thread;
  readonly path: string;
  readonly range: Range | null;
  readonly line: number;
};

/** The line that a position is on, from 1. */
export function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Line and column, from 1. */
export function spotOf(text: string, position: number): { readonly line: number; readonly column: number } {
  return { line: lineOf(text, position), column: position - text.lastIndexOf('\n', position - 1) };
}

/** The words of the line around a position: without its indentation, and without what ends it. */
export function lineAround(text: string, position: number): Range {
  const from = text.lastIndexOf('\n', position - 1) + 1;
  const next = text.indexOf('\n', position);
  const line = text.slice(from, next === -1 ? text.length : next);
  const start = from + line.length - line.trimStart().length;
  return { start: Math.min(start, from + line.length), end: Math.max(start, from + line.trimEnd().length) };
}

/** The place of a line, from 1. */
export function startOfLine(text: string, line: number): number {
  let start = 0;
  for (let each = 1; each < line; each++) {
    const next = text.indexOf('\n', start);
    if (next === -1) break;
    start = next + 1;
  }
  return start;
}

/** Where a range is whose text may have changed unseen: where it was, else where its words are next to that. */
export function foundAgain(text: string, { start, end }: Range, quote: string): Range {
  if (text.startsWith(quote, start)) return { start, end: Math.min(end, text.length) };
  const [before, after] = [text.lastIndexOf(quote, start), text.indexOf(quote, start)];
  const isBefore = after === -1 || (before !== -1 && start - before < after - start);
  const at = isBefore ? before : after;
  if (at !== -1) return { start: at, end: Math.min(text.length, at + end - start) };
  return { start: Math.min(start, text.length), end: Math.min(end, text.length) };
}

/** By file, those in files that are gone last, and from top to bottom in each. */
export function inOrder(placed: readonly Placed[]): readonly Placed[] {
  return placed.toSorted(
    (a, b) =>
      Number(a.range === null) - Number(b.range === null) ||
      (a.path < b.path ? -1 : Number(a.path > b.path)) ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}

/**
 * The next thread to go to, or the one before: from the one that is looked at, else from a place. It goes round.
 * @param placed in order.
 */
export function stepFrom(
  placed: readonly Placed[],
  chosen: CommentId | null,
  here: { readonly file: FileId; readonly position: number } | null,
  by: 1 | -1,
): Placed | undefined {
  const there = placed.filter(({ range }) => range !== null);
  if (there.length === 0) return undefined;
  const at = there.findIndex(({ thread }) => thread.id === chosen);
  if (at !== -1) return there[(at + by + there.length) % there.length];
  const isHere = ({ thread }: Placed) => thread.file === here?.file;
  const after = there.findIndex((each) => isHere(each) && each.range!.start >= (here?.position ?? 0));
  if (by === 1) return there[after === -1 ? 0 : after];
  const before = there.findLastIndex((each) => isHere(each) && each.range!.start < (here?.position ?? 0));
  return there.at(before);
}

/** The threads of one file. `gone`: it is deleted. */
export type FileThreads = {
  readonly file: FileId;
  readonly path: string;
  readonly gone: boolean;
  readonly threads: readonly Placed[];
};

/** The same, file by file. */
export function byFile(placed: readonly Placed[]): readonly FileThreads[] {
  const groups = new Map<FileId, { path: string; gone: boolean; threads: Placed[] }>();
  for (const each of placed) {
    const { file } = each.thread;
    const group = groups.get(file) ?? { path: each.path, gone: each.range === null, threads: [] };
    group.threads.push(each);
    groups.set(file, group);
  }
  return [...groups].map(([file, group]) => ({ file, ...group }));
}

// The order in which people see files. Pure.
import type { FileEntry, FilesPart } from './file-tree.ts';

/** By the files that they were made of, which never change. */
const sorted = new WeakMap<FilesPart['files'], readonly FileEntry[]>();

/** Files in the order in which people expect them: folders first, then by name. Sorts the same map once. */
export function sortedFiles(files: FilesPart['files']): readonly FileEntry[] {
  const known = sorted.get(files);
  if (known !== undefined) return known;
  const inOrder = [...files.values()]
    .map((entry) => ({ entry, names: entry.path.split('/') }))
    .sort((a, b) => compareNames(a.names, b.names))
    .map(({ entry }) => entry);
  sorted.set(files, inOrder);
  return inOrder;
}

/** `left`, `right`: the names on the way to a file, its own last. */
function compareNames(left: readonly string[], right: readonly string[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const leftIsFile = i === left.length - 1;
    const rightIsFile = i === right.length - 1;
    if (leftIsFile !== rightIsFile) return leftIsFile ? 1 : -1;
    const l = left[i]!;
    const r = right[i]!;
    if (l !== r) return l < r ? -1 : 1;
  }
  return left.length - right.length;
}

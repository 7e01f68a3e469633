// The order in which people see files. Pure.
import type { FileEntry, FilesPart } from './file-tree.ts';

/** Files in the order in which people expect them: folders first, then by name. */
export function sortedFiles(files: FilesPart['files']): readonly FileEntry[] {
  return [...files.values()].sort((a, b) => comparePaths(a.path, b.path));
}

function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
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

// Files as the panel shows them: folders from their paths, as rows from top to bottom. Pure.
import type { FileId } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';

export type TreeRow =
  | {
      readonly kind: 'folder';
      /** The folder's path, and its key. */
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      readonly open: boolean;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      readonly file: FileId;
    };

/** `files` in the order of `sortedFiles`. What lies in a closed folder has no row. */
export function treeRows(files: readonly FileEntry[], closed: ReadonlySet<string>): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  for (const { id, path } of files) {
    const segments = path.split('/');
    let hidden = false;
    for (let depth = 0; depth < segments.length - 1 && !hidden; depth++) {
      const folder = segments.slice(0, depth + 1).join('/');
      const open = !closed.has(folder);
      if (!seen.has(folder)) {
        seen.add(folder);
        rows.push({ kind: 'folder', path: folder, name: segments[depth]!, depth, open });
      }
      hidden = !open;
    }
    if (!hidden)
      rows.push({ kind: 'file', path, name: segments.at(-1)!, depth: segments.length - 1, file: id });
  }
  return rows;
}

/** The folder of a path, with its slash; empty for a path in no folder. The path of a neighbour begins with it. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Names for tabs: the file's own name, with its folder where two open files would look the same. */
export function tabName(
  path: string,
  others: Iterable<string>,
): { readonly name: string; readonly folder: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (const other of others) {
    if (other !== path && other.slice(other.lastIndexOf('/') + 1) === name) {
      return { name, folder: folderOf(path).slice(0, -1) };
    }
  }
  return { name, folder: '' };
}

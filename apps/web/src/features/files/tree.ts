// Files and folders as the panel shows them: as nodes of a tree. Pure.
import type { FileId } from '@codesync/protocol';
import { type FileEntry, liesIn, parentOf } from '@codesync/room';

/** A file or a folder, for whatever is done with it. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly file: FileId; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string };

/** Children are ids, in order. */
export type TreeNode = TreeEntry & {
  readonly id: string;
  readonly name: string;
  /** Of a folder, null, both. */
  readonly language: FileEntry['language'];
  readonly blob: FileEntry['blob'];
  readonly children: readonly string[];
};

/** The id of the node that all others lie in. Its path is empty. */
export const ROOT = '/';

const NO_FILE = { language: null, blob: null } as const;

/** The id of a node. The mark in it keeps it unlike the property of any object, whoever has chosen the file's id. */
export function nodeId(entry: TreeEntry): string {
  return entry.kind === 'file' ? fileNodeId(entry.file) : folderNodeId(entry.path);
}

export function fileNodeId(file: FileId): string {
  return `:${file}`;
}

function folderNodeId(path: string): string {
  return `${path}/`;
}

/** All nodes by their ids. Folders come before files; each kind is in the order of names. */
export function treeNodes(
  files: Iterable<FileEntry>,
  folders: Iterable<string>,
): ReadonlyMap<string, TreeNode> {
  const nodes = new Map<string, TreeNode & { children: string[] }>();
  const add = (entry: TreeEntry, file: Pick<FileEntry, 'language' | 'blob'> = NO_FILE) => {
    const id = nodeId(entry);
    nodes.set(id, {
      ...entry,
      id,
      name: entry.path.slice(folderOf(entry.path).length),
      language: file.language,
      blob: file.blob,
      children: [],
    });
  };
  add({ kind: 'folder', path: '' });
  for (const path of folders) add({ kind: 'folder', path });
  for (const file of files) add({ kind: 'file', file: file.id, path: file.path }, file);
  const inOrder = [...nodes.values()].sort((a, b) =>
    a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'folder' ? -1 : 1,
  );
  for (const { id, path } of inOrder) {
    if (id !== ROOT) nodes.get(folderNodeId(parentOf(path) ?? ''))!.children.push(id);
  }
  return nodes;
}

/** Whether a node has a row: it is there, and no folder that it lies in is closed. */
export function isShown(
  nodes: ReadonlyMap<string, TreeNode>,
  closed: ReadonlySet<string>,
  id: string,
): boolean {
  const node = nodes.get(id);
  if (node === undefined || id === ROOT) return false;
  for (let folder = parentOf(node.path); folder !== null; folder = parentOf(folder)) {
    if (closed.has(folderNodeId(folder))) return false;
  }
  return true;
}

/** `entries` without those that lie in a folder among them. */
export function topmost<Entry extends TreeEntry>(entries: readonly Entry[]): readonly Entry[] {
  const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  return entries.filter(({ path }) => !folders.some((folder) => liesIn(path, folder)));
}

/** The folder that something new comes into beside `entry`: its own, or the folder that it is. */
export function folderAt(entry: TreeEntry): string {
  return entry.kind === 'folder' ? entry.path : (parentOf(entry.path) ?? '');
}

/** The path of something with that name in a folder; the room's top has an empty path. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder of a path, with its slash; empty for a path in no folder. The path of a neighbour begins with it. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The first of `main copy.py`, `main copy 2.py` … that `taken` does not have, whatever its capitals. */
export function nameOfCopy(path: string, taken: ReadonlySet<string>): string {
  const folder = folderOf(path).length;
  const dot = path.lastIndexOf('.');
  const end = dot > folder ? dot : path.length;
  for (let n = 1; ; n++) {
    const copy = `${path.slice(0, end)} copy${n === 1 ? '' : ` ${n}`}${path.slice(end)}`;
    if (!taken.has(copy.toLowerCase())) return copy;
  }
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

/** Things as a sentence names them: one by its path, several by their number. */
export function inWords(entries: readonly TreeEntry[]): string {
  if (entries.length === 1) return entries[0]!.path;
  const files = entries.filter(({ kind }) => kind === 'file').length;
  const folders = entries.length - files;
  const count = (n: number, what: string) => (n === 0 ? [] : [`${n} ${what}${n === 1 ? '' : 's'}`]);
  return [...count(files, 'file'), ...count(folders, 'folder')].join(' and ');
}

// Files and folders of a room as files on this computer.
import { type FileEntry, liesIn } from '@codesync/room';
import type { Desk } from '../../desk/desk.ts';
import { folderOf, type TreeEntry, topmost } from './tree.ts';

/** How long the browser has to begin with a download before its data is let go. */
const HELD_MS = 60_000;

/** Downloads one file as it is, and anything else as a zip. */
export async function download(desk: Desk, entries: readonly TreeEntry[]): Promise<void> {
  const [first, ...others] = topmost(entries);
  if (first === undefined) return;
  const name = first.path.slice(folderOf(first.path).length);
  if (first.kind === 'file' && others.length === 0) {
    const text = desk.source.document(first.file)?.text();
    if (text !== undefined) save(name, new TextEncoder().encode(text), 'text/plain');
    return;
  }
  await saveZip(desk, others.length === 0 ? name : roomName(desk), [first, ...others]);
}

/** Downloads all files of the room as a zip. */
export async function downloadRoom(desk: Desk): Promise<void> {
  await saveZip(desk, roomName(desk), [{ kind: 'folder', path: '' }]);
}

async function saveZip(desk: Desk, name: string, entries: readonly TreeEntry[]): Promise<void> {
  const { zipSync } = await import('fflate');
  save(`${name}.zip`, zipSync(zipTree(desk, entries)), 'application/zip');
}

/** What goes into the zip: each file's bytes by its path in it, and folders that nothing lies in. */
function zipTree(desk: Desk, entries: readonly TreeEntry[]): Record<string, Uint8Array> {
  const { room } = desk.view();
  const tree: Record<string, Uint8Array> = {};
  const add = ({ id, path }: FileEntry, above: string) => {
    const text = desk.source.document(id)?.text();
    if (text !== undefined) tree[path.slice(above.length)] = new TextEncoder().encode(text);
  };
  for (const entry of entries) {
    const above = folderOf(entry.path);
    if (entry.kind === 'file') {
      add({ id: entry.file, path: entry.path }, above);
      continue;
    }
    const isIn = (path: string) => entry.path === '' || liesIn(path, entry.path);
    for (const file of room.files.values()) if (isIn(file.path)) add(file, above);
    for (const folder of room.emptyFolders) {
      if (folder === entry.path || isIn(folder)) tree[`${folder.slice(above.length)}/`] = new Uint8Array();
    }
  }
  return tree;
}

function roomName(desk: Desk): string {
  // What some system cannot have in a file's name gives way.
  return (
    desk
      .view()
      .room.name.replace(/[\\/:*?"<>|\p{C}]/gu, ' ')
      .trim() || 'room'
  );
}

function save(name: string, data: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([data as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), HELD_MS);
}

// Files and folders of a room as files on this computer.
import { type FileEntry, liesIn } from '@codesync/room';
import type { Desk } from '../../desk/desk.ts';
import { saveFile } from '../../ui/save-file.ts';
import { folderOf, type TreeEntry, topmost } from './tree.ts';
import type { ZipEntry } from './zip.ts';

/** Downloads one file as it is, and anything else as a zip. */
export async function download(desk: Desk, entries: readonly TreeEntry[]): Promise<void> {
  const [first, ...others] = topmost(entries);
  if (first === undefined) return;
  const name = first.path.slice(folderOf(first.path).length);
  if (first.kind === 'file' && others.length === 0) {
    const text = desk.source.document(first.file)?.text();
    if (text !== undefined) saveFile(name, new Blob([text], { type: 'text/plain' }));
    return;
  }
  await saveZip(desk, others.length === 0 ? name : roomName(desk), [first, ...others]);
}

/** Downloads all files of the room as a zip. */
export async function downloadRoom(desk: Desk): Promise<void> {
  await saveZip(desk, roomName(desk), [{ kind: 'folder', path: '' }]);
}

async function saveZip(desk: Desk, name: string, entries: readonly TreeEntry[]): Promise<void> {
  const { zipOf } = await import('./zip.ts');
  saveFile(`${name}.zip`, new Blob(zipOf(zipEntries(desk, entries)), { type: 'application/zip' }));
}

/** What goes into the zip: each file's text by its path in it, and folders that nothing lies in. */
function zipEntries(desk: Desk, entries: readonly TreeEntry[]): ZipEntry[] {
  const { room } = desk.view();
  const found: ZipEntry[] = [];
  const add = ({ id, path }: FileEntry, above: string) => {
    const text = desk.source.document(id)?.text();
    if (text !== undefined) found.push({ path: path.slice(above.length), text });
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
      if (folder === entry.path || isIn(folder))
        found.push({ path: `${folder.slice(above.length)}/`, text: '' });
    }
  }
  return found;
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

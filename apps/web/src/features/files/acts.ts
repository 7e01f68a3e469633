// What can be done with the files of a room.
import { FileId } from '@codesync/protocol';
import { nanoid } from 'nanoid';
import type { Desk } from '../../desk/desk.ts';
import { askedOfFiles, type Naming } from './naming.ts';
import { folderOf } from './tree.ts';

/** Shows the list of files with a field for a name in it. */
function name(desk: Desk, naming: Naming): void {
  desk.show('files');
  askedOfFiles(desk).setState({ naming });
}

export function nameNewFile(desk: Desk): void {
  const active = desk.active();
  const path = active === null ? undefined : desk.view().room.files.get(active)?.path;
  name(desk, { kind: 'new', folder: path === undefined ? '' : folderOf(path) });
}

export function nameAnew(desk: Desk, file: FileId): void {
  name(desk, { kind: 'rename', file });
}

/** Resolves to what was wrong, or null. */
export async function createFile(desk: Desk, path: string): Promise<string | null> {
  const file = FileId.parse(nanoid(12));
  const result = await desk.command({ kind: 'file.create', file, path, text: '' });
  if (!result.ok) return result.error.message;
  desk.openFile(file);
  return null;
}

/** Resolves to what was wrong, or null. */
export async function renameFile(desk: Desk, file: FileId, path: string): Promise<string | null> {
  const result = await desk.command({ kind: 'file.rename', file, path });
  return result.ok ? null : result.error.message;
}

/** Brings a deleted file back as it was, and opens it. */
export async function restoreFile(desk: Desk, file: FileId): Promise<void> {
  const result = await desk.command({ kind: 'file.restore', file });
  if (result.ok) desk.openFile(file);
  else if (result.error.code !== 'file.restored') desk.report(result.error.message);
}

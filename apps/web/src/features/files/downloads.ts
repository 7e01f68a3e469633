// Files and folders of a room as files on this computer, and how far a download is.
import type { BlobRef } from '@codesync/protocol';
import { type FileEntry, liesIn } from '@codesync/room';
import { createStore, useStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { folderOf, type TreeEntry, topmost } from './tree.ts';
import type { ZipEntry } from './zip.ts';

type Download = {
  /** Of the file on this computer. */
  readonly name: string;
  /** Bytes that have come, and that are to come. */
  readonly came: number;
  readonly bytes: number;
  readonly stop: () => void;
};

type Downloads = { readonly download: Download | null };

const downloadsOf = perDesk(() => createStore<Downloads>(() => ({ download: null })));

/** What is being fetched from the server to be saved here. */
export function useDownload(): Download | null {
  return useStore(downloadsOf(useDesk()), ({ download }) => download);
}

/** A file of the download by its path in it. That of an empty folder ends with a slash. */
type Part = { readonly path: string; readonly content: string | BlobRef };

/** Downloads one file as it is, and anything else as a zip. What is not complete is not saved. */
export async function download(desk: Desk, entries: readonly TreeEntry[]): Promise<void> {
  const [first, ...others] = topmost(entries);
  if (first === undefined) return;
  const name = first.path.slice(folderOf(first.path).length);
  if (first.kind === 'folder' || others.length > 0) {
    return saveZip(desk, others.length === 0 ? name : roomName(desk), [first, ...others]);
  }
  const file = desk.view().room.files.get(first.file);
  const content = file === undefined ? null : contentOf(desk, file);
  if (content === null) return;
  const found = await fetched(desk, name, [{ path: name, content }]);
  const data = typeof content === 'string' ? content : found?.get(content.hash);
  if (data !== undefined)
    saveFile(name, new Blob([data], { type: typeof data === 'string' ? 'text/plain' : '' }));
}

/** Downloads all files of the room as a zip. */
export async function downloadRoom(desk: Desk): Promise<void> {
  await saveZip(desk, roomName(desk), [{ kind: 'folder', path: '' }]);
}

async function saveZip(desk: Desk, name: string, entries: readonly TreeEntry[]): Promise<void> {
  const parts = partsOf(desk, entries);
  const found = await fetched(desk, `${name}.zip`, parts);
  if (found === null) return;
  const { zipOf } = await import('./zip.ts');
  const zipped: ZipEntry[] = [];
  for (const { path, content } of parts) {
    const data =
      typeof content === 'string' ? content : new Uint8Array(await found.get(content.hash)!.arrayBuffer());
    zipped.push({ path, content: data });
  }
  saveFile(`${name}.zip`, new Blob(zipOf(zipped), { type: 'application/zip' }));
}

/** The blobs among `parts`, by their hashes. Null where not all could be had, which has been told, or when it was stopped. */
async function fetched(
  desk: Desk,
  name: string,
  parts: readonly Part[],
): Promise<ReadonlyMap<string, Blob> | null> {
  const found = new Map<string, Blob>();
  const wanted = new Map(
    parts.flatMap(({ content }) => (typeof content === 'string' ? [] : [[content.hash, content]])),
  );
  if (wanted.size === 0) return found;
  const store = downloadsOf(desk);
  if (store.getState().download !== null) {
    desk.report('A download is under way. Wait for its end, or stop it.');
    return null;
  }
  const stop = new AbortController();
  const bytes = [...wanted.values()].reduce((sum, ref) => sum + ref.bytes, 0);
  let before = 0;
  const tell = (some: number) =>
    store.setState({ download: { name, came: before + some, bytes, stop: () => stop.abort() } });
  tell(0);
  try {
    for (const ref of wanted.values()) {
      const result = await desk.blobs.get(ref, { signal: stop.signal, came: tell });
      if (result.kind === 'failed') {
        desk.report(`${name} was not downloaded. ${result.message}`);
        return null;
      }
      found.set(ref.hash, result.blob);
      before += ref.bytes;
    }
    return found;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return null;
  } finally {
    store.setState({ download: null });
  }
}

function contentOf(desk: Desk, { id, blob }: FileEntry): string | BlobRef | null {
  return blob ?? desk.source.text(id);
}

/** What goes into a zip: each file by its path in it, and folders that nothing lies in. */
function partsOf(desk: Desk, entries: readonly TreeEntry[]): Part[] {
  const { room } = desk.view();
  const found: Part[] = [];
  const add = (file: FileEntry, above: string) => {
    const content = contentOf(desk, file);
    if (content !== null) found.push({ path: file.path.slice(above.length), content });
  };
  for (const entry of entries) {
    const above = folderOf(entry.path);
    if (entry.kind === 'file') {
      const file = room.files.get(entry.file);
      if (file !== undefined) add(file, above);
      continue;
    }
    const isIn = (path: string) => entry.path === '' || liesIn(path, entry.path);
    for (const file of room.files.values()) if (isIn(file.path)) add(file, above);
    for (const folder of room.emptyFolders) {
      if (folder === entry.path || isIn(folder))
        found.push({ path: `${folder.slice(above.length)}/`, content: '' });
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

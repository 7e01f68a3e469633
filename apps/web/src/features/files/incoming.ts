// What is brought into a room from this computer: which files, and what of each can be kept.
import { LIMITS, pathProblem } from '@codesync/protocol';

/** A file of this computer, and where it lies in what was dropped or chosen. */
export type Incoming = { readonly path: string; readonly file: File };

/** What a file has in it: text, as rooms keep it; or bytes, which are kept as they are. */
type Content = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'bytes' };

const BYTES: Content = { kind: 'bytes' };

/** More bytes than the longest text can have. */
const MOST_BYTES = LIMITS.fileUnits * 3;

/**
 * Reads a file. Text is UTF-8 without NUL that is not longer than a room's texts are; its line ends become LF, and a mark
 * at its beginning goes. Rejects when the file cannot be read.
 */
export async function contentOf(file: Blob): Promise<Content> {
  if (file.size > MOST_BYTES) return BYTES;
  const bytes = await file.arrayBuffer();
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return BYTES;
  }
  if (text.includes('\0')) return BYTES;
  const lines = text.replace(/\r\n?/g, '\n');
  return lines.length > LIMITS.fileUnits ? BYTES : { kind: 'text', text: lines };
}

/** The path of `incoming` in a room's folder, or why it can have none. */
export function placeIn(
  folder: string,
  path: string,
): { readonly path: string; readonly problem: string | null } {
  const whole = (folder === '' ? path : `${folder}/${path}`).normalize('NFC');
  return { path: whole, problem: pathProblem(whole) };
}

/**
 * All files and empty folders in what was dropped. The entries have to be asked for at once: later the browser does
 * not give them any more.
 */
export async function droppedFiles(
  data: DataTransfer,
): Promise<{ readonly files: readonly Incoming[]; readonly folders: readonly string[] }> {
  const files: Incoming[] = [];
  const entries: FileSystemEntry[] = [];
  for (const item of data.items) {
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    else if (file !== null) files.push({ path: file.name, file });
  }
  const folders: string[] = [];
  const visit = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (isFile(entry)) {
      files.push({ path, file: await new Promise<File>((done, failed) => entry.file(done, failed)) });
    } else if (isDirectory(entry)) {
      const inside = await everythingIn(entry);
      if (inside.length === 0) folders.push(path);
      for (const each of inside) await visit(each, `${path}/${each.name}`);
    }
  };
  for (const entry of entries) await visit(entry, entry.name);
  return { files, folders };
}

/** A reader gives a folder's entries in portions, the last of which is empty. */
async function everythingIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

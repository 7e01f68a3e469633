// Which names files can have beside each other. Pure.
import type { FileId } from '@codesync/protocol';

/** How many names beside its own a file is offered. Other files may have taken the first ones. */
const NAMES_TRIED = 20;

/** Makes paths equal that differ only in the case of letters: some file systems take them for one. */
function folded(path: string): string {
  return path.toLowerCase();
}

/**
 * Whether `path` can be given to `file`: no other file has it, whatever the case of its letters, and no file is a
 * folder of another.
 */
export function pathIsFree(
  files: ReadonlyMap<FileId, { readonly id: FileId; readonly path: string }>,
  file: FileId,
  path: string,
): boolean {
  const wanted = folded(path);
  for (const other of files.values()) {
    if (other.id === file) continue;
    const taken = folded(other.path);
    if (taken === wanted || taken.startsWith(`${wanted}/`) || wanted.startsWith(`${taken}/`)) return false;
  }
  return true;
}

/** `path`, then the names beside it that are tried in turn: `main (restored).py`, `main (restored 2).py` … */
export function namesFor(path: string): readonly string[] {
  const folder = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const end = dot > folder ? dot : path.length;
  const marks = Array.from({ length: NAMES_TRIED }, (_, i) => (i === 0 ? 'restored' : `restored ${i + 1}`));
  return [path, ...marks.map((mark) => `${path.slice(0, end)} (${mark})${path.slice(end)}`)];
}

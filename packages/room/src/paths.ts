// Which paths files and folders can have beside each other. Pure.
import type { FileId } from '@codesync/protocol';

/** How many names beside its own a file is offered. Other files may have taken the first ones. */
const NAMES_TRIED = 20;

/** What lies in a room, by its paths. Every other folder is known by the files in it. */
export type Placed = {
  readonly files: ReadonlyMap<FileId, { readonly path: string }>;
  readonly emptyFolders: ReadonlySet<string>;
};

/**
 * What is in the way of a path.
 *
 * - `file`, `folder`: the path is that of a file or a folder.
 * - `inFile`: `path` would be a folder of it, and is a file.
 * - `case`: `path` differs from `instead` only in capitals, which some file systems take for one name.
 */
export type Obstacle =
  | { readonly kind: 'file' | 'folder' | 'inFile'; readonly path: string }
  | { readonly kind: 'case'; readonly path: string; readonly instead: string };

/** Whether `path` lies in `folder`, at any depth. */
export function liesIn(path: string, folder: string): boolean {
  return path.length > folder.length && path.startsWith(folder) && path[folder.length] === '/';
}

export function isOrLiesIn(path: string, folder: string): boolean {
  return path === folder || liesIn(path, folder);
}

/** The folder that `path` lies in; null at the top of the room. */
export function parentOf(path: string): string | null {
  const end = path.lastIndexOf('/');
  return end < 0 ? null : path.slice(0, end);
}

/** What keeps a file or folder from having `path`; null when it may. */
export function obstacleTo(path: string, { files, emptyFolders }: Placed): Obstacle | null {
  for (const { path: other } of files.values()) {
    const obstacle = between(path, other, 'file');
    if (obstacle !== null) return obstacle;
  }
  for (const other of emptyFolders) {
    const obstacle = between(path, other, 'folder');
    if (obstacle !== null) return obstacle;
  }
  return null;
}

/** The same for a path beside one other thing. Compares no more than the first segment that differs. */
function between(path: string, other: string, kind: 'file' | 'folder'): Obstacle | null {
  const shorter = Math.min(path.length, other.length);
  let same = 0;
  while (same < shorter && path.charCodeAt(same) === other.charCodeAt(same)) same++;
  if (same === path.length && same === other.length) return { kind, path };
  if (same === path.length && other[same] === '/') return { kind: 'folder', path };
  if (same === other.length && path[same] === '/') {
    return kind === 'file' ? { kind: 'inFile', path: other } : null;
  }
  const start = same === 0 ? 0 : path.lastIndexOf('/', same - 1) + 1;
  const [mine, theirs] = [segmentAt(path, start), segmentAt(other, start)];
  if (mine.toLowerCase() !== theirs.toLowerCase()) return null;
  const before = path.slice(0, start);
  return { kind: 'case', path: before + mine, instead: before + theirs };
}

function segmentAt(path: string, start: number): string {
  const end = path.indexOf('/', start);
  return end < 0 ? path.slice(start) : path.slice(start, end);
}

/**
 * Where something that had `path` can be brought back to: there or, where that is taken now, beside it. Folders that
 * differ from its own only in capitals are taken for them. Null when all names are taken.
 * @param mark what the names beside it say.
 */
export function placeFor(
  path: string,
  placed: Placed,
  fits: (path: string) => boolean,
  mark = 'restored',
): string | null {
  for (const name of namesFor(inFoldersOf(placed, path), mark)) {
    if (fits(name) && obstacleTo(name, placed) === null) return name;
  }
  return null;
}

/** `path` with its folders written as those that are there. */
function inFoldersOf(placed: Placed, path: string): string {
  let written = path;
  for (;;) {
    const obstacle = obstacleTo(written, placed);
    if (obstacle?.kind !== 'case' || obstacle.path === written) return written;
    written = obstacle.instead + written.slice(obstacle.path.length);
  }
}

/** `path`, then the names beside it that are tried in turn: `main (restored).py`, `main (restored 2).py` … */
function namesFor(path: string, mark: string): readonly string[] {
  const folder = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const end = dot > folder ? dot : path.length;
  const marks = Array.from({ length: NAMES_TRIED }, (_, i) => (i === 0 ? mark : `${mark} ${i + 1}`));
  return [path, ...marks.map((each) => `${path.slice(0, end)} (${each})${path.slice(end)}`)];
}

// A room's files and folders as one tree: what it holds, and what is left of it after a change. Pure.
import type { BlobRef, DeletedFile, DeletedFolder, EventBody, FileId, Named } from '@codesync/protocol';
import { anchorsToJson } from './anchors.ts';
import { keepDeleted, keepDeletedFolders } from './deleted.ts';
import { withEntry, withoutEntry } from './entries.ts';
import type { FoldedTexts } from './folded-text.ts';
import { isOrLiesIn, liesIn, parentOf } from './paths.ts';

/** `blob`: the content of a file that is no text; null for text. */
export type FileEntry = Named & { readonly id: FileId; readonly blob: BlobRef | null };

/** The text and version of files change with every keystroke and live in `RoomFold`. */
export type FilesPart = {
  readonly files: ReadonlyMap<FileId, FileEntry>;
  /** Paths of the folders that nothing lies in. Every other folder is known by what lies in it. */
  readonly emptyFolders: ReadonlySet<string>;
  /** Files that can be brought back, the last deleted last. */
  readonly deleted: ReadonlyMap<FileId, DeletedFile>;
  /** Folders that can be brought back, by their paths, the last deleted last. */
  readonly deletedFolders: ReadonlyMap<string, DeletedFolder>;
};

const NONE: readonly FileId[] = [];

type Tree = Pick<FilesPart, 'files' | 'emptyFolders'>;

/** False for a file that is there and is no text. */
export function isText({ files }: Pick<FilesPart, 'files'>, file: FileId): boolean {
  return (files.get(file)?.blob ?? null) === null;
}

/** How many files and empty folders there are. */
export function treeSize({ files, emptyFolders }: Tree): number {
  return files.size + emptyFolders.size;
}

/** The paths of all files and empty folders. */
export function* treePaths({ files, emptyFolders }: Tree): Iterable<string> {
  for (const { path } of files.values()) yield path;
  yield* emptyFolders;
}

/** Every folder there is, each after the one that it lies in. */
export function foldersOf({ files, emptyFolders }: Tree): ReadonlySet<string> {
  const folders = new Set<string>();
  const addWithAncestors = (folder: string | null): void => {
    if (folder === null || folders.has(folder)) return;
    addWithAncestors(parentOf(folder));
    folders.add(folder);
  };
  for (const { path } of files.values()) addWithAncestors(parentOf(path));
  for (const folder of emptyFolders) addWithAncestors(folder);
  return folders;
}

/** Whether `path` is a folder. */
export function isFolder(tree: Tree, path: string): boolean {
  for (const each of treePaths(tree)) if (liesIn(each, path)) return true;
  return tree.emptyFolders.has(path);
}

/** The files that an event takes away, by itself or with their folder. */
export function filesDeletedBy(body: EventBody): readonly FileId[] {
  if (body.kind === 'file.deleted') return [body.file];
  return body.kind === 'folder.deleted' ? body.files : NONE;
}

/** With files put at their paths: new ones, or such as were elsewhere. Folders that they lie in are not empty. */
export function withFiles<State extends FilesPart>(state: State, entries: readonly FileEntry[]): State {
  const files = new Map(state.files);
  const deleted = new Map(state.deleted);
  for (const entry of entries) {
    files.set(entry.id, entry);
    deleted.delete(entry.id);
  }
  const filled = notEmpty(
    state,
    entries.map(({ path }) => path),
  );
  return { ...filled, files, deleted: deleted.size === state.deleted.size ? state.deleted : deleted };
}

/** Without files, which can be brought back from `texts`. Takes their texts out of it. */
export function withoutFiles<State extends FilesPart>(
  state: State,
  gone: readonly FileId[],
  how: Pick<DeletedFile, 'by' | 'at'>,
  texts: FoldedTexts,
): State {
  const files = new Map(state.files);
  const deleted: DeletedFile[] = [];
  for (const id of gone) {
    const [text, entry] = [texts.get(id), files.get(id)];
    texts.delete(id);
    files.delete(id);
    if (text === undefined || entry === undefined) continue;
    deleted.push({
      ...entry,
      version: text.version,
      text: text.buffer.toString(),
      ...anchorsToJson(text.anchors),
      ...how,
    });
  }
  return { ...state, files, deleted: keepDeleted(state.deleted, deleted) };
}

/** With an empty folder; as it was without one. */
export function withEmpty<State extends FilesPart>(state: State, folder: string | undefined): State {
  if (folder === undefined) return state;
  const { emptyFolders } = notEmpty(state, [folder]);
  return { ...state, emptyFolders: new Set(emptyFolders).add(folder) };
}

/** With a folder and all in it at another place. */
export function withMoved<State extends FilesPart>(state: State, from: string, to: string): State {
  const moved = (path: string) => (isOrLiesIn(path, from) ? to + path.slice(from.length) : path);
  const files = new Map(
    [...state.files].map(([id, entry]) => [id, { ...entry, path: moved(entry.path) }] as const),
  );
  return notEmpty({ ...state, files, emptyFolders: new Set([...state.emptyFolders].map(moved)) }, [to]);
}

/** Without a folder that holds no file any more, and without the empty folders in it. */
export function withoutFolder<State extends FilesPart>(state: State, folder: string): State {
  const left = [...state.emptyFolders].filter((path) => !isOrLiesIn(path, folder));
  return { ...state, emptyFolders: new Set(left) };
}

/** With `folder` kept as the last that was deleted. */
export function withDeletedFolder<State extends FilesPart>(state: State, folder: DeletedFolder): State {
  const others = withoutEntry(state.deletedFolders, folder.path);
  const folders = withEntry(others, folder.path, folder);
  return { ...state, deletedFolders: keepDeletedFolders(folders, state.deleted) };
}

/** Something lies at `paths`: the folders that these lie in are not empty. */
function notEmpty<State extends FilesPart>(state: State, paths: readonly string[]): State {
  if (state.emptyFolders.size === 0) return state;
  const emptyFolders = new Set(state.emptyFolders);
  for (const path of paths) {
    for (let folder = parentOf(path); folder !== null; folder = parentOf(folder)) emptyFolders.delete(folder);
  }
  return emptyFolders.size === state.emptyFolders.size ? state : { ...state, emptyFolders };
}

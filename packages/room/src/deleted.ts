// Which deleted files and folders a room keeps. Pure.
import { type DeletedFile, type DeletedFolder, type FileId, LIMITS } from '@codesync/protocol';

/** Adds what was deleted at once. Drops the oldest files that are too many or too long together, but none of these. */
export function keepDeleted(
  kept: ReadonlyMap<FileId, DeletedFile>,
  gone: readonly DeletedFile[],
): ReadonlyMap<FileId, DeletedFile> {
  const ids = new Set(gone.map(({ id }) => id));
  const before = [...kept.values()].filter(({ id }) => !ids.has(id)).reverse();
  let units = gone.reduce((sum, { text }) => sum + text.length, 0);
  const fitting = before.slice(0, Math.max(0, LIMITS.deletedKept - gone.length)).filter(({ text }) => {
    units += text.length;
    return units <= LIMITS.deletedUnits;
  });
  return new Map([...fitting.reverse(), ...gone].map((each) => [each.id, each]));
}

/** Those of `folders` that still have something to bring back, the newest ones of them. */
export function keepDeletedFolders(
  folders: ReadonlyMap<string, DeletedFolder>,
  deleted: ReadonlyMap<FileId, DeletedFile>,
): ReadonlyMap<string, DeletedFolder> {
  const worth = [...folders.values()].filter(
    ({ files, empty }) => empty.length > 0 || files.some((file) => deleted.has(file)),
  );
  return new Map(worth.slice(-LIMITS.deletedFoldersKept).map((folder) => [folder.path, folder]));
}

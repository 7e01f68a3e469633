// Which deleted files a room keeps. Pure.
import { type DeletedFile, type FileId, LIMITS } from '@codesync/protocol';

/** Adds `file`. Drops the oldest ones that are too many or too long together, but never `file` itself. */
export function keepDeleted(
  kept: ReadonlyMap<FileId, DeletedFile>,
  file: DeletedFile,
): ReadonlyMap<FileId, DeletedFile> {
  const newestFirst = [file, ...[...kept.values()].filter(({ id }) => id !== file.id).reverse()];
  let units = 0;
  const fitting = newestFirst.slice(0, LIMITS.deletedKept).filter(({ text }, i) => {
    units += text.length;
    return i === 0 || units <= LIMITS.deletedUnits;
  });
  return new Map(fitting.reverse().map((each) => [each.id, each]));
}

import { z } from 'zod';
import { BlobHash, BlobRef } from './blobs.ts';
import { FileId } from './ids.ts';
import { FileLanguage } from './languages.ts';
import { LIMITS } from './limits.ts';
import { utf8Length, WellFormedText } from './text.ts';

const SEGMENT = /^[\p{L}\p{N}_.+@()[\]{}=,~#$%&' -]+$/u;

/**
 * Why `path` cannot name a file in a room, or null when it can. A path is relative, uses `/` and is in NFC.
 * Each segment holds letters, digits and harmless marks. It neither starts nor ends with a space, does not end
 * with a dot, and is neither `.` nor `..`. What passes is safe to place below any folder on any system.
 */
export function pathProblem(path: string): string | null {
  if (path.length === 0) return 'A file needs a name.';
  if (utf8Length(path) > LIMITS.pathBytes) return `A file name can have up to ${LIMITS.pathBytes} bytes.`;
  if (path !== path.normalize('NFC')) return 'Use composed (NFC) characters in file names.';
  const segments = path.split('/');
  if (segments.length > LIMITS.pathSegments)
    return `Folders can be nested up to ${LIMITS.pathSegments} deep.`;
  for (const segment of segments) {
    if (segment === '') return 'A folder or file name is empty: check the slashes.';
    if (segment === '.' || segment === '..') return 'The names “.” and “..” cannot be used.';
    if (!SEGMENT.test(segment))
      return `“${segment.replace(/\p{C}/gu, '�')}” has a character that file names cannot have.`;
    if (segment.startsWith(' ') || /[ .]$/.test(segment))
      return 'A name cannot begin with a space, or end with a space or a dot.';
  }
  return null;
}

export const Path = WellFormedText.refine((path) => pathProblem(path) === null, 'not a usable path');

/** Text as rooms keep it: line ends are LF. */
export const FileText = WellFormedText.max(LIMITS.fileUnits).refine(
  (text) => !text.includes('\r'),
  'line ends must be LF',
);

export const CreateFile = z.strictObject({
  kind: z.literal('file.create'),
  file: FileId,
  path: Path,
  text: FileText,
});
/** Makes a file that is no text. The server has the blob already. */
export const UploadFile = z.strictObject({
  kind: z.literal('file.upload'),
  file: FileId,
  path: Path,
  blob: BlobHash,
});
/** Gives a file that is no text another content, which the server has already. */
export const ReplaceFile = z.strictObject({ kind: z.literal('file.replace'), file: FileId, blob: BlobHash });
/** Moves the file, or names it anew: its path says both. */
export const RenameFile = z.strictObject({ kind: z.literal('file.rename'), file: FileId, path: Path });
/** Chooses the file's language for everyone; null: its name says it. */
export const SetFileLanguage = z.strictObject({
  kind: z.literal('file.language'),
  file: FileId,
  language: FileLanguage.nullable(),
});
export const DeleteFile = z.strictObject({ kind: z.literal('file.delete'), file: FileId });

/** Brings back a file that was deleted, as it was then. */
export const RestoreFile = z.strictObject({ kind: z.literal('file.restore'), file: FileId });

/** Makes an empty folder. A folder that a file lies in needs no making. */
export const CreateFolder = z.strictObject({ kind: z.literal('folder.create'), path: Path });
/** Moves a folder with all that lies in it, or names it anew. */
export const MoveFolder = z.strictObject({ kind: z.literal('folder.move'), from: Path, to: Path });
/** Deletes a folder with all that lies in it. */
export const DeleteFolder = z.strictObject({ kind: z.literal('folder.delete'), path: Path });
/** Brings back a folder with all that lay in it when it was deleted last. */
export const RestoreFolder = z.strictObject({ kind: z.literal('folder.restore'), path: Path });

/** The folder that an event leaves empty. It stays. Absent where there is none. */
const emptied = z.string().optional();

/** A new file is at version 0 with this text. */
export const FileCreated = z.object({
  kind: z.literal('file.created'),
  file: FileId,
  path: z.string(),
  text: z.string(),
});
/** A new file that is no text. It has neither versions nor edits. */
export const FileUploaded = z.object({
  kind: z.literal('file.uploaded'),
  file: FileId,
  path: z.string(),
  blob: BlobRef,
});
export const FileReplaced = z.object({ kind: z.literal('file.replaced'), file: FileId, blob: BlobRef });
export const FileRenamed = z.object({
  kind: z.literal('file.renamed'),
  file: FileId,
  path: z.string(),
  emptied,
});
export const FileLanguageChanged = z.object({
  kind: z.literal('file.languageChanged'),
  file: FileId,
  language: FileLanguage.nullable(),
});
export const FileDeleted = z.object({ kind: z.literal('file.deleted'), file: FileId, emptied });
/**
 * The file has this text at this version, at which it was deleted. Its edits count on from there. One that is no text has
 * the content that it was deleted with.
 */
export const FileRestored = z.object({
  kind: z.literal('file.restored'),
  file: FileId,
  path: z.string(),
  version: z.int(),
  text: z.string(),
});

export const FolderCreated = z.object({ kind: z.literal('folder.created'), path: z.string() });
export const FolderMoved = z.object({
  kind: z.literal('folder.moved'),
  from: z.string(),
  to: z.string(),
  emptied,
});
/** `files`: all that lay in the folder. They can be brought back, one by one or with it. */
export const FolderDeleted = z.object({
  kind: z.literal('folder.deleted'),
  path: z.string(),
  files: z.array(FileId),
  emptied,
});
/** `files` are as they were when they were deleted, each at its path. `empty`: the empty folders among them. */
export const FolderRestored = z.object({
  kind: z.literal('folder.restored'),
  path: z.string(),
  files: z.array(z.object({ file: FileId, path: z.string() })),
  empty: z.array(z.string()),
});

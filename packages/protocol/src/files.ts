import { z } from 'zod';
import { FileId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

const SEGMENT = /^[\p{L}\p{N}_.+@()[\]{}=,~#$%&' -]+$/u;

/** Bytes of `text` in UTF-8; a lone surrogate counts as the three bytes of its replacement. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

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
export const RenameFile = z.strictObject({ kind: z.literal('file.rename'), file: FileId, path: Path });
export const DeleteFile = z.strictObject({ kind: z.literal('file.delete'), file: FileId });

/** Brings back a file that was deleted, as it was then. */
export const RestoreFile = z.strictObject({ kind: z.literal('file.restore'), file: FileId });

/** A new file is at version 0 with this text. */
export const FileCreated = z.object({
  kind: z.literal('file.created'),
  file: FileId,
  path: z.string(),
  text: z.string(),
});
export const FileRenamed = z.object({ kind: z.literal('file.renamed'), file: FileId, path: z.string() });
export const FileDeleted = z.object({ kind: z.literal('file.deleted'), file: FileId });
/** The file has this text at this version, at which it was deleted. Its edits count on from there. */
export const FileRestored = z.object({
  kind: z.literal('file.restored'),
  file: FileId,
  path: z.string(),
  version: z.int(),
  text: z.string(),
});

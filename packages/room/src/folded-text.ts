import type { TextBuffer } from '@codesync/ot';
import type { FileId } from '@codesync/protocol';

/** A file's confirmed text. `version` counts its edits from 0. */
export type FoldedText = { version: number; readonly buffer: TextBuffer };
/** The text of every file. Changed in place, since a keystroke must not copy anything. */
export type FoldedTexts = Map<FileId, FoldedText>;

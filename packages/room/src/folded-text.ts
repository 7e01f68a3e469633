import type { TextBuffer } from '@codesync/ot';
import type { FileId, MessageId, Stretch } from '@codesync/protocol';
import type { Anchors } from './anchors.ts';

/** A file's confirmed text. `version` counts its edits from 0. */
export type FoldedText = {
  version: number;
  readonly buffer: TextBuffer;
  /** Absent where nothing in it was ever commented on. */
  anchors?: Anchors;
  /** Where messages of the chat point at in it, carried through each edit. Absent while there is none. */
  places?: Map<MessageId, Stretch>;
};
/** The text of every file. Changed in place, since a keystroke must not copy anything. */
export type FoldedTexts = Map<FileId, FoldedText>;

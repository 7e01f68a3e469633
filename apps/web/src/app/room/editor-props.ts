import type { FileId } from '@codesync/protocol';
import type { ComponentType } from 'react';
import type { RoomSource } from '../../room-source/types.ts';

/** What the page may do to the editor from outside. */
export type EditorHandle = {
  readonly focus: () => void;
  /** Shows a line, counted from 1, and puts the cursor there. */
  readonly reveal: (line: number) => void;
};

export type EditorProps = {
  source: RoomSource;
  file: FileId;
  readOnly: boolean;
  fontSize: number;
  tabSize: number;
  theme: 'light' | 'dark';
  onCursorChange: (line: number, column: number, selected: number) => void;
  onRun: () => void;
  onReady: (handle: EditorHandle) => void;
};

export type EditorComponent = ComponentType<EditorProps>;

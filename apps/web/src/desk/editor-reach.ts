// The editor as the rest of the page reaches it.
import type { FileId } from '@codesync/protocol';
import type { EditorHandle } from '../editor/Editor.tsx';

/** A line, and the column from 1, that are to be shown; `explain` and `length` as the editor's handle has them. */
export type Spot = {
  readonly line: number;
  readonly column?: number | undefined;
  readonly explain?: boolean;
  readonly length?: number;
};

/** A file or a line can be asked for before the editor shows the file: it goes there when it does. */
export class EditorReach {
  #handle: EditorHandle | null = null;
  #shown: FileId | null = null;
  #wanted: { readonly file: FileId; readonly spot: Spot | null } | null = null;

  /** The editor is there. */
  ready(handle: EditorHandle): void {
    this.#handle = handle;
    this.#go();
  }

  /** The editor shows this file; null: there is no editor. */
  shows(file: FileId | null): void {
    this.#shown = file;
    if (file === null) this.#handle = null;
    this.#go();
  }

  focus(): void {
    this.#handle?.focus();
  }

  /** The line, from 1, that the cursor is in; 0 while nothing is shown. */
  line(): number {
    return this.#handle?.line() ?? 0;
  }

  /** What is selected; empty while nothing is shown. */
  selected(): string {
    return this.#handle?.selected() ?? '';
  }

  /** Puts the focus into a file, where its cursor is. */
  enter(file: FileId): void {
    this.#wanted = { file, spot: null };
    this.#go();
  }

  reveal(file: FileId, spot: Spot): void {
    this.#wanted = { file, spot };
    this.#go();
  }

  #go(): void {
    if (this.#handle === null || this.#wanted === null || this.#wanted.file !== this.#shown) return;
    const { spot } = this.#wanted;
    this.#wanted = null;
    if (spot === null) this.#handle.focus();
    else this.#handle.reveal(spot);
  }
}

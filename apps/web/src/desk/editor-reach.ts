// The editor as the rest of the page reaches it.
import type { FileId } from '@codesync/protocol';
import type { Range, Sight } from '@codesync/room';
import type { EditorHandle } from '../editor/Editor.tsx';

/** A line, and the column from 1, that are to be shown; `explain` and `length` as the editor's handle has them. */
export type Spot = {
  readonly line: number;
  readonly column?: number | undefined;
  readonly explain?: boolean;
  readonly length?: number;
};

/** What somebody else has in sight, and their cursor: positions of the file's text. */
export type Along = Sight & { readonly cursor: number | null };

/** A file or a line can be asked for before the editor shows the file: it goes there when it does. */
export class EditorReach {
  #handle: EditorHandle | null = null;
  #instead: (() => void) | null = null;
  #shown: FileId | null = null;
  #along: { readonly file: FileId; readonly sight: Along } | null = null;
  #wanted: { readonly file: FileId; readonly spot: Spot | null } | null = null;

  /** The editor is there. */
  ready(handle: EditorHandle): void {
    this.#handle = handle;
    this.#go();
  }

  /**
   * From now on something else than the editor shows the file that is seen. It gets the focus by `focus`. Returns the way
   * to end that.
   */
  standIn(focus: () => void): () => void {
    this.#instead = focus;
    return () => {
      if (this.#instead === focus) this.#instead = null;
    };
  }

  /** This file is seen; null: none is, and there is no editor. */
  shows(file: FileId | null): void {
    this.#shown = file;
    if (file === null) this.#handle = null;
    this.#go();
  }

  focus(): void {
    if (this.#instead !== null) this.#instead();
    else this.#handle?.focus();
  }

  /** The line, from 1, that the cursor is in; 0 while no text is shown. */
  line(): number {
    return this.#instead === null ? (this.#handle?.line() ?? 0) : 0;
  }

  /** What is selected; empty while no text is shown. */
  selected(): string {
    return this.#instead === null ? (this.#handle?.selected() ?? '') : '';
  }

  /** The file that is seen as text, and what is selected in it, or where the cursor is. */
  range(): { readonly file: FileId; readonly range: Range } | null {
    const range = this.#instead === null ? (this.#handle?.range() ?? null) : null;
    return range === null || this.#shown === null ? null : { file: this.#shown, range };
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

  /** Shows what somebody else has in sight. The focus and the cursor stay where they are. */
  goAlong(file: FileId, sight: Along): void {
    this.#along = { file, sight };
    this.#go();
  }

  #go(): void {
    if (this.#along?.file === this.#shown && this.#handle !== null) {
      this.#handle.goAlong(this.#along!.sight);
      this.#along = null;
    }
    if (this.#wanted === null || this.#wanted.file !== this.#shown) return;
    if (this.#handle === null && this.#instead === null) return;
    const { spot } = this.#wanted;
    this.#wanted = null;
    if (spot === null || this.#instead !== null) this.focus();
    else this.#handle?.reveal(spot);
  }
}

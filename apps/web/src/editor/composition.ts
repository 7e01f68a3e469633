// Whether an input method composes text in the editor: Asian scripts, dead keys, dictation, and any word on a phone.
import type { monaco } from './monaco.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

/** A composition that nothing is done in for so long is ended if others' edits wait for it. */
const PATIENCE_MS = 5_000;

/**
 * While it is open, the browser knows what is composed by its place in the line, counted from before it began. So
 * nobody else may change that line.
 */
export class Composition {
  readonly #editor: CodeEditor;
  readonly #ended: () => void;
  readonly #stop: readonly monaco.IDisposable[];
  #open = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param ended called after the last change of a composition, however it ended. */
  constructor(editor: CodeEditor, ended: () => void) {
    this.#editor = editor;
    this.#ended = ended;
    this.#stop = [
      editor.onDidCompositionStart(() => {
        this.#open = true;
      }),
      // Not within the event: who hears of it after this would find a text that the cursor does not fit yet.
      editor.onDidCompositionEnd(() => queueMicrotask(() => this.#close())),
      // A browser that forgets to end it: what the blur itself still brings comes first.
      editor.onDidBlurEditorText(() => this.#closeWithin(0)),
    ];
  }

  get open(): boolean {
    return this.#open;
  }

  /** Others' edits wait for its end, which comes by itself if nothing more is done. */
  awaited(): void {
    this.#closeWithin(PATIENCE_MS);
  }

  /** The author goes on: who waits for the end waits on. */
  goesOn(): void {
    if (this.#timer !== null) this.#closeWithin(PATIENCE_MS);
  }

  /** Ends it as leaving the editor would: what is composed so far stays. */
  end(): void {
    if (!this.#open) return;
    const field = document.activeElement;
    if (field instanceof HTMLElement && this.#editor.hasTextFocus()) {
      field.blur();
      this.#editor.focus();
    }
    this.#close();
  }

  dispose(): void {
    this.#cancel();
    for (const stop of this.#stop) stop.dispose();
  }

  #closeWithin(ms: number): void {
    if (!this.#open) return;
    this.#cancel();
    this.#timer = setTimeout(() => this.end(), ms);
  }

  #close(): void {
    this.#cancel();
    if (!this.#open) return;
    this.#open = false;
    this.#ended();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

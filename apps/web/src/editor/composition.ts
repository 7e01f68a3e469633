// Whether an input method composes text in the editor: Asian scripts, dead keys, dictation, and any word on a phone.
import type { monaco } from './monaco.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

/** If others' edits wait for a composition and nothing is done in it for so long, it is ended. */
const PATIENCE_MS = 5_000;

/**
 * While a composition is open, the browser knows the composed text by its place in the line. It counts that place from
 * before the composition began. So nobody else may change that line.
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
      // Not within the event: later listeners would find a text that the cursor does not fit yet.
      editor.onDidCompositionEnd(() => queueMicrotask(() => this.#close())),
      // Some browsers forget to end it. What the blur itself brings comes first.
      editor.onDidBlurEditorText(() => this.#closeWithin(0)),
    ];
  }

  get open(): boolean {
    return this.#open;
  }

  /** Others' edits wait for its end. If nothing more is done in it, it is ended. */
  awaited(): void {
    this.#closeWithin(PATIENCE_MS);
  }

  /** The author goes on composing, so those who wait for the end wait on. */
  goesOn(): void {
    if (this.#timer !== null) this.#closeWithin(PATIENCE_MS);
  }

  /** Ends it, as leaving the editor would. What is composed so far stays. */
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

// Marks text of others that is on the screen and not in the log.
import type { Range } from '@codesync/room';
import { monaco } from './monaco.ts';

/** Where such text is in the file that is shown, in positions of the editor's text. */
export type PreviewSource = {
  readonly previewed: () => readonly Range[];
  readonly onPreviewed: (listener: () => void) => () => void;
};

export class PreviewLayer {
  readonly #editor: monaco.editor.IStandaloneCodeEditor;
  readonly #drawn: monaco.editor.IEditorDecorationsCollection;
  #source: PreviewSource | null = null;
  #stopHearing: () => void = () => {};
  #scheduled = false;

  constructor(editor: monaco.editor.IStandaloneCodeEditor) {
    this.#editor = editor;
    this.#drawn = editor.createDecorationsCollection();
  }

  /** Marks it in the file that the editor has now. */
  show(source: PreviewSource | null): void {
    this.#stopHearing();
    this.#source = source;
    this.#stopHearing = source?.onPreviewed(() => this.#update()) ?? (() => {});
    this.#update();
  }

  dispose(): void {
    this.#stopHearing();
    this.#source = null;
    this.#drawn.clear();
  }

  /** However often it is asked, it does so once, when the editor has the text. */
  #update(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const model = this.#editor.getModel();
    const ranges = this.#source?.previewed() ?? [];
    if (model === null || (ranges.length === 0 && this.#drawn.length === 0)) return;
    this.#drawn.set(
      ranges.map(({ start, end }) => ({
        range: monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end)),
        options: {
          inlineClassName: 'previewed-text',
          stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
        },
      })),
    );
  }
}

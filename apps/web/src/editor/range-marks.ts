// Ranges that are marked in the code and beside it, and the margin, where one presses.
import type { FileId } from '@codesync/protocol';
import type { Range } from '@codesync/room';
import { monaco } from './monaco.ts';

/** A range of a file that is marked. It moves with the text by itself. */
export type RangeMark = {
  readonly key: string;
  readonly file: FileId;
  /** Where it is in the text of the file at this moment, as the room has it; null: nowhere. */
  readonly at: () => Range | null;
  /** The one that is looked at. */
  readonly chosen: boolean;
};

/** A press on the margin: the line from 1, and the keys of the marks that are on it. */
export type MarginPress = { readonly line: number; readonly keys: readonly string[] };

const STICKY = monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges;

export class RangeMarkLayer {
  readonly #editor: monaco.editor.IStandaloneCodeEditor;
  readonly #drawn: monaco.editor.IEditorDecorationsCollection;
  /** A sign for each mark, in the order of `#shown`: the line that its range begins on. */
  readonly #signs: monaco.editor.IEditorDecorationsCollection;
  readonly #hovered: monaco.editor.IEditorDecorationsCollection;
  readonly #stop: monaco.IDisposable[];
  #marks: readonly RangeMark[] = [];
  #shown: readonly RangeMark[] = [];

  constructor(editor: monaco.editor.IStandaloneCodeEditor, pressed: (press: MarginPress) => void) {
    this.#editor = editor;
    this.#drawn = editor.createDecorationsCollection();
    this.#signs = editor.createDecorationsCollection();
    this.#hovered = editor.createDecorationsCollection();
    const lineAt = ({ target }: monaco.editor.IEditorMouseEvent): number | null =>
      target.type === monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN && editor.getModel() !== null
        ? target.position.lineNumber
        : null;
    this.#stop = [
      editor.onMouseDown((event) => {
        const line = lineAt(event);
        if (line !== null && event.event.leftButton) pressed({ line, keys: this.#on(line) });
      }),
      editor.onMouseMove((event) => this.#hover(lineAt(event))),
      editor.onMouseLeave(() => this.#hover(null)),
      editor.onDidChangeModel(() => this.#hover(null)),
    ];
  }

  /** Draws the marks of the file that the editor has now. */
  show(file: FileId, marks: readonly RangeMark[] = this.#marks): void {
    this.#marks = marks;
    const model = this.#editor.getModel();
    const here = marks.flatMap((mark) => {
      const range = mark.file === file ? mark.at() : null;
      return range === null ? [] : [{ mark, range }];
    });
    this.#shown = here.map(({ mark }) => mark);
    if (model === null) return;
    this.#drawn.set(here.map(({ mark, range }) => rangeOf(model, range, mark.chosen)));
    this.#signs.set(here.map(({ mark, range }) => signOf(model, range, mark.chosen)));
  }

  dispose(): void {
    for (const stop of this.#stop) stop.dispose();
    this.#drawn.clear();
    this.#signs.clear();
    this.#hovered.clear();
  }

  #on(line: number): string[] {
    const ranges = this.#signs.getRanges();
    return this.#shown.filter((_, i) => ranges[i]?.startLineNumber === line).map(({ key }) => key);
  }

  /** Shows that a press there begins something. */
  #hover(line: number | null): void {
    if (line === null || this.#on(line).length > 0) this.#hovered.clear();
    else
      this.#hovered.set([
        { range: new monaco.Range(line, 1, line, 1), options: { glyphMarginClassName: 'range-mark-add' } },
      ]);
  }
}

type Model = monaco.editor.ITextModel;
type Decoration = monaco.editor.IModelDeltaDecoration;

function rangeOf(model: Model, { start, end }: Range, chosen: boolean): Decoration {
  return {
    range: monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end)),
    options: {
      className: chosen ? 'range-mark range-mark-chosen' : 'range-mark',
      stickiness: STICKY,
      overviewRuler: {
        color: { id: 'editorInfo.foreground' },
        position: monaco.editor.OverviewRulerLane.Center,
      },
    },
  };
}

function signOf(model: Model, { start }: Range, chosen: boolean): Decoration {
  return {
    range: monaco.Range.fromPositions(model.getPositionAt(start)),
    options: {
      glyphMarginClassName: chosen ? 'range-mark-glyph range-mark-glyph-chosen' : 'range-mark-glyph',
      stickiness: STICKY,
    },
  };
}

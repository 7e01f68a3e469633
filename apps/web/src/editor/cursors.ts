// The others' cursors and selections in the editor. Names show when they move, and when the mouse comes near.
import { HUES } from '@codesync/protocol';
import type { FileDocument, RemoteCursor } from '../room-source/types.ts';
import { monaco } from './monaco.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

/** The others' cursors in one file, in positions of the editor's text. */
export type CursorSource = Pick<FileDocument, 'remoteCursors' | 'onCursors'>;

/** How long a name stays after its cursor moved. */
const SHOWN_MS = 2_000;
/** Columns beside a cursor in which the mouse brings its name back. */
const NEAR_COLUMNS = 1;
/** Room that a name needs to the right of its cursor, in pixels. */
const LABEL_ROOM = 140;

export class CursorLayer {
  readonly #editor: CodeEditor;
  readonly #selections: monaco.editor.IEditorDecorationsCollection;
  readonly #carets = new Map<string, Caret>();
  readonly #stop: monaco.IDisposable[];
  #source: CursorSource | null = null;
  /** By hue, as the page's theme has them now. */
  #colours: readonly string[] = [];
  #stopHearing: () => void = () => {};
  #scheduled = false;

  constructor(editor: CodeEditor) {
    this.#editor = editor;
    this.themeChanged();
    this.#selections = editor.createDecorationsCollection();
    this.#stop = [
      editor.onMouseMove(({ target }) => this.#pointAt(target.position)),
      editor.onMouseLeave(() => this.#pointAt(null)),
      editor.onDidScrollChange(() => {
        for (const caret of this.#carets.values()) caret.place();
      }),
    ];
  }

  /** Shows the cursors of the file that the editor has now. */
  show(source: CursorSource | null): void {
    this.#stopHearing();
    this.#source = source;
    this.#stopHearing = source?.onCursors(() => this.update()) ?? (() => {});
    this.update();
  }

  /** The page's colours are other ones. */
  themeChanged(): void {
    const style = getComputedStyle(document.documentElement);
    this.#colours = Array.from({ length: HUES }, (_, hue) =>
      style.getPropertyValue(`--person-${hue}`).trim(),
    );
    this.update();
  }

  /** Looks at the cursors again, once before the next frame however often it is asked for. */
  update(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  dispose(): void {
    this.#stopHearing();
    for (const stop of this.#stop) stop.dispose();
    this.#source = null;
    this.#draw();
  }

  #draw(): void {
    const model = this.#editor.getModel();
    const cursors = model === null ? [] : (this.#source?.remoteCursors() ?? []);
    const here = new Set(cursors.map(({ client }) => client));
    for (const [client, caret] of this.#carets) {
      if (here.has(client)) continue;
      caret.dispose();
      this.#carets.delete(client);
    }
    if (model === null) return;
    for (const cursor of cursors) {
      let caret = this.#carets.get(cursor.client);
      if (caret === undefined) {
        caret = new Caret(this.#editor, cursor.client);
        this.#carets.set(cursor.client, caret);
      }
      caret.set(cursor, model.getPositionAt(cursor.head));
    }
    this.#selections.set(
      cursors.flatMap((cursor) => decorationsOf(cursor, model, this.#colours[cursor.hue] ?? '')),
    );
  }

  #pointAt(position: monaco.IPosition | null): void {
    for (const caret of this.#carets.values()) caret.pointAt(position);
  }
}

function decorationsOf(
  { anchor, head, hue }: RemoteCursor,
  model: monaco.editor.ITextModel,
  color: string,
): monaco.editor.IModelDeltaDecoration[] {
  const range = monaco.Range.fromPositions(
    model.getPositionAt(Math.min(anchor, head)),
    model.getPositionAt(Math.max(anchor, head)),
  );
  const ruler: monaco.editor.IModelDeltaDecoration = {
    range: monaco.Range.fromPositions(model.getPositionAt(head)),
    options: { overviewRuler: { color, position: monaco.editor.OverviewRulerLane.Full } },
  };
  if (anchor === head) return [ruler];
  return [ruler, { range, options: { className: `remote-selection person-${hue}` } }];
}

/** One cursor: a bar and a name, laid over the text so that nothing moves for it. */
class Caret implements monaco.editor.IContentWidget {
  readonly allowEditorOverflow = false;
  readonly suppressMouseDown = false;
  readonly #editor: CodeEditor;
  readonly #id: string;
  readonly #node = document.createElement('div');
  readonly #label = document.createElement('div');
  #position: monaco.Position | null = null;
  #movedAt = 0;
  #hide: ReturnType<typeof setTimeout> | null = null;

  constructor(editor: CodeEditor, client: string) {
    this.#editor = editor;
    this.#id = `remote-cursor-${client}`;
    this.#label.className = 'remote-cursor-name';
    this.#node.append(this.#label);
    // The people in the room, and where they are, are told in the people panel.
    this.#node.ariaHidden = 'true';
    editor.addContentWidget(this);
  }

  getId = (): string => this.#id;

  getDomNode = (): HTMLElement => this.#node;

  getPosition = (): monaco.editor.IContentWidgetPosition | null =>
    this.#position === null
      ? null
      : { position: this.#position, preference: [monaco.editor.ContentWidgetPositionPreference.EXACT] };

  set({ name, hue, movedAt }: RemoteCursor, position: monaco.Position): void {
    this.#label.textContent = name;
    this.#node.className = `remote-cursor person-${hue}`;
    this.#node.style.height = `${this.#editor.getOption(monaco.editor.EditorOption.lineHeight)}px`;
    this.#position = position;
    this.place();
    if (movedAt > this.#movedAt) this.#showFor(movedAt + SHOWN_MS - Date.now());
    this.#movedAt = movedAt;
    this.#editor.layoutContentWidget(this);
  }

  pointAt(at: monaco.IPosition | null): void {
    const near =
      at !== null &&
      this.#position?.lineNumber === at.lineNumber &&
      Math.abs(this.#position.column - at.column) <= NEAR_COLUMNS;
    this.#node.dataset.near = String(near);
  }

  dispose(): void {
    if (this.#hide !== null) clearTimeout(this.#hide);
    this.#editor.removeContentWidget(this);
  }

  /** The name stands above its line; below it where there is no line above in view, and to the left at the edge. */
  place(): void {
    if (this.#position === null) return;
    const editor = this.#editor;
    const spot = editor.getScrolledVisiblePosition(this.#position);
    const { contentLeft, contentWidth } = editor.getLayoutInfo();
    this.#node.dataset.below = String(spot !== null && spot.top < spot.height);
    this.#node.dataset.left = String(spot !== null && spot.left > contentLeft + contentWidth - LABEL_ROOM);
  }

  #showFor(ms: number): void {
    if (this.#hide !== null) clearTimeout(this.#hide);
    this.#hide = null;
    this.#node.dataset.moved = String(ms > 0);
    if (ms <= 0) return;
    this.#hide = setTimeout(() => {
      this.#node.dataset.moved = 'false';
    }, ms);
  }
}

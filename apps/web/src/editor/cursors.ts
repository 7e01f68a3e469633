// The others' cursors and selections in the editor. Names show while they type, and when the mouse comes near.
import { HUES, type Span } from '@codesync/protocol';
import type { FileReading, RemoteCursors } from '../room-source/types.ts';
import { flagRow } from './flags.ts';
import { monaco } from './monaco.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

/** The others' cursors in one file, in positions of the editor's text. */
export type CursorSource = Pick<FileReading, 'remoteCursors' | 'onCursors'>;

/** How long a name stays after its owner typed. */
const SHOWN_MS = 2_000;
/** Columns beside a cursor in which the mouse brings its name back. */
const NEAR_COLUMNS = 1;
/** A line of more columns than this ends out of view, and is not measured. */
const LONG_COLUMNS = 500;
/** The height of a name, as editor.css has it. */
const NAME_PX = 16;

export class CursorLayer {
  readonly #editor: CodeEditor;
  readonly #selections: monaco.editor.IEditorDecorationsCollection;
  /** By their client and their number. */
  readonly #carets = new Map<string, Caret>();
  readonly #stop: monaco.IDisposable[];
  #source: CursorSource | null = null;
  /** By hue, as the page's theme has them now. */
  #colours: readonly string[] = [];
  #stopHearing: () => void = () => {};
  #scheduled = false;
  #frame: number | null = null;

  constructor(editor: CodeEditor) {
    this.#editor = editor;
    this.themeChanged();
    this.#selections = editor.createDecorationsCollection();
    this.#stop = [
      editor.onMouseMove(({ target }) => this.#pointAt(target.position)),
      editor.onMouseLeave(() => this.#pointAt(null)),
      editor.onDidScrollChange(() => this.#arrangeSoon()),
      editor.onDidLayoutChange(() => this.#arrangeSoon()),
      editor.onDidChangeCursorPosition(() => this.#arrangeSoon()),
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

  /** Looks at the cursors again. However often it is asked, it does so once before the next frame. */
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
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    const model = this.#editor.getModel();
    const cursors = model === null ? [] : (this.#source?.remoteCursors() ?? []);
    // A viewer has no caret. What they select is shown, since they point at it.
    const shown = cursors
      .filter(({ viewer }) => !viewer)
      .flatMap((cursor) =>
        cursor.spans.map(({ head }, i) => ({
          id: `${cursor.client}-${i}`,
          head,
          // The name stands beside the main cursor.
          cursor: i === 0 ? cursor : { ...cursor, typedAt: 0 },
        })),
      );
    const ids = new Set(shown.map(({ id }) => id));
    for (const [id, caret] of this.#carets) {
      if (ids.has(id)) continue;
      caret.dispose();
      this.#carets.delete(id);
    }
    if (model === null) return;
    for (const { id, cursor, head } of shown) {
      let caret = this.#carets.get(id);
      if (caret === undefined) {
        caret = new Caret(this.#editor, id);
        this.#carets.set(id, caret);
      }
      caret.set(cursor, model.getPositionAt(head));
    }
    this.#arrangeSoon();
    this.#selections.set(
      cursors.flatMap((cursor) => decorationsOf(cursor, model, this.#colours[cursor.hue] ?? '')),
    );
  }

  #pointAt(position: monaco.IPosition | null): void {
    let changed = false;
    for (const caret of this.#carets.values()) changed = caret.pointAt(position) || changed;
    if (changed) this.#arrangeSoon();
  }

  /**
   * Once, in the next frame. The editor tells of its layout in the middle of laying itself out, when it cannot be
   * measured. To measure it before it is drawn would draw it for each key. While no name shows, it asks for no frame.
   */
  #arrangeSoon(): void {
    if (![...this.#carets.values()].some(({ named }) => named)) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#arrange();
    });
  }

  /** Gives the names that show their places, line by line. */
  #arrange(): void {
    const lines = new Map<number, Caret[]>();
    for (const caret of this.#carets.values()) {
      if (!caret.named || caret.line === null) continue;
      lines.set(caret.line, [...(lines.get(caret.line) ?? []), caret]);
    }
    for (const [line, carets] of lines) this.#arrangeLine(line, carets);
  }

  #arrangeLine(line: number, carets: readonly Caret[]): void {
    const editor = this.#editor;
    const spots = carets.map((caret) => caret.spot());
    const first = spots.find((spot) => spot !== null);
    const model = editor.getModel();
    if (first === undefined || model === null) return;
    const { contentLeft, contentWidth, verticalScrollbarWidth } = editor.getLayoutInfo();
    const column = model.getLineMaxColumn(line);
    const end =
      column > LONG_COLUMNS ? null : editor.getScrolledVisiblePosition({ lineNumber: line, column });
    const reader = editor.getPosition()?.lineNumber;
    const row = flagRow(
      carets.map((caret) => caret.width),
      {
        // A line that is wrapped ends elsewhere.
        end: end === null || end.top !== first.top ? Number.POSITIVE_INFINITY : end.left,
        caret: first.left,
        from: contentLeft,
        to: contentLeft + contentWidth - verticalScrollbarWidth,
        above: first.top >= first.height && reader !== line - 1,
        below: reader !== line + 1,
      },
    );
    const top =
      row?.side === 'above'
        ? -NAME_PX
        : row?.side === 'below'
          ? first.height
          : Math.round((first.height - NAME_PX) / 2);
    for (const [i, caret] of carets.entries()) {
      const left = row?.lefts[i];
      const spot = spots[i];
      caret.putName(left === undefined || spot == null ? null : { left: left - spot.left, top });
    }
  }
}

function decorationsOf(
  { spans, hue }: RemoteCursors,
  model: monaco.editor.ITextModel,
  color: string,
): monaco.editor.IModelDeltaDecoration[] {
  return spans.flatMap((span) => decorationsOfSpan(span, hue, model, color));
}

function decorationsOfSpan(
  { anchor, head }: Span,
  hue: number,
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
  readonly #name = document.createElement('div');
  #position: monaco.Position | null = null;
  #typedAt = 0;
  #typing = false;
  #near = false;
  #width = 0;
  #hide: ReturnType<typeof setTimeout> | null = null;

  constructor(editor: CodeEditor, id: string) {
    this.#editor = editor;
    this.#id = `remote-cursor-${id}`;
    this.#name.className = 'remote-cursor-name';
    this.#node.append(this.#name);
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

  /** Whether its name is to be seen. */
  get named(): boolean {
    return this.#typing || this.#near;
  }

  get line(): number | null {
    return this.#position?.lineNumber ?? null;
  }

  /** Of its name. */
  get width(): number {
    if (this.#width === 0) this.#width = this.#name.offsetWidth;
    return this.#width;
  }

  /** Where it is in the editor; null out of view. */
  spot(): { readonly top: number; readonly left: number; readonly height: number } | null {
    return this.#position === null ? null : this.#editor.getScrolledVisiblePosition(this.#position);
  }

  set({ name, hue, typedAt }: RemoteCursors, position: monaco.Position): void {
    if (this.#name.textContent !== name) {
      this.#name.textContent = name;
      this.#width = 0;
    }
    this.#node.className = `remote-cursor person-${hue}`;
    this.#node.style.height = `${this.#editor.getOption(monaco.editor.EditorOption.lineHeight)}px`;
    this.#position = position;
    if (typedAt > this.#typedAt) this.#showFor(typedAt + SHOWN_MS - Date.now());
    this.#typedAt = typedAt;
    this.#editor.layoutContentWidget(this);
  }

  /** True if that shows its name, or hides it. */
  pointAt(at: monaco.IPosition | null): boolean {
    const near =
      at !== null &&
      this.#position?.lineNumber === at.lineNumber &&
      Math.abs(this.#position.column - at.column) <= NEAR_COLUMNS;
    if (near === this.#near) return false;
    this.#near = near;
    this.#tell();
    return true;
  }

  /** Where its name stands, from the bar; null where it finds no room. */
  putName(place: { readonly left: number; readonly top: number } | null): void {
    this.#name.hidden = place === null;
    if (place === null) return;
    this.#name.style.left = `${place.left}px`;
    this.#name.style.top = `${place.top}px`;
  }

  dispose(): void {
    if (this.#hide !== null) clearTimeout(this.#hide);
    this.#editor.removeContentWidget(this);
  }

  #showFor(ms: number): void {
    if (this.#hide !== null) clearTimeout(this.#hide);
    this.#hide = null;
    this.#typing = ms > 0;
    this.#tell();
    if (ms > 0) this.#hide = setTimeout(() => this.#showFor(0), ms);
  }

  #tell(): void {
    this.#node.dataset.named = String(this.named);
  }
}

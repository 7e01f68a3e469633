// Holds a Monaco model and a file of the room together. Remote edits never enter Monaco's own undo stack.
import { compose, isNoop, NOOP, type Op, toEdits, transformPosition } from '@codesync/ot';
import { carrySpans, type Range, spanBefore } from '@codesync/room';
import type { FileDocument, FileReading, RemoteCursors } from '../room-source/types.ts';
import { endOfChange, opOfChanges } from './changes.ts';
import type { Composition } from './composition.ts';
import { crossLocal, holdBack, type Stretch } from './held-edits.ts';
import { monaco } from './monaco.ts';
import { UndoSteps } from './undo-steps.ts';
import { keepWholeCharacters } from './whole-characters.ts';

type Model = monaco.editor.ITextModel;
type CodeEditor = monaco.editor.IStandaloneCodeEditor;

export type BindingOptions = {
  readonly model: Model;
  readonly document: FileReading;
  /** The same file, for what is typed; null: nothing can be typed. */
  readonly writing: FileDocument | null;
  /** The editor, when it shows this model. */
  readonly editor: () => CodeEditor | null;
  readonly composition: Composition;
  /** The text was changed, by whoever. */
  readonly changed: () => void;
};

export class Binding {
  readonly #options: BindingOptions;
  readonly #steps = new UndoSteps();
  readonly #stop: (() => void)[] = [];
  /** Others' edits that the document has and the model has not: they wait for the end of a composition. */
  #held: Op = NOOP;
  #applying = false;
  /** The model is telling its listeners of a change. Until all have heard, nobody may change it again. */
  #telling = false;

  constructor(options: BindingOptions) {
    this.#options = options;
    const { model, document, writing } = options;
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    const listening = model.onDidChangeContent((event) => this.#onChange(event));
    this.#stop.push(() => listening.dispose());
    this.#stop.push(document.onRemote((op) => this.#onRemote(op)));
    keepWholeCharacters(model);
    // Every way to undo (keys, commands, `trigger`) ends at these two methods of the model.
    Object.assign(model, {
      undo: () => this.#step(writing?.undo),
      redo: () => this.#step(writing?.redo),
    });
  }

  dispose(): void {
    for (const stop of this.#stop) stop();
  }

  /** The cursor was put elsewhere by hand: what is typed next is another undo step. */
  cursorJumped(): void {
    this.#steps.end();
  }

  /** Lets in what was held back. */
  compositionEnded(): void {
    this.#steps.compositionEnded();
    const held = this.#held;
    this.#held = NOOP;
    this.#letIn(held);
  }

  /** A position of the model in the document's text. */
  inDocument(position: number): number {
    return transformPosition(position, this.#held, 'left');
  }

  /** A range of the document in the text that the room has, which is without what only peers have. */
  inText(range: Range): Range {
    return this.#options.writing?.inText(range) ?? range;
  }

  onCursors(listener: () => void): () => void {
    return this.#options.document.onCursors(listener);
  }

  /** The others' cursors, in positions of the model. */
  remoteCursors(): readonly RemoteCursors[] {
    const cursors = this.#options.document.remoteCursors();
    if (isNoop(this.#held)) return cursors;
    return cursors.map((cursor) => ({
      ...cursor,
      spans: cursor.spans.map((span) => spanBefore(span, this.#held)),
    }));
  }

  onPreviewed(listener: () => void): () => void {
    return this.#options.writing?.onPreviewed(listener) ?? (() => {});
  }

  /** Text of peers that the log does not have, in positions of the model. */
  previewed(): readonly Range[] {
    const ranges = this.#options.writing?.previewed() ?? [];
    if (isNoop(this.#held)) return ranges;
    return ranges.map(({ start, end }) => {
      const { anchor, head } = spanBefore({ anchor: start, head: end }, this.#held);
      return { start: anchor, end: head };
    });
  }

  #onChange({ changes }: monaco.editor.IModelContentChangedEvent): void {
    const { writing, composition, changed } = this.#options;
    if (this.#applying || writing === null) return;
    const boundary = this.#steps.begins(changes, performance.now(), composition.open);
    const { held, local } = crossLocal(this.#held, opOfChanges(changes));
    this.#held = held;
    composition.goesOn();
    this.#telling = true;
    try {
      writing.edit(local, boundary);
    } finally {
      this.#telling = false;
    }
    changed();
  }

  #onRemote(op: Op): void {
    if (this.#telling) {
      this.#held = compose(this.#held, op);
      queueMicrotask(() => this.#onRemote(NOOP));
      return;
    }
    const { composition } = this.#options;
    const { held, letIn } = holdBack(this.#held, op, this.#composed());
    this.#held = held;
    if (!isNoop(held)) composition.awaited();
    this.#letIn(letIn);
  }

  /** The lines on which text is composed now. */
  #composed(): Stretch[] {
    const { model, composition, editor } = this.#options;
    const selections = composition.open ? (editor()?.getSelections() ?? []) : [];
    return selections.map(({ startLineNumber, endLineNumber }) => ({
      from: model.getOffsetAt({ lineNumber: startLineNumber, column: 1 }),
      to: model.getOffsetAt({ lineNumber: endLineNumber, column: model.getLineMaxColumn(endLineNumber) }),
    }));
  }

  #letIn(op: Op): void {
    if (isNoop(op)) return;
    this.#steps.carry((position) => transformPosition(position, op, 'left'));
    const editor = this.#options.editor();
    if (editor === null) this.#apply(op);
    else keepingView(editor, this.#options.model, op, () => this.#apply(op));
    this.#options.changed();
  }

  #step(take: (() => Op | null) | undefined): void {
    if (take === undefined) return;
    // An undo may change the line that an input method composes on.
    this.#options.composition.end();
    const op = take();
    this.#steps.end();
    if (op === null || isNoop(op)) return;
    this.#apply(op);
    const position = this.#options.model.getPositionAt(endOfChange(op));
    const editor = this.#options.editor();
    editor?.setPosition(position, 'undo');
    editor?.revealPositionInCenterIfOutsideViewport(position);
    this.#options.changed();
  }

  #apply(op: Op): void {
    const { model } = this.#options;
    const edits = toEdits(op).map(({ at, remove, insert }) => ({
      range: monaco.Range.fromPositions(model.getPositionAt(at), model.getPositionAt(at + remove)),
      text: insert,
      forceMoveMarkers: false,
    }));
    this.#applying = true;
    try {
      model.applyEdits(edits);
    } finally {
      this.#applying = false;
    }
  }
}

/**
 * Makes others' change without moving what this person sees. Cursors and selections go where others see them go. The
 * line at the top of the view stays at the top.
 */
function keepingView(editor: CodeEditor, model: Model, op: Op, change: () => void): void {
  const offsetOf = (line: number, column: number) => model.getOffsetAt({ lineNumber: line, column });
  const spans = (editor.getSelections() ?? []).map((selection) => ({
    anchor: offsetOf(selection.selectionStartLineNumber, selection.selectionStartColumn),
    head: offsetOf(selection.positionLineNumber, selection.positionColumn),
  }));
  const topLine = editor.getVisibleRanges()[0]?.startLineNumber ?? 1;
  const top = offsetOf(topLine, 1);
  const above = editor.getScrollTop() - editor.getTopForLineNumber(topLine);
  const scrolled = editor.getScrollTop() > 0;

  change();

  const after = carrySpans(spans, op, false).map(({ anchor, head }) =>
    monaco.Selection.fromPositions(model.getPositionAt(anchor), model.getPositionAt(head)),
  );
  if (!monaco.Selection.selectionsArrEqual(editor.getSelections() ?? [], after)) {
    editor.setSelections(after, 'remote');
  }
  if (!scrolled) return;
  // Text inserted at the very start of the top line goes above the view, and pushes that line down.
  const line = model.getPositionAt(transformPosition(top, op, 'right')).lineNumber;
  const scrollTop = editor.getTopForLineNumber(line) + above;
  if (scrollTop !== editor.getScrollTop()) {
    editor.setScrollTop(scrollTop, monaco.editor.ScrollType.Immediate);
  }
}

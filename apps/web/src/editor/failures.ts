// Marks the lines at which the last run failed, for as long as nobody changes them.
import type { FileId } from '@codesync/protocol';
import type { FileReading } from '../room-source/types.ts';
import { monaco } from './monaco.ts';

type Model = monaco.editor.ITextModel;

/** A place at which a run failed, in the version of the file that it was started with. Lines and columns from 1. */
export type FailurePlace = {
  readonly file: FileId;
  readonly version: number;
  readonly line: number;
  readonly column?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly message: string;
  readonly severity: 'error' | 'warning';
};

type Mark = { readonly id: string; readonly text: string };

/** The marks in one file. They move with the text, and go when their line changes. */
class Marks {
  readonly #model: Model;
  readonly #listening: monaco.IDisposable;
  #marks: Mark[];

  constructor(model: Model, document: FileReading, places: readonly FailurePlace[]) {
    this.#model = model;
    const found = places.flatMap((place) => {
      const line = document.lineNow(place.version, place.line);
      return line === null || line > model.getLineCount() ? [] : [{ place, line }];
    });
    const ids = model.deltaDecorations(
      [],
      found.map(({ place, line }) => decorationOf(model, place, line)),
    );
    this.#marks = found.map(({ line }, i) => ({ id: ids[i]!, text: model.getLineContent(line) }));
    this.#listening = model.onDidChangeContent(() => this.#look());
  }

  dispose(): void {
    this.#listening.dispose();
    if (!this.#model.isDisposed()) this.#remove(this.#marks);
  }

  #look(): void {
    if (this.#marks.length === 0) return;
    const stale = this.#marks.filter(({ id, text }) => {
      const range = this.#model.getDecorationRange(id);
      return range === null || this.#model.getLineContent(range.startLineNumber) !== text;
    });
    if (stale.length > 0) this.#remove(stale);
  }

  #remove(marks: readonly Mark[]): void {
    this.#model.deltaDecorations(
      marks.map(({ id }) => id),
      [],
    );
    this.#marks = this.#marks.filter((mark) => !marks.includes(mark));
  }
}

/** The marks in all files that have been shown. */
export class FailureLayer {
  readonly #shown = new Map<Model, Marks>();
  #places: readonly FailurePlace[] = [];

  /** Other places than before, or none. */
  set(places: readonly FailurePlace[]): void {
    this.dispose();
    this.#places = places;
  }

  /** Marks a file, unless it is marked already. */
  show(model: Model, document: FileReading): void {
    if (this.#shown.has(model)) return;
    const places = this.#places.filter(({ file }) => file === document.file);
    if (places.length > 0) this.#shown.set(model, new Marks(model, document, places));
  }

  dispose(): void {
    for (const marks of this.#shown.values()) marks.dispose();
    this.#shown.clear();
  }
}

function decorationOf(model: Model, place: FailurePlace, line: number): monaco.editor.IModelDeltaDecoration {
  const { message, severity } = place;
  const error = severity === 'error';
  const hover = { value: quoted(message) };
  return {
    range: rangeOf(model, place, line),
    options: {
      inlineClassName: `run-failure-text run-failure-${severity}`,
      linesDecorationsClassName: `run-failure-glyph run-failure-${severity}`,
      hoverMessage: hover,
      lineNumberHoverMessage: hover,
      stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
      overviewRuler: {
        color: { id: error ? 'editorError.foreground' : 'editorWarning.foreground' },
        position: monaco.editor.OverviewRulerLane.Right,
      },
    },
  };
}

/** The part of the line that is meant: as told, else the word at the column, else the line without its indentation. */
function rangeOf(model: Model, { column, endColumn }: FailurePlace, line: number): monaco.Range {
  const last = model.getLineMaxColumn(line);
  const first = model.getLineFirstNonWhitespaceColumn(line) || 1;
  if (column === undefined || column >= last) return new monaco.Range(line, first, line, last);
  const word = model.getWordAtPosition({ lineNumber: line, column });
  const end = endColumn !== undefined && endColumn > column ? endColumn : (word?.endColumn ?? column + 1);
  return new monaco.Range(line, column, line, Math.min(end, last));
}

/** What a program printed, as Markdown that shows it as it is: nothing in it can end the fence. */
function quoted(message: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...message.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}text\n${message}\n${fence}`;
}

// A run's output as styled lines, built piece by piece. Pure.
import {
  type ParticipantId,
  type RunPiece,
  type RunStream,
  stretchesOf,
  type TypedPiece,
} from '@codesync/protocol';
import { AnsiReader, type Style, type Token } from './ansi.ts';

/** Who typed something. `by` is null or absent where that is not known. */
export type Typed = { readonly by?: ParticipantId | null | undefined };
/** `typed`: it is no output, a person typed it. */
export type Span = { readonly text: string; readonly style: Style | null; readonly typed: Typed | null };
export type Line = { readonly stream: RunStream; readonly spans: readonly Span[] };

/** Some lines that are shown together. A full block never changes again; `version` tells changes of the last one. */
export type Block = { readonly id: number; readonly lines: readonly Line[]; readonly version: number };

const BLOCK_LINES = 200;
/** Lines that are shown; the whole output can still be copied. */
export const SHOWN_LINES = 20_000;
/** A longer line is broken here, so that one endless line does not become one endless box. */
const LINE_UNITS = 8_000;

type OpenLine = { stream: RunStream; spans: Span[]; units: number; column: number };

/**
 * The lines of one run. stdout and stderr never share a line. What was typed in goes on in the line of its prompt.
 * `take` reads what was added to a growing list of pieces since the last call. The list must be one that `follows`
 * allows.
 */
export class Transcript {
  readonly #readers = { stdout: new AnsiReader(), stderr: new AnsiReader() };
  readonly #blocks: { readonly id: number; readonly lines: Line[]; version: number }[] = [];
  #line: OpenLine = freshLine('stdout');
  #nextBlock = 0;
  #dropped = 0;
  #read: readonly RunPiece[] = [];

  /** Lines no longer shown. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Whether `pieces` is what was read so far, with or without more at its end. The same run from another source may be
   * cut into other pieces, for example from the server after this device's copy. It then needs a new transcript.
   */
  follows(pieces: readonly RunPiece[]): boolean {
    const last = this.#read.length - 1;
    if (last < 0) return true;
    const before = this.#read[last]!;
    const now = pieces[last];
    return (
      now?.stream === before.stream &&
      now.text.startsWith(before.text) &&
      turnsOf(before).every((length, i, { length: turns }) =>
        i < turns - 1 ? turnsOf(now)[i] === length : turnsOf(now)[i]! >= length,
      ) &&
      (last === 0 || pieces[last - 1]!.text === this.#read[last - 1]!.text)
    );
  }

  /** True when there was something new. */
  take(pieces: readonly RunPiece[]): boolean {
    let news = false;
    for (let i = Math.max(0, this.#read.length - 1); i < pieces.length; i++) {
      const piece = pieces[i]!;
      const read = this.#read[i]?.text.length ?? 0;
      if (piece.text.length <= read) continue;
      if (piece.stream === 'stdin') this.#typed(piece, read);
      else for (const { stream, text } of stretchesOf(piece, read)) this.#printed(stream, text);
      news = true;
    }
    this.#read = pieces;
    return news;
  }

  /** The blocks to show, the open line included. Objects of blocks that did not change stay the same. */
  blocks(): readonly Block[] {
    if (this.#line.spans.length === 0) return [...this.#blocks];
    const open: Line = { stream: this.#line.stream, spans: [...this.#line.spans] };
    const last = this.#blocks.at(-1);
    if (last === undefined || last.lines.length >= BLOCK_LINES) {
      return [...this.#blocks, { id: this.#nextBlock, lines: [open], version: -this.#line.units }];
    }
    const shown = { id: last.id, lines: [...last.lines, open], version: last.version };
    return [...this.#blocks.slice(0, -1), shown];
  }

  #typed({ text, by }: TypedPiece, from: number): void {
    const typed = { by };
    for (const [i, part] of text.slice(from).split('\n').entries()) {
      if (i > 0) this.#endLine();
      this.#write({ text: part, style: null, typed });
    }
  }

  #printed(stream: RunStream, text: string): void {
    for (const token of this.#readers[stream].push(text)) this.#show(stream, token);
  }

  #show(stream: RunStream, token: Token): void {
    if (this.#line.stream !== stream) {
      if (this.#line.spans.length > 0) this.#endLine();
      this.#line.stream = stream;
    }
    switch (token.kind) {
      case 'text':
        this.#write({ text: token.text, style: token.style, typed: null });
        return;
      case 'newline':
        this.#endLine();
        return;
      case 'return':
        this.#line.column = 0;
        return;
      case 'backspace':
        this.#line.column = Math.max(0, this.#line.column - 1);
        return;
      case 'erase-right':
        this.#line.spans = sliceSpans(this.#line.spans, 0, this.#line.column);
        this.#line.units = this.#line.column;
        return;
      case 'erase-line':
        this.#line.spans = [];
        this.#line.units = 0;
        this.#line.column = 0;
        return;
    }
  }

  #write(span: Span): void {
    let rest = span.text;
    while (rest !== '') {
      const line = this.#line;
      const room = LINE_UNITS - line.column;
      if (room <= 0) {
        this.#endLine();
        continue;
      }
      const text = rest.slice(0, room);
      rest = rest.slice(room);
      const end = line.column + text.length;
      const piece = { ...span, text };
      line.spans =
        line.column >= line.units
          ? appendSpan(line.spans, piece)
          : [...sliceSpans(line.spans, 0, line.column), piece, ...sliceSpans(line.spans, end, line.units)];
      line.column = end;
      line.units = Math.max(line.units, end);
    }
  }

  #endLine(): void {
    const { stream, spans } = this.#line;
    const last = this.#blocks.at(-1);
    if (last === undefined || last.lines.length >= BLOCK_LINES) {
      this.#blocks.push({ id: this.#nextBlock++, lines: [{ stream, spans }], version: 1 });
      if (this.#blocks.length * BLOCK_LINES > SHOWN_LINES)
        this.#dropped += this.#blocks.shift()!.lines.length;
    } else {
      last.lines.push({ stream, spans });
      last.version += 1;
    }
    this.#line = freshLine(stream);
  }
}

function freshLine(stream: RunStream): OpenLine {
  return { stream, spans: [], units: 0, column: 0 };
}

/** The lengths of a piece's stretches. */
function turnsOf(piece: RunPiece): readonly number[] {
  return (piece.stream === 'stdin' ? undefined : piece.turns) ?? [piece.text.length];
}

/** Appends in place; text of one style is one span. */
function appendSpan(spans: Span[], span: Span): Span[] {
  const last = spans.at(-1);
  if (last !== undefined && last.style === span.style && sameHand(last.typed, span.typed)) {
    spans[spans.length - 1] = { ...last, text: last.text + span.text };
  } else {
    spans.push(span);
  }
  return spans;
}

function sameHand(a: Typed | null, b: Typed | null): boolean {
  return a === null || b === null ? a === b : a.by === b.by;
}

function sliceSpans(spans: readonly Span[], from: number, to: number): Span[] {
  const cut: Span[] = [];
  let at = 0;
  for (const span of spans) {
    const text = span.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') cut.push({ ...span, text });
    at += span.text.length;
  }
  return cut;
}

/** What “Copy all” copies: the text as it came, without escape sequences. */
export function plainText(pieces: readonly RunPiece[]): string {
  const readers = { stdout: new AnsiReader(), stderr: new AnsiReader() };
  let text = '';
  for (const piece of pieces) {
    if (piece.stream === 'stdin') {
      text += piece.text;
      continue;
    }
    for (const stretch of stretchesOf(piece)) {
      for (const token of readers[stretch.stream].push(stretch.text)) {
        if (token.kind === 'text') text += token.text;
        else if (token.kind === 'newline') text += '\n';
      }
    }
  }
  return text;
}

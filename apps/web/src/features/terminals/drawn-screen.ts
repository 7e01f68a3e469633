// The screen of a terminal of xterm.js, as the predictor of keys sees it.
import type { IMarker, Terminal } from '@xterm/xterm';
import type { DrawnScreen } from './predictor.ts';

/** Lines that no screen has. */
const FAR = 1_000_000;

export class XtermScreen implements DrawnScreen {
  readonly #terminal: Terminal;
  /** Goes with a line of the normal screen when that scrolls, and when the oldest lines are given up. */
  #marker: IMarker | null = null;
  /** The number of the marker's line. */
  #markerLine = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get alternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  get col(): number {
    return this.#terminal.buffer.active.cursorX;
  }

  get line(): number {
    const { baseY, cursorY } = this.#terminal.buffer.active;
    return baseY + cursorY + this.#offset;
  }

  cells(line: number): readonly string[] | null {
    const { buffer, cols } = this.#terminal;
    const row = this.rowOf(line);
    const content = row === null ? undefined : buffer.active.getLine(buffer.active.baseY + row);
    if (content === undefined) return null;
    const cell = buffer.active.getNullCell();
    return Array.from({ length: cols }, (_, col) => {
      content.getCell(col, cell);
      return cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
    });
  }

  /** Which line of the screen it is, from its top; null for one that is not there. */
  rowOf(line: number): number | null {
    const row = line - this.#offset - this.#terminal.buffer.active.baseY;
    return row >= 0 && row < this.#terminal.rows ? row : null;
  }

  close(): void {
    this.#marker?.dispose();
  }

  /** What the number of a line is ahead of its place in the buffer. */
  get #offset(): number {
    if (this.alternate) return 0;
    if (this.#marker === null || this.#marker.isDisposed) {
      this.#marker = this.#terminal.registerMarker(0);
      // The lines of before have other numbers than any from now on.
      this.#markerLine += FAR;
    }
    return this.#markerLine - this.#marker.line;
  }
}

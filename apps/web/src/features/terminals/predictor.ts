/**
 * What a shell is going to show of the keys that it was sent: after mosh (Winstein and Balakrishnan, “Mosh: An Interactive
 * Remote Shell for Mobile Clients”, 2012). Pure: keys and what is drawn come in, what to draw over it goes out.
 *
 * Keys are predicted on one line: what can be typed, Backspace, and ← and → within what was typed. Any other key is a
 * barrier: what comes after it is predicted once the shell has taken it. Behind each barrier, and after each prediction
 * that did not come true, begins an epoch. Nothing of an epoch is shown before one of its predictions came true.
 */

/** What is drawn of the terminal. */
export type DrawnScreen = {
  readonly cols: number;
  /** The cursor's line, by a number that it keeps while the screen scrolls; and its column, from 0 to `cols`. */
  readonly line: number;
  readonly col: number;
  /** Whether it is the other screen, which programs have that fill all of it. */
  readonly alternate: boolean;
  /**
   * The cells of a line: a character in each, ' ' where there is none, '' in the second half of a wide one. Null for a
   * line that is not on the screen.
   */
  readonly cells: (line: number) => readonly string[] | null;
};

type PredictedCell = {
  readonly col: number;
  readonly text: string;
  /** In cells. */
  readonly width: number;
  /** False for what is there already, and covers the cursor. */
  readonly predicted: boolean;
};

/** What is to be drawn over a line. `cursor`: the column where it is to be; null where it is. */
export type Prediction = {
  readonly line: number;
  readonly cells: readonly PredictedCell[];
  readonly cursor: number | null;
};

type Key = { readonly number: number; readonly text: string };

type Line = {
  readonly epoch: number;
  readonly line: number;
  /** The cells ahead of what is predicted. */
  readonly ahead: readonly string[];
  /** The line as it is going to be, the cursor in it, and how far that came. */
  cells: string[];
  col: number;
  reach: number;
  /** The newest key in it. */
  newest: number;
  /** A barrier follows. */
  closed: boolean;
  /** By column, what has not come true. `before`: what stood there when it was predicted. */
  readonly open: Map<number, { readonly number: number; readonly before: readonly string[] }>;
};

/** Milliseconds of a round trip: from the first on is predicted, and not any more below the second. As in mosh. */
const BEGIN_MS = 30;
const END_MS = 20;
/** What is longer was pasted. */
const MOST_CHARACTERS = 16;
/** Keys that are remembered. No more than these wait behind a barrier. */
const MOST_KEYS = 200;

const ENTER = '\r';
const BACKSPACE = '\x7f';
const LEFT = ['\x1b[D', '\x1bOD'];
const RIGHT = ['\x1b[C', '\x1bOC'];

export class Predictor {
  readonly #widthOf: (character: string) => number;
  #on = false;
  #epoch = 0;
  /** The newest epoch of which a prediction came true. */
  #confirmed = 0;
  #line: Line | null = null;
  /** The numbers of the newest message that was sent, and that was taken. */
  #sent = 0;
  #taken = 0;
  /** Nothing is predicted until the shell has taken this message; null when something may be. */
  #barrier: number | null = null;
  /** The newest keys. Those that are not taken are in the line, or wait behind the barrier. */
  readonly #keys: Key[] = [];

  /** @param widthOf the cells that a character takes in the terminal */
  constructor(widthOf: (character: string) => number) {
    this.#widthOf = widthOf;
  }

  /** How long a key takes to the server and back. Null: nobody knows. */
  roundTrip(ms: number | null): void {
    this.#on = ms !== null && (this.#on ? ms > END_MS : ms >= BEGIN_MS);
    if (!this.#on) this.drop();
  }

  /** A message with that number was sent to the shell. */
  typed(number: number, text: string, screen: DrawnScreen): void {
    this.#sent = number;
    this.#keys.push({ number, text });
    if (this.#keys.length > MOST_KEYS) this.#keys.shift();
    if (!this.#on || screen.alternate) this.drop();
    else if (this.#barrier === null) this.#predict({ number, text }, screen);
  }

  /** The screen has changed. `taken`: the newest message whose echo is there, if it has one; 0 if that is no news. */
  drawn(taken: number, screen: DrawnScreen): void {
    this.#taken = Math.max(this.#taken, Math.min(taken, this.#sent));
    const line = this.#line;
    if (line !== null && !this.#holds(line, screen)) {
      if (line.closed) this.#line = null;
      else this.drop();
    }
    if (this.#barrier === null || this.#barrier > this.#taken) return;
    this.#barrier = null;
    this.#line = null;
    if (this.#sent > this.#taken) this.#resume(screen);
  }

  /** Another screen is there, or one of another size. */
  drop(): void {
    this.#line = null;
    this.#barrier = this.#sent > this.#taken ? this.#sent : null;
  }

  /** Null when nothing is. */
  shown(screen: DrawnScreen): Prediction | null {
    const line = this.#line;
    const cells = line === null ? null : screen.cells(line.line);
    if (line === null || cells === null || line.epoch > this.#confirmed) return null;
    const cell = (col: number, predicted: boolean): PredictedCell => {
      return { col, text: line.cells[col]!, width: line.cells[col + 1] === '' ? 2 : 1, predicted };
    };
    const all = [...line.open.keys()]
      .filter((col) => line.cells[col] !== cells[col] && line.cells[col] !== '')
      .map((col) => cell(col, true));
    const cursor = screen.line === line.line && screen.col !== line.col ? line.col : null;
    if (cursor !== null && !all.some(({ col }) => col === screen.col) && line.cells[screen.col]) {
      all.push(cell(screen.col, false));
    }
    return all.length === 0 && cursor === null ? null : { line: line.line, cells: all, cursor };
  }

  #predict(key: Key, screen: DrawnScreen): void {
    let line = this.#line;
    const rests = line !== null && line.newest <= this.#taken;
    if (line === null || (rests && (screen.line !== line.line || screen.col !== line.col))) {
      line = this.#begin(screen, screen.col);
    } else if (rests) line.cells = [...screen.cells(line.line)!];
    this.#line = line;
    if (press(line, key, screen, this.#widthOf)) return;
    line.closed = true;
    this.#barrier = key.number;
  }

  /** @param start where what was typed begins */
  #begin(screen: DrawnScreen, start: number): Line {
    const cells = [...(screen.cells(screen.line) ?? [])];
    return {
      epoch: ++this.#epoch,
      line: screen.line,
      ahead: cells.slice(0, start),
      cells,
      col: screen.col,
      reach: screen.col,
      newest: 0,
      closed: false,
      open: new Map(),
    };
  }

  /** Goes on behind a barrier, with the keys that are not taken. The screen may have the first of them already. */
  #resume(screen: DrawnScreen): void {
    if (screen.alternate) {
      this.drop();
      return;
    }
    const first = this.#keys.findIndex(({ number }) => number > this.#taken);
    const order = this.#keys.findLastIndex((key, i) => i < first && !this.#isPlain(key));
    const run = this.#keys.slice(order + 1, first);
    const next = this.#keys.slice(first);
    // It has as many as stand ahead of the cursor, behind those of the line that it has in any case.
    const ahead = (screen.cells(screen.line) ?? []).slice(0, screen.col).join('');
    const echoes: number[] = [];
    for (let count = next.length; count >= 0; count--) {
      if (ahead.endsWith(textOf([...run, ...next.slice(0, count)]))) echoes.push(count);
    }
    // What stood there before may look like them: after Enter it is a prompt, which does not. And a key that goes about
    // in the line leaves something else ahead of the cursor. Then it is seen when one more is taken.
    const sure = echoes.length <= 1 || this.#keys[order]?.text === ENTER;
    if (!sure || !next.every((key) => this.#isPlain(key))) {
      this.#barrier = next[0]!.number;
      return;
    }
    const echoed = echoes[0] ?? 0;
    this.#line = this.#begin(screen, screen.col - this.#cellsOf(textOf(next.slice(0, echoed))));
    for (const key of next.slice(echoed)) if (this.#barrier === null) this.#predict(key, screen);
  }

  #isPlain({ text }: Key): boolean {
    return charactersOf(text, this.#widthOf) !== null;
  }

  #cellsOf(text: string): number {
    return [...text].reduce((sum, character) => sum + this.#widthOf(character), 0);
  }

  /** Whether the screen agrees with the line as far as its keys are taken. What has come true is settled. */
  #holds(line: Line, screen: DrawnScreen): boolean {
    const cells = screen.cells(line.line);
    if (screen.alternate || cells === null) return false;
    if (line.ahead.some((text, col) => cells[col] !== text)) return false;
    if (!line.closed) {
      const furthest = Math.max(line.reach, endOf(line.cells));
      if (screen.line !== line.line || screen.col < line.ahead.length || screen.col > furthest) return false;
      if (line.newest <= this.#taken && screen.col !== line.col) return false;
    }
    let earned = false;
    for (const [col, { number, before }] of line.open) {
      if (number > this.#taken) continue;
      const text = cells[col]!;
      if (text !== line.cells[col]) return false;
      line.open.delete(col);
      // What was there already, or is empty, shows nothing of an echo.
      earned ||= text.trim() !== '' && !before.includes(text);
    }
    if (earned) this.#confirmed = line.epoch;
    return true;
  }
}

function textOf(keys: readonly Key[]): string {
  return keys.map(({ text }) => text).join('');
}

/** The column behind the last character. */
function endOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== ' ') + 1;
}

/** Presses a key in a line. False, with nothing done, for one that cannot be predicted there. */
function press(
  line: Line,
  { number, text }: Key,
  screen: DrawnScreen,
  widthOf: (character: string) => number,
): boolean {
  const { cells, col } = line;
  const drawn = screen.cells(line.line)!;
  const start = line.ahead.length;
  const end = endOf(cells);
  const set = (at: number, cell: string) => {
    if (cells[at] === cell) return;
    cells[at] = cell;
    line.open.set(at, { number, before: [...(line.open.get(at)?.before ?? []), drawn[at]!] });
  };
  const back = cells[col - 1] === '' ? 2 : 1;
  if (text === BACKSPACE) {
    if (col - back < start) return false;
    const rest = cells.slice(col, Math.max(col, end));
    for (const [i, cell] of [...rest, ...Array(back).fill(' ')].entries()) set(col - back + i, cell);
    line.col -= back;
  } else if (LEFT.includes(text)) {
    if (col - back < start) return false;
    line.col -= back;
  } else if (RIGHT.includes(text)) {
    if (col >= end) return false;
    line.col += cells[col + 1] === '' ? 2 : 1;
  } else {
    const typed = charactersOf(text, widthOf);
    const rest = cells.slice(col, Math.max(col, end));
    // Lines wrap at the last column, each program in its own way.
    if (typed === null || col + typed.length + rest.length >= screen.cols) return false;
    for (const [i, cell] of [...typed, ...rest].entries()) set(col + i, cell);
    line.col += typed.length;
  }
  line.reach = Math.max(line.reach, line.col);
  line.newest = number;
  return true;
}

/** What a shell shows as it is, cell by cell; null for what it may take as an order, or put together with what is there. */
function charactersOf(text: string, widthOf: (character: string) => number): string[] | null {
  const characters = [...text];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are orders.
  if (characters.length > MOST_CHARACTERS || /[\x00-\x1f\x7f-\x9f]/.test(text)) return null;
  const cells: string[] = [];
  for (const character of characters) {
    const width = widthOf(character);
    if (width !== 1 && width !== 2) return null;
    cells.push(character);
    if (width === 2) cells.push('');
  }
  return cells;
}

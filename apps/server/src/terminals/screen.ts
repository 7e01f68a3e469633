// What a terminal shows, kept without a display, so that somebody who comes later sees it at once.
import { LIMITS, type TerminalSize } from '@codesync/protocol';
import serialize from '@xterm/addon-serialize';
import graphemes from '@xterm/addon-unicode-graphemes';
import headless, { type IBuffer, type IBufferCell, type Terminal } from '@xterm/headless';
import { WholeSequences } from './whole-sequences.ts';

/**
 * A screen at one moment: `screen` draws it in a terminal of its size, and `rest` has been written since, beginning at
 * `at`.
 */
export type Snapshot = {
  readonly screen: string;
  readonly size: TerminalSize;
  readonly at: number;
  readonly rest: Uint8Array;
  /** Whether it has all lines above the screen that are kept. */
  readonly complete: boolean;
  /** How long it held the thread. */
  readonly tookMs: number;
};

/**
 * What the serializer leaves out and xterm.js has no public name for. `parts` throws at the first screen if a later
 * version calls them something else.
 */
type Core = {
  /** The style that a terminal had when it went to the alternate screen. */
  readonly buffers: { readonly normal: { readonly savedCurAttrData: Style } };
  readonly buffer: { readonly scrollTop: number; readonly scrollBottom: number };
  readonly coreService: { readonly isCursorHidden: boolean };
  readonly coreMouseService: { readonly activeEncoding: string };
};

/** What is said of a cell's look, and of what is written next. */
type Style = Omit<IBufferCell, 'getWidth' | 'getChars' | 'getCode'>;

/** How the serializer goes on to the alternate screen. */
const TO_ALTERNATE = '\x1b[?1049h\x1b[H';

export class Screen {
  readonly #terminal: Terminal;
  readonly #serializer = new serialize.SerializeAddon();
  readonly #whole = new WholeSequences();
  readonly #core: Core;
  /** Bytes that were handed to the terminal. */
  #written = 0;
  /** Who waits for a snapshot. */
  readonly #asking = new Set<(snapshot: Snapshot | null) => void>();

  /** @param answer takes what the terminal says to a program that asks about it. */
  constructor({ cols, rows }: TerminalSize, answer: (text: string) => void) {
    this.#terminal = new headless.Terminal({
      cols,
      rows,
      scrollback: LIMITS.terminalLines,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.#terminal.loadAddon(this.#serializer);
    this.#terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
    this.#terminal.onData(answer);
    this.#core = parts(this.#terminal);
  }

  /** Resolves with how many bytes it has taken in, all told, when these are among them. */
  write(bytes: Uint8Array): Promise<number> {
    const whole = this.#whole.push(bytes);
    this.#written += whole.length;
    const written = this.#written + this.#whole.held.length;
    return new Promise((resolve) => this.#terminal.write(whole, () => resolve(written)));
  }

  /** After all that was written, and before what comes next. */
  resize({ cols, rows }: TerminalSize): void {
    this.#terminal.write('', () => this.#terminal.resize(cols, rows));
  }

  /**
   * Of all that was written by now. Null if it is closed meanwhile.
   * @param lines how many lines that went off the top it has, at most
   */
  snapshot(lines: number): Promise<Snapshot | null> {
    const [at, rest] = [this.#written, this.#whole.held];
    return new Promise((resolve) => {
      this.#asking.add(resolve);
      this.#terminal.write('', () => {
        if (!this.#asking.delete(resolve)) return;
        const { cols, rows, buffer } = this.#terminal;
        const complete = buffer.normal.length - rows <= lines;
        const began = performance.now();
        const screen = this.#serialized(lines) + this.#leftOut();
        resolve({ screen, size: { cols, rows }, at, rest, complete, tookMs: performance.now() - began });
      });
    });
  }

  close(): void {
    this.#terminal.dispose();
    for (const resolve of this.#asking) resolve(null);
    this.#asking.clear();
  }

  /** What the serializer says, with the rows that it drops. */
  #serialized(lines: number): string {
    const { buffer } = this.#terminal;
    const serialized = this.#serializer.serialize({ scrollback: lines });
    // These mean "by one" to a terminal, and the serializer means none.
    const [normal, alternate] = serialized
      .replaceAll('\x1b[0C', '')
      .replaceAll('\x1b[0D', '')
      .split(TO_ALTERNATE, 2);
    const first = normal + this.#backgrounds(buffer.normal);
    if (alternate === undefined) return first;
    // A terminal comes back from the alternate screen with the style that it had. The serializer gives it the one of now,
    // and then draws as if the alternate screen were empty and no style were set.
    const before = styleOf(this.#core.buffers.normal.savedCurAttrData);
    return `${first}${before}${TO_ALTERNATE}\x1b[m\x1b[2J${alternate}${this.#backgrounds(buffer.alternate)}`;
  }

  /** The rows of a screen that have a background and no character. The serializer drops those below all characters. */
  #backgrounds(buffer: IBuffer): string {
    const { rows, cols } = this.#terminal;
    const cell = buffer.getNullCell();
    let drawn = '';
    for (let y = 0; y < rows; y += 1) {
      const line = buffer.getLine(buffer.baseY + y);
      if (line === undefined || line.translateToString(true) !== '') continue;
      for (let x = 0; x < cols; ) {
        const background = backgroundOf(line.getCell(x, cell)!);
        const from = x;
        do x += 1;
        while (x < cols && backgroundOf(line.getCell(x, cell)!) === background);
        if (background !== '') drawn += `\x1b[${y + 1};${from + 1}H\x1b[0${background}m\x1b[${x - from}X`;
      }
    }
    return drawn === '' ? '' : `\x1b7${drawn}\x1b8`;
  }

  /** What the serializer leaves out: the scroll region, where the cursor is in it, whether it is seen, the mouse. */
  #leftOut(): string {
    const { modes, rows, buffer } = this.#terminal;
    const { scrollTop, scrollBottom } = this.#core.buffer;
    let rest = '';
    if (scrollTop !== 0 || scrollBottom !== rows - 1) rest += `\x1b[${scrollTop + 1};${scrollBottom + 1}r`;
    // Both have moved the cursor.
    if (rest !== '' || modes.originMode) {
      const top = modes.originMode ? scrollTop : 0;
      rest += `\x1b[${buffer.active.cursorY - top + 1};${buffer.active.cursorX + 1}H`;
    }
    if (this.#core.coreMouseService.activeEncoding === 'SGR') rest += '\x1b[?1006h';
    if (this.#core.coreService.isCursorHidden) rest += '\x1b[?25l';
    return rest;
  }
}

/** SGR for a style. */
function styleOf(style: Style): string {
  const flags: readonly (readonly [number, number])[] = [
    [1, style.isBold()],
    [2, style.isDim()],
    [3, style.isItalic()],
    [4, style.isUnderline()],
    [5, style.isBlink()],
    [7, style.isInverse()],
    [8, style.isInvisible()],
    [9, style.isStrikethrough()],
    [53, style.isOverline()],
  ];
  const set = flags.filter(([, is]) => is !== 0).map(([parameter]) => `;${parameter}`);
  const foreground = colour(38, style.getFgColor(), style.isFgDefault(), style.isFgRGB());
  return `\x1b[0${set.join('')}${foreground}${backgroundOf(style)}m`;
}

/** The parameters of SGR for a background, each with a `;` before it, empty for none. */
function backgroundOf(style: Style): string {
  return colour(48, style.getBgColor(), style.isBgDefault(), style.isBgRGB());
}

function colour(ground: 38 | 48, code: number, isDefault: boolean, isRgb: boolean): string {
  if (isDefault) return '';
  return isRgb ? `;${ground};2;${code >> 16};${(code >> 8) & 255};${code & 255}` : `;${ground};5;${code}`;
}

function parts(terminal: Terminal): Core {
  const core = (terminal as unknown as { readonly _core?: Partial<Core> })._core;
  const complete =
    typeof core?.buffers?.normal.savedCurAttrData.isBold === 'function' &&
    typeof core.buffer?.scrollTop === 'number' &&
    typeof core.buffer.scrollBottom === 'number' &&
    typeof core.coreService?.isCursorHidden === 'boolean' &&
    typeof core.coreMouseService?.activeEncoding === 'string';
  if (!complete) throw new Error('this version of xterm.js has other parts than the screen looks at');
  return core as Core;
}

// What a terminal shows, kept without a display, so that somebody who comes later sees it at once.
import { LIMITS, type TerminalSize } from '@codesync/protocol';
import serialize from '@xterm/addon-serialize';
import graphemes from '@xterm/addon-unicode-graphemes';
import headless, { type Terminal } from '@xterm/headless';
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
  /** How long it held the thread. */
  readonly tookMs: number;
};

/**
 * What the serializer leaves out and xterm.js has no public name for. `parts` throws at the first screen if a later
 * version calls them something else.
 */
type Core = {
  readonly buffer: { readonly scrollTop: number; readonly scrollBottom: number };
  readonly coreService: { readonly isCursorHidden: boolean };
  readonly coreMouseService: { readonly activeEncoding: string };
};

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
        const { cols, rows } = this.#terminal;
        const began = performance.now();
        const screen = this.#serializer.serialize({ scrollback: lines }) + this.#leftOut();
        resolve({ screen, size: { cols, rows }, at, rest, tookMs: performance.now() - began });
      });
    });
  }

  close(): void {
    this.#terminal.dispose();
    for (const resolve of this.#asking) resolve(null);
    this.#asking.clear();
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

function parts(terminal: Terminal): Core {
  const core = (terminal as unknown as { readonly _core?: Partial<Core> })._core;
  const complete =
    typeof core?.buffer?.scrollTop === 'number' &&
    typeof core.buffer.scrollBottom === 'number' &&
    typeof core.coreService?.isCursorHidden === 'boolean' &&
    typeof core.coreMouseService?.activeEncoding === 'string';
  if (!complete) throw new Error('this version of xterm.js has other parts than the screen looks at');
  return core as Core;
}

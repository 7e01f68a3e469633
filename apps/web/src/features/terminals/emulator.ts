// One terminal drawn by xterm.js: what the shell writes comes in, what this person types goes out. It answers nothing
// to programs by itself: the server's screen does (apps/server/src/terminals).
import '@xterm/xterm/css/xterm.css';
import { LIMITS, type TerminalSize } from '@codesync/protocol';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { onThemeChange } from '../../ui/colours.ts';
import { PredictedEcho } from './predicted-echo.ts';
import { Scrollbar } from './scrollbar.ts';
import { terminalTheme } from './theme.ts';

/** Ends a control sequence that has begun (CAN), and a character: what comes next is at the beginning of something. */
const CANCEL = Uint8Array.of(0x18);

/** Nothing of what is between them is seen before all of it is there (DEC mode 2026). */
const HOLD = '\x1b[?2026h';
const SHOW = '\x1b[?2026l';

/** Smaller text cannot be read: from here on a terminal that is too large scrolls. */
const LEAST_FONT_SIZE = 8;

export type EmulatorOptions = {
  readonly fontSize: number;
  readonly label: string;
  /** What this person typed, pasted, or did with the mouse. Returns the number of its message; null if it goes nowhere. */
  readonly typed: (text: string) => number | null;
};

/** What xterm.js has no public name for. `coreOf` throws where a later version calls it something else. */
type Core = {
  readonly coreService: { readonly onUserInput: (listener: () => void) => void };
  readonly unicodeService: { readonly getStringCellWidth: (text: string) => number };
};

export class Emulator {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #stopTheme: () => void;
  readonly #core: Core;
  #host: HTMLElement | null = null;
  /** Both are null before it is opened. */
  #echo: PredictedEcho | null = null;
  #scrollbar: Scrollbar | null = null;
  readonly #label: string;
  /** Writes that xterm.js has not drawn yet. */
  #unparsed = 0;
  #fontSize: number;
  /** What its place has room for at that size of text; measured for this place. */
  #fits: { readonly place: string; readonly room: TerminalSize } | null = null;

  constructor({ fontSize, label, typed }: EmulatorOptions) {
    this.#fontSize = fontSize;
    this.#label = label;
    const terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: false,
      drawBoldTextInBrightColors: false,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize,
      linkHandler: { activate: (_, url) => follow(url), allowNonHttpProtocols: false },
      logLevel: 'off',
      macOptionIsMeta: true,
      scrollback: LIMITS.terminalLines,
      theme: terminalTheme(),
    });
    this.#terminal = terminal;
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    terminal.loadAddon(new UnicodeGraphemesAddon());
    terminal.loadAddon(new WebLinksAddon((_, url) => follow(url)));
    // xterm.js says the same of keys and of its answers to programs. Only what a person did is passed on.
    let byPerson = false;
    this.#core = coreOf(terminal);
    this.#core.coreService.onUserInput(() => {
      byPerson = true;
    });
    const type = (data: string) => {
      const number = typed(data);
      if (number !== null) this.#echo?.typed(number, data);
    };
    terminal.onData((data) => {
      if (byPerson) type(data);
      byPerson = false;
    });
    terminal.onBinary(type);
    this.#stopTheme = onThemeChange(() => {
      terminal.options.theme = terminalTheme();
    });
  }

  /** Draws it in there. */
  open(host: HTMLElement): void {
    this.#host = host;
    this.#terminal.open(host);
    this.#scrollbar = new Scrollbar(this.#terminal);
    this.#terminal.textarea?.setAttribute('aria-label', this.#label);
    this.#echo = new PredictedEcho(this.#terminal, (character) =>
      this.#core.unicodeService.getStringCellWidth(character),
    );
  }

  /** What is drawn, as text. */
  get text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)!.translateToString(true));
    return lines.join('\n').trimEnd();
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** Draws another screen instead of what is there, and of all that was written before. Who looks further up still does. */
  reset(screen: string, size: TerminalSize): void {
    let up = 0;
    this.#parse(CANCEL, () => {
      const { baseY, viewportY } = this.#terminal.buffer.active;
      up = baseY - viewportY;
      this.#terminal.reset();
      this.#echo?.drop();
    });
    this.resize(size);
    this.#parse(`${HOLD}${screen}${SHOW}`, () => {
      if (up > 0) this.#terminal.scrollLines(-up);
    });
  }

  /** @param typed the newest message that was typed and whose echo is in these bytes, if it has one; 0 if that is no news. */
  write(bytes: Uint8Array, typed: number, drawn: () => void): void {
    const done = () => {
      this.#echo?.drawn(typed);
      drawn();
    };
    // For nothing, xterm.js would draw the line of the cursor anew: once more for every key.
    if (bytes.length === 0 && this.#unparsed === 0) done();
    else this.#parse(bytes, done);
  }

  #parse(data: string | Uint8Array, parsed: () => void): void {
    this.#unparsed++;
    this.#scrollbar?.hold();
    this.#terminal.write(data, () => {
      this.#unparsed--;
      this.#scrollbar?.move();
      if (this.#unparsed > 0) this.#scrollbar?.hold();
      parsed();
    });
  }

  /** How long a key takes to the server and back, in milliseconds; null when nobody knows. */
  set roundTrip(ms: number | null) {
    this.#echo?.roundTrip(ms);
  }

  /** After all that was written before. */
  resize({ cols, rows }: TerminalSize): void {
    this.#parse('', () => {
      this.#terminal.resize(cols, rows);
      this.#echo?.drop();
      this.#scale();
    });
  }

  /** What there is room for at the size of text that this person chose. Null while it is not seen. */
  room(): TerminalSize | null {
    const room = this.#measured();
    this.#scale();
    return room === null ? null : { cols: Math.min(room.cols, 500), rows: Math.min(room.rows, 300) };
  }

  set fontSize(size: number) {
    if (size === this.#fontSize) return;
    this.#fontSize = size;
    this.#scale();
  }

  set readOnly(readOnly: boolean) {
    this.#terminal.options.disableStdin = readOnly;
    if (readOnly) this.#echo?.drop();
    this.#terminal.options.cursorInactiveStyle = readOnly ? 'none' : 'outline';
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  focus(): void {
    this.#terminal.focus();
  }

  clear(): void {
    this.#terminal.clear();
  }

  /** Finds the next place, or the one before. False when there is none. */
  find(words: string, back: boolean): boolean {
    return back ? this.#search.findPrevious(words) : this.#search.findNext(words);
  }

  close(): void {
    this.#stopTheme();
    this.#echo?.close();
    this.#terminal.dispose();
  }

  /** A terminal that is larger than its place is drawn smaller. */
  #scale(): void {
    const room = this.#measured();
    if (room === null) return;
    const { cols, rows, options } = this.#terminal;
    const share = Math.min(1, room.cols / cols, room.rows / rows);
    options.fontSize = Math.max(LEAST_FONT_SIZE, Math.floor(this.#fontSize * share * 4) / 4);
  }

  /** Text of another size is laid out anew, all of the page: it is measured once for a place. */
  #measured(): TerminalSize | null {
    if (this.#host === null) return null;
    const { clientWidth, clientHeight } = this.#host;
    const place = [clientWidth, clientHeight, this.#fontSize, devicePixelRatio].join(' ');
    if (this.#fits?.place === place) return this.#fits.room;
    this.#terminal.options.fontSize = this.#fontSize;
    const room = this.#fit.proposeDimensions();
    if (room === undefined || !(room.cols > 1) || !(room.rows > 0)) return null;
    this.#fits = { place, room };
    return room;
  }
}

/** Opens a link of the terminal's. Programs write what they like: only http and https are followed. */
function follow(url: string): void {
  if (/^https?:\/\//i.test(url)) window.open(url, '_blank', 'noopener,noreferrer');
}

function coreOf(terminal: Terminal): Core {
  const core = (terminal as unknown as { readonly _core?: Partial<Core> })._core;
  if (typeof core?.coreService?.onUserInput !== 'function') {
    throw new Error('this version of xterm.js does not tell keys from answers');
  }
  if (typeof core.unicodeService?.getStringCellWidth !== 'function') {
    throw new Error('this version of xterm.js does not tell how wide a text is');
  }
  return core as Core;
}

// A shell at the other end of a slow way, in time of its own: what it shows comes late, and so does what it took.
import type { DrawnScreen } from '../../../src/features/terminals/predictor.ts';

const ROWS = 6;
/** As in the sandbox: what was taken is told so long after, in milliseconds. */
const SETTLE_MS = 50;

export const widthOf = (character: string): number =>
  /[\u0300-\u036f\u200d]/.test(character) ? 0 : character === '中' ? 2 : 1;

/** A terminal of six lines. It knows characters, CR, LF, BS, and `⇄`, which changes to its other screen and back. */
class SmallScreen implements DrawnScreen {
  readonly cols = 20;
  line = 0;
  col = 0;
  alternate = false;
  readonly #lines = new Map<number, string[]>();

  cells(line: number): readonly string[] | null {
    return line < 0 || line > this.#last || line <= this.#last - ROWS ? null : this.#at(line);
  }

  get text(): string {
    return this.#at(this.line).join('').trimEnd();
  }

  write(text: string): void {
    for (const character of text) {
      if (character === '⇄') this.alternate = !this.alternate;
      else if (this.alternate) continue;
      else if (character === '\r') this.col = 0;
      else if (character === '\n') this.#goTo(this.line + 1);
      else if (character === '\b') this.col = Math.max(0, this.col - 1);
      else this.#put(character, widthOf(character));
    }
  }

  get #last(): number {
    return Math.max(this.line, ...this.#lines.keys());
  }

  #at(line: number): string[] {
    return this.#lines.get(line) ?? Array<string>(this.cols).fill(' ');
  }

  #goTo(line: number): void {
    this.line = line;
    this.#lines.set(line, this.#at(line));
  }

  #put(character: string, width: number): void {
    if (this.col + width > this.cols) {
      this.col = 0;
      this.#goTo(this.line + 1);
    }
    const cells = this.#at(this.line);
    cells.splice(this.col, width, character, ...Array<string>(width - 1).fill(''));
    this.#lines.set(this.line, cells);
    this.col += width;
  }
}

/**
 * What reads the keys. `line`: a shell that shows what is typed, with Backspace and ← and →. `silent`: it shows nothing,
 * as for a password. `raw`: it fills the normal screen, and goes about on it. `full`: it fills the other screen. Enter ends
 * all but `line`; there, it begins what `next` says.
 */
export type Reader = 'line' | 'silent' | 'raw' | 'full';

/** How long a message takes to the other end, and the shell to answer it, in milliseconds. */
export type Delays = () => { readonly way: number; readonly work: number };

export type FarShellListener = {
  /** Something has come to the page: output, or which message is taken. */
  readonly drawn: (taken: number) => void;
  /** The shell has read a message, and shown what it does. */
  readonly read: (number: number) => void;
};

type Happening = { readonly at: number; readonly run: () => void };

export class FarShell {
  /** The screen as the shell has it, and as the page has it. */
  readonly there = new SmallScreen();
  readonly here = new SmallScreen();
  readonly next: Reader[] = [];
  reader: Reader = 'line';
  now = 0;
  readonly #delays: Delays;
  readonly #listener: FarShellListener;
  #events: Happening[] = [];
  #typed = '';
  #place = 0;
  #settled = 0;
  /** Nothing overtakes what went before it. */
  #toShell = 0;
  #busy = 0;
  #toPage = 0;

  constructor(delays: Delays, listener: FarShellListener) {
    this.#delays = delays;
    this.#listener = listener;
    this.there.write('$ ');
    this.here.write('$ ');
  }

  send(number: number, text: string): void {
    const { way, work } = this.#delays();
    this.#toShell = Math.max(this.#toShell, this.now + way);
    this.#at(this.#toShell, () => {
      this.#at(this.now + SETTLE_MS, () => {
        this.#settled = number;
        this.#toPageWith('');
      });
      this.#busy = Math.max(this.#busy, this.now) + work;
      this.#at(this.#busy, () => {
        this.#show(this.#answer(text));
        this.#listener.read(number);
      });
    });
  }

  /** What a program writes by itself. */
  say(text: string): void {
    this.#show(text);
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      // The first of those of the same time.
      const due = this.#events
        .filter(({ at }) => at <= until)
        .reduce<Happening | null>(
          (first, each) => (first !== null && first.at <= each.at ? first : each),
          null,
        );
      if (due === null) break;
      this.#events = this.#events.filter((event) => event !== due);
      this.now = due.at;
      due.run();
    }
    this.now = until;
  }

  #at(at: number, run: () => void): void {
    this.#events.push({ at, run });
  }

  #show(text: string): void {
    this.there.write(text);
    this.#toPageWith(text);
  }

  #toPageWith(text: string): void {
    const settled = this.#settled;
    this.#toPage = Math.max(this.#toPage, this.now + this.#delays().way);
    this.#at(this.#toPage, () => {
      this.here.write(text);
      this.#listener.drawn(settled);
    });
  }

  #answer(text: string): string {
    switch (this.reader) {
      case 'line':
        return text === '\r' ? this.#enter() : this.#edit(text);
      case 'silent':
        return text === '\r' ? this.#back('\r\n$ ') : '';
      case 'raw':
        return text === '\r' ? this.#back('\r\n$ ') : `\r\n${'·'.repeat(text.length)}*\b`;
      case 'full':
        return text === '\r' ? this.#back('⇄\r\n$ ') : text;
    }
  }

  #back(text: string): string {
    this.reader = 'line';
    return text;
  }

  #enter(): string {
    this.#typed = '';
    this.#place = 0;
    this.reader = this.next.shift() ?? 'line';
    return { line: '\r\nok\r\n$ ', silent: '\r\nPassword: ', raw: '\r\n*\b', full: '⇄' }[this.reader];
  }

  #edit(text: string): string {
    const before = [...this.#typed].slice(0, this.#place);
    const after = [...this.#typed].slice(this.#place).join('');
    const last = before.at(-1) ?? '';
    const back = '\b'.repeat(cellsOf(after));
    switch (text) {
      case '\t':
        return '';
      case '\x7f': {
        if (last === '') return '';
        this.#typed = before.slice(0, -1).join('') + after;
        this.#place--;
        const gap = cellsOf(last);
        return `${'\b'.repeat(gap)}${after}${' '.repeat(gap)}${back}${'\b'.repeat(gap)}`;
      }
      case '\x1b[D':
        if (last !== '') this.#place--;
        return '\b'.repeat(cellsOf(last));
      case '\x1b[C':
        if (after === '') return '';
        this.#place++;
        return [...after][0]!;
      default:
        this.#typed = before.join('') + text + after;
        this.#place += [...text].length;
        return `${text}${after}${back}`;
    }
  }
}

function cellsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

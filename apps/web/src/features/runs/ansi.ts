// Reads a stream that may carry terminal escape sequences (ECMA-48). Pure; state is kept between pieces.
//
// Only what a line-oriented view can show has an effect: colours and weights (SGR), carriage return, backspace, tab,
// and erasing in the line. Everything else is read to its end and dropped. Titles, clipboard writes (OSC 52) and
// device queries have no effect, because nothing is ever answered and no string leaves this parser.

export type Style = {
  /** A CSS colour. */
  readonly fg?: string;
  readonly bg?: string;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
};

export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly style: Style | null }
  | { readonly kind: 'newline' | 'return' | 'backspace' | 'erase-right' | 'erase-line' };

type Mode = 'ground' | 'escape' | 'charset' | 'csi' | 'string' | 'string-escape';

/** A control sequence longer than this is not one. */
const SEQUENCE_MAX = 256;

export class AnsiReader {
  #mode: Mode = 'ground';
  #sequence = '';
  #style: Style = {};
  /** Null while nothing is set, so that plain text carries no object. One object per change, for comparing. */
  #current: Style | null = null;

  push(text: string): Token[] {
    const tokens: Token[] = [];
    let from = 0;
    const flush = (to: number) => {
      if (to > from) tokens.push({ kind: 'text', text: text.slice(from, to), style: this.#current });
    };
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#mode !== 'ground') {
        this.#control(text[i]!, code, tokens);
        from = i + 1;
        continue;
      }
      if (code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0)) continue;
      if (code === 0x09) continue;
      flush(i);
      from = i + 1;
      if (code === 0x0a) tokens.push({ kind: 'newline' });
      else if (code === 0x0d) tokens.push({ kind: 'return' });
      else if (code === 0x08) tokens.push({ kind: 'backspace' });
      else if (code === 0x1b) this.#mode = 'escape';
      else if (code === 0x9b) this.#begin('csi');
      else if (code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)) this.#begin('string');
    }
    if (this.#mode === 'ground') flush(text.length);
    return tokens;
  }

  #begin(mode: Mode): void {
    this.#mode = mode;
    this.#sequence = '';
  }

  #control(char: string, code: number, tokens: Token[]): void {
    switch (this.#mode) {
      case 'escape':
        if (char === '[') this.#begin('csi');
        else if (char === ']' || char === 'P' || char === 'X' || char === '^' || char === '_')
          this.#begin('string');
        else if (code >= 0x20 && code <= 0x2f) this.#mode = 'charset';
        else this.#mode = 'ground';
        return;
      case 'charset':
        if (code < 0x20 || code > 0x2f) this.#mode = 'ground';
        return;
      case 'csi':
        if (code >= 0x40 && code <= 0x7e) {
          this.#mode = 'ground';
          if (char === 'm') this.#select(this.#sequence);
          else if (char === 'K') {
            tokens.push({ kind: /^[12]/.test(this.#sequence) ? 'erase-line' : 'erase-right' });
          }
        } else if (code === 0x0a) {
          this.#mode = 'ground';
          tokens.push({ kind: 'newline' });
        } else {
          this.#sequence += char;
          if (this.#sequence.length > SEQUENCE_MAX) this.#mode = 'ground';
        }
        return;
      case 'string':
        if (code === 0x07 || code === 0x9c) this.#mode = 'ground';
        else if (code === 0x1b) this.#mode = 'string-escape';
        return;
      case 'string-escape':
        this.#mode = char === '\\' ? 'ground' : 'string';
        return;
      case 'ground':
        return;
    }
  }

  #select(parameters: string): void {
    if (!/^[\d;:]*$/.test(parameters)) return;
    const codes = parameters.split(/[;:]/).map(Number);
    for (let i = 0; i < codes.length; i++) i += this.#apply(codes, i);
    this.#current = Object.keys(this.#style).length === 0 ? null : this.#style;
  }

  /** Applies the code at `i`; returns how many more it took. */
  #apply(codes: readonly number[], i: number): number {
    const code = codes[i]!;
    if (code === 38 || code === 48) {
      const { colour, taken } = extendedColour(codes, i + 1);
      if (colour !== null) this.#with(code === 38 ? { fg: colour } : { bg: colour });
      return taken;
    }
    if (code === 0) this.#style = {};
    else if (code === 1) this.#with({ bold: true });
    else if (code === 2) this.#with({ dim: true });
    else if (code === 3) this.#with({ italic: true });
    else if (code === 4) this.#with({ underline: true });
    else if (code === 7) this.#with({ inverse: true });
    else if (code === 9) this.#with({ strike: true });
    else if (code === 22) this.#without('bold', 'dim');
    else if (code === 23) this.#without('italic');
    else if (code === 24) this.#without('underline');
    else if (code === 27) this.#without('inverse');
    else if (code === 29) this.#without('strike');
    else if (code >= 30 && code <= 37) this.#with({ fg: named(code - 30) });
    else if (code === 39) this.#without('fg');
    else if (code >= 40 && code <= 47) this.#with({ bg: named(code - 40) });
    else if (code === 49) this.#without('bg');
    else if (code >= 90 && code <= 97) this.#with({ fg: named(code - 82) });
    else if (code >= 100 && code <= 107) this.#with({ bg: named(code - 92) });
    return 0;
  }

  #with(change: Style): void {
    this.#style = { ...this.#style, ...change };
  }

  #without(...names: readonly (keyof Style)[]): void {
    const rest: Record<string, unknown> = { ...this.#style };
    for (const name of names) delete rest[name];
    this.#style = rest as Style;
  }
}

const named = (index: number): string => `var(--ansi-${index})`;

/** The colour of `5;n` or `2;r;g;b` that begins at `i`, and how many codes it takes. */
function extendedColour(codes: readonly number[], i: number): { colour: string | null; taken: number } {
  if (codes[i] === 5) {
    const n = codes[i + 1];
    return { colour: n === undefined || n > 255 ? null : paletteColour(n), taken: 2 };
  }
  if (codes[i] === 2) {
    const rgb = codes.slice(i + 1, i + 4);
    const valid = rgb.length === 3 && rgb.every((part) => part <= 255);
    return { colour: valid ? `rgb(${rgb.join(' ')})` : null, taken: 4 };
  }
  return { colour: null, taken: codes.length - i };
}

/** xterm's 256 colours: 16 named, a cube of 6×6×6, 24 greys. */
function paletteColour(n: number): string {
  if (n < 16) return named(n);
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = n - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

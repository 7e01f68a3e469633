// Somebody who types at a far shell, and what they see.
import { isDeepStrictEqual } from 'node:util';
import { Predictor } from '../../../src/features/terminals/predictor.ts';
import { type Delays, FarShell, widthOf } from './far-shell.ts';

type Claim = { readonly line: number; readonly col: number; readonly text: string };

export class Typist {
  readonly shell: FarShell;
  readonly predictor = new Predictor(widthOf);
  /** The keys that were seen at once, and those of them that did not come to be. */
  readonly atOnce = new Set<number>();
  readonly wrong = new Set<number>();
  /** All characters that were ever seen before the shell showed them. */
  seen = '';
  #number = 0;
  readonly #claims = new Map<number, readonly Claim[]>();

  constructor(delays: Delays = () => ({ way: 50, work: 2 })) {
    this.shell = new FarShell(delays, {
      drawn: (taken) => {
        this.predictor.drawn(taken, this.shell.here);
        this.#look();
      },
      read: (number) => {
        const { there } = this.shell;
        const claims = this.#claims.get(number) ?? [];
        // A line that has scrolled away is as it was.
        const broken = claims.some(({ line, col, text }) => (there.cells(line)?.[col] ?? text) !== text);
        if (broken) this.wrong.add(number);
      },
    });
    this.predictor.roundTrip(100);
  }

  /** One message. */
  key(text: string): void {
    const number = ++this.#number;
    const { here } = this.shell;
    const before = this.predictor.shown(here);
    this.shell.send(number, text);
    this.predictor.typed(number, text, here);
    const claims = this.#look();
    // What was predicted before, and is not changed by this key, says nothing of it.
    if (claims === null || isDeepStrictEqual(before, this.predictor.shown(here))) return;
    this.atOnce.add(number);
    this.#claims.set(number, claims);
  }

  /** Each character as a message, with so many milliseconds after it. */
  type(text: string, gap = 120): void {
    for (const character of text) {
      this.key(character);
      this.shell.pass(gap);
    }
  }

  /** The line of the cursor as it is seen. */
  get line(): string {
    const { here } = this.shell;
    const shown = this.predictor.shown(here);
    const cells = [...here.cells(shown?.line ?? here.line)!];
    for (const { col, text, width } of shown?.cells ?? []) {
      cells.splice(col, width, text, ...Array<string>(width - 1).fill(''));
    }
    return cells.join('').trimEnd();
  }

  get cursor(): number {
    return this.predictor.shown(this.shell.here)?.cursor ?? this.shell.here.col;
  }

  /** What is seen and not there yet; null when nothing is. */
  #look(): readonly Claim[] | null {
    const shown = this.predictor.shown(this.shell.here);
    if (shown === null) return null;
    const claims = shown.cells
      .filter(({ predicted }) => predicted)
      .map(({ col, text }) => ({ line: shown.line, col, text }));
    this.seen += claims.map(({ text }) => text).join('');
    return claims;
  }
}

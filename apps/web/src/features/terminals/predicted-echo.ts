// Shows what is typed into a terminal of xterm.js before the shell does, where the way to the server is long.
import type { Terminal } from '@xterm/xterm';
import { XtermScreen } from './drawn-screen.ts';
import { PredictionLayer } from './prediction-layer.ts';
import { Predictor } from './predictor.ts';

export class PredictedEcho {
  readonly #terminal: Terminal;
  readonly #screen: XtermScreen;
  readonly #predictor: Predictor;
  readonly #layer: PredictionLayer;

  /**
   * @param terminal one that is open
   * @param widthOf the cells that a character takes in it
   */
  constructor(terminal: Terminal, widthOf: (character: string) => number) {
    const host = terminal.element?.querySelector<HTMLElement>('.xterm-screen');
    if (host === undefined || host === null) throw new Error('this version of xterm.js has no .xterm-screen');
    this.#terminal = terminal;
    this.#screen = new XtermScreen(terminal);
    this.#predictor = new Predictor(widthOf);
    this.#layer = new PredictionLayer(host);
  }

  /** As Predictor. */
  roundTrip(ms: number | null): void {
    this.#predictor.roundTrip(ms);
    this.#draw();
  }

  typed(number: number, text: string): void {
    this.#predictor.typed(number, text, this.#screen);
    this.#draw();
  }

  drawn(taken: number): void {
    this.#predictor.drawn(taken, this.#screen);
    this.#draw();
  }

  drop(): void {
    this.#predictor.drop();
    this.#layer.clear();
  }

  close(): void {
    this.#screen.close();
  }

  #draw(): void {
    const { buffer, cols, rows, options } = this.#terminal;
    const prediction = this.#predictor.shown(this.#screen);
    const row = prediction === null ? null : this.#screen.rowOf(prediction.line);
    if (prediction === null || row === null || buffer.active.viewportY !== buffer.active.baseY) {
      this.#layer.clear();
      return;
    }
    this.#layer.draw(prediction, row, {
      cols,
      rows,
      fontSize: options.fontSize!,
      fontFamily: options.fontFamily!,
      foreground: options.theme!.foreground!,
      background: options.theme!.background!,
    });
  }
}

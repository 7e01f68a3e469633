// Draws what is predicted over a terminal, underlined. The terminal itself does not know of it.
import type { Prediction } from './predictor.ts';

export class PredictionLayer {
  readonly #layer = document.createElement('div');
  #drawn = false;

  /** @param host an element as large as the terminal's cells together */
  constructor(host: HTMLElement) {
    this.#layer.className = 'pointer-events-none absolute inset-0 z-10 overflow-hidden';
    this.#layer.dataset.predicted = '';
    // What is read aloud is what the shell shows.
    this.#layer.setAttribute('aria-hidden', 'true');
    host.append(this.#layer);
  }

  clear(): void {
    if (this.#drawn) this.#layer.replaceChildren();
    this.#drawn = false;
  }

  /** @param row the line on the screen, from its top */
  draw({ cells, cursor }: Prediction, row: number, look: Look): void {
    const place = (col: number, width: number) => {
      const cell = document.createElement('span');
      cell.style.cssText = [
        'position:absolute;overflow:hidden;white-space:pre',
        `left:${(col / look.cols) * 100}%;top:${(row / look.rows) * 100}%`,
        `width:${(width / look.cols) * 100}%;height:${100 / look.rows}%`,
        `font:${look.fontSize}px ${look.fontFamily}`,
      ].join(';');
      return cell;
    };
    const parts = cells.map(({ col, text, width, predicted }) => {
      const cell = place(col, width);
      cell.textContent = text;
      cell.style.color = look.foreground;
      cell.style.background = look.background;
      if (predicted) cell.style.textDecoration = 'underline';
      return cell;
    });
    if (cursor !== null) {
      const cell = place(cursor, 1);
      cell.textContent = cells.find(({ col }) => col === cursor)?.text ?? '';
      cell.style.color = look.background;
      cell.style.background = look.foreground;
      parts.push(cell);
    }
    this.#layer.replaceChildren(...parts);
    this.#drawn = true;
  }
}

/** How the terminal's own cells are drawn. */
export type Look = {
  readonly cols: number;
  readonly rows: number;
  /** In pixels. */
  readonly fontSize: number;
  readonly fontFamily: string;
  readonly foreground: string;
  readonly background: string;
};

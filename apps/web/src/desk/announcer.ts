// What is said to those who do not see the page change. A screen reader reads each line once, when it has time.
import { createStore, type StoreApi } from 'zustand';

/** Lines that stay in the page. A reader may still be at the one before. */
const KEPT = 5;

type Line = { readonly key: number; readonly text: string };

export class Announcer {
  readonly lines: StoreApi<readonly Line[]> = createStore(() => []);
  #next = 0;

  /** Says a sentence, also one that was said before. */
  say = (text: string): void => {
    const line = { key: this.#next++, text };
    this.lines.setState((lines) => [...lines, line].slice(-KEPT), true);
  };
}

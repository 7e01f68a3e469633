// When xterm.js moves its scrollbar.
import type { Terminal } from '@xterm/xterm';

/** What xterm.js has no public name for. `viewportOf` throws where a later version calls it something else. */
type Viewport = {
  /** While it is true, `_sync` does nothing. */
  _isSyncing: boolean;
  readonly _sync: () => void;
};

/**
 * The scrollbar of a terminal that is open. xterm.js moves it for every line that scrolls, which takes longer than to
 * parse the line. Here it is moved once for all that is parsed in one go.
 */
export class Scrollbar {
  readonly #viewport: Viewport;

  constructor(terminal: Terminal) {
    this.#viewport = viewportOf(terminal);
  }

  /** Leaves it where it is until `move`. */
  hold(): void {
    this.#viewport._isSyncing = true;
  }

  /** Moves it to where the terminal is, and from now on with every line. */
  move(): void {
    this.#viewport._isSyncing = false;
    this.#viewport._sync();
  }
}

function viewportOf(terminal: Terminal): Viewport {
  const core = (terminal as unknown as { readonly _core?: { readonly _viewport?: Partial<Viewport> } })._core;
  const viewport = core?._viewport;
  if (typeof viewport?._isSyncing !== 'boolean' || typeof viewport._sync !== 'function') {
    throw new Error('this version of xterm.js moves its scrollbar in another way');
  }
  return viewport as Viewport;
}

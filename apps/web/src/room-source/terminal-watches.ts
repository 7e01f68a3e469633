// The terminals that this page watches: each gets what its shell writes, in order, without a gap, over every cut.
import {
  readTerminalFrame,
  type TerminalId,
  type TerminalMessage,
  type TerminalScreen,
  type TerminalSize,
  type TerminalState,
} from '@codesync/protocol';
import type { TerminalShow, TerminalWatch } from './types.ts';

type Watched = {
  readonly show: TerminalShow;
  size: TerminalSize;
  /** The shell that is shown, and how many of its bytes; null before the first screen. */
  have: { shell: number; bytes: number } | null;
};

export class TerminalWatches {
  readonly #say: (message: TerminalMessage) => boolean;
  readonly #watched = new Map<TerminalId, Watched>();

  /** @param say gives it to the server; false while there is no connection */
  constructor(say: (message: TerminalMessage) => boolean) {
    this.#say = say;
  }

  /** Begins to show a terminal. One that is watched already is shown here instead. */
  watch(terminal: TerminalId, size: TerminalSize, show: TerminalShow): TerminalWatch {
    const watched: Watched = { show, size, have: null };
    this.#watched.set(terminal, watched);
    this.#say({ kind: 'watch', terminal, size });
    return {
      type: (text) => {
        const shell = watched.have?.shell;
        return shell !== undefined && this.#say({ kind: 'type', terminal, shell, text });
      },
      sized: (to) => {
        watched.size = to;
        this.#say({ kind: 'size', terminal, size: to });
      },
      read: (upTo) => {
        const shell = watched.have?.shell;
        if (shell !== undefined) this.#say({ kind: 'read', terminal, shell, upTo });
      },
      stop: () => {
        if (this.#watched.get(terminal) !== watched) return;
        this.#watched.delete(terminal);
        this.#say({ kind: 'unwatch', terminal });
      },
    };
  }

  /** This client has joined, perhaps anew: nobody knows what it watches. */
  joined(): void {
    for (const [terminal, { size }] of this.#watched) this.#say({ kind: 'watch', terminal, size });
  }

  frame(frame: Uint8Array): void {
    const output = readTerminalFrame(frame);
    const watched = output === null ? undefined : this.#watched.get(output.terminal);
    const have = watched?.have ?? null;
    if (output === null || watched === undefined || have?.shell !== output.shell) return;
    const known = have.bytes - output.from;
    if (known < 0) {
      // Something between is missing. What comes is of no use before there is a screen again.
      watched.have = null;
      this.#say({ kind: 'watch', terminal: output.terminal, size: watched.size });
      return;
    }
    const news = output.bytes.subarray(known);
    if (news.length === 0) return;
    have.bytes += news.length;
    watched.show.output(news, have.bytes);
  }

  screen(screen: TerminalScreen): void {
    const watched = this.#watched.get(screen.terminal);
    if (watched === undefined) return;
    watched.have = { shell: screen.shell, bytes: screen.at };
    watched.show.screen(screen);
  }

  state(state: TerminalState): void {
    const watched = this.#watched.get(state.terminal);
    if (watched?.have?.shell === state.shell) watched.show.state(state);
  }
}

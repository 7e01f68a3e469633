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
  /** The shell that was shown last; null before the first screen. */
  shell: number | null;
  /** How many of its bytes are shown; null while a screen is on its way. */
  bytes: number | null;
  /** What was typed before the first screen. */
  ahead: string[];
  /** Whether a screen is on its way: the server was reached when it was asked. */
  asked: boolean;
};

export class TerminalWatches {
  readonly #say: (message: TerminalMessage) => boolean;
  readonly #watched = new Map<TerminalId, Watched>();
  /** The number of the last message that was typed, into whichever terminal. */
  #typed = 0;

  /** @param say gives it to the server; false while there is no connection */
  constructor(say: (message: TerminalMessage) => boolean) {
    this.#say = say;
  }

  /** Begins to show a terminal. One that is watched already is shown here instead. */
  watch(terminal: TerminalId, size: TerminalSize, show: TerminalShow): TerminalWatch {
    const watched: Watched = { show, size, shell: null, bytes: null, ahead: [], asked: false };
    this.#watched.set(terminal, watched);
    this.#ask(terminal, watched);
    return {
      type: (text) => {
        const { shell } = watched;
        if (shell !== null) return this.#type(terminal, shell, text);
        if (watched.asked) watched.ahead.push(text);
        return null;
      },
      sized: (to) => {
        watched.size = to;
        this.#say({ kind: 'size', terminal, size: to });
      },
      read: (upTo) => {
        const { shell } = watched;
        if (shell !== null) this.#say({ kind: 'read', terminal, shell, upTo });
      },
      stop: () => {
        if (this.#watched.get(terminal) !== watched) return;
        this.#watched.delete(terminal);
        this.#say({ kind: 'unwatch', terminal });
      },
    };
  }

  /** This client has joined, perhaps anew: nobody knows what it watches, and what it typed ahead was before a cut. */
  joined(): void {
    for (const [terminal, watched] of this.#watched) {
      watched.ahead = [];
      this.#ask(terminal, watched);
    }
  }

  frame(frame: Uint8Array): void {
    const output = readTerminalFrame(frame);
    const watched = output === null ? undefined : this.#watched.get(output.terminal);
    if (output === null || watched === undefined) return;
    if (watched.bytes === null || watched.shell !== output.shell) return;
    const known = watched.bytes - output.from;
    if (known < 0) {
      // Something between is missing. What comes is of no use before there is a screen again.
      watched.bytes = null;
      this.#ask(output.terminal, watched);
      return;
    }
    const news = output.bytes.subarray(known);
    if (news.length === 0 && output.typed === 0) return;
    watched.bytes += news.length;
    watched.show.output(news, watched.bytes, output.typed);
  }

  screen(screen: TerminalScreen): void {
    const watched = this.#watched.get(screen.terminal);
    if (watched === undefined) return;
    watched.shell = screen.shell;
    watched.bytes = screen.at;
    watched.show.screen(screen);
    for (const text of watched.ahead.splice(0)) this.#type(screen.terminal, screen.shell, text);
  }

  state(state: TerminalState): void {
    const watched = this.#watched.get(state.terminal);
    if (watched?.shell === state.shell) watched.show.state(state);
  }

  #ask(terminal: TerminalId, watched: Watched): void {
    watched.asked = this.#say({ kind: 'watch', terminal, size: watched.size });
  }

  #type(terminal: TerminalId, shell: number, text: string): number | null {
    const number = this.#typed + 1;
    if (!this.#say({ kind: 'type', terminal, shell, number, text })) return null;
    this.#typed = number;
    return number;
  }
}

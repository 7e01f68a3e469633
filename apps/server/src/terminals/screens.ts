// The screens of all terminals, seen from the server: they live in a thread of their own (screen-thread.ts).
import { Worker } from 'node:worker_threads';
import type { TerminalSize } from '@codesync/protocol';
import type { Log, ScreenListener, Screens, TerminalScreenPort } from '../ports.ts';
import type { FromScreens, ToScreens } from './messages.ts';
import type { Snapshot } from './screen.ts';

/** Screens that end with the server. */
export type RunningScreens = Screens & { stopped(): Promise<void> };

/** The thread starts with the first screen. If it fails, all screens in it are lost, and the next one starts it anew. */
export function startScreens(log: Log): RunningScreens {
  let thread: Thread | null = null;
  let stopping = false;
  return {
    open(size, listener) {
      thread ??= new Thread((error) => {
        thread = null;
        if (!stopping) log.error({ err: error }, 'the thread with the screens of terminals has ended');
      });
      return thread.open(size, listener);
    },
    async stopped() {
      stopping = true;
      await thread?.stop();
    },
  };
}

class Thread {
  readonly #worker = new Worker(new URL('./screen-thread.ts', import.meta.url));
  readonly #screens = new Map<number, ScreenListener>();
  readonly #asked = new Map<number, (snapshot: Snapshot | null) => void>();
  #numbers = 0;
  #ended = false;

  constructor(ended: (error: Error | null) => void) {
    let error: Error | null = null;
    this.#worker.on('message', (message: FromScreens) => this.#hear(message));
    this.#worker.once('error', (thrown: Error) => {
      error = thrown;
    });
    this.#worker.once('exit', () => {
      this.#ended = true;
      ended(error);
      for (const answer of this.#asked.values()) answer(null);
      for (const listener of this.#screens.values()) listener.lost();
    });
    this.#worker.unref();
  }

  open(size: TerminalSize, listener: ScreenListener): TerminalScreenPort {
    const screen = ++this.#numbers;
    this.#screens.set(screen, listener);
    this.#say({ kind: 'open', screen, size });
    return {
      // A copy: with a part of a larger block, all of the block would be sent.
      write: (bytes) => this.#say({ kind: 'write', screen, bytes: new Uint8Array(bytes) }),
      resize: (to) => this.#say({ kind: 'resize', screen, size: to }),
      snapshot: (lines) => this.#snapshot(screen, lines),
      close: () => {
        this.#screens.delete(screen);
        this.#say({ kind: 'close', screen });
      },
    };
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #snapshot(screen: number, lines: number): Promise<Snapshot | null> {
    if (this.#ended) return Promise.resolve(null);
    const asked = ++this.#numbers;
    return new Promise((resolve) => {
      this.#asked.set(asked, resolve);
      this.#say({ kind: 'snapshot', screen, lines, asked });
    });
  }

  #say(message: ToScreens): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  #hear(message: FromScreens): void {
    if (message.kind === 'snapshot') {
      this.#asked.get(message.asked)?.(message.snapshot);
      this.#asked.delete(message.asked);
    } else if (message.kind === 'drawn') this.#screens.get(message.screen)?.drawn(message.upTo);
    else this.#screens.get(message.screen)?.answer(message.text);
  }
}

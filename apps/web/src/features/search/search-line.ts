// The line to the worker: it ends a worker that is silent while it is asked, and makes another.
import { type FileId, LIMITS } from '@codesync/protocol';
import { MOST_EDITS, MOST_SHOWN } from './limits.ts';
import type { Copy, FromWorker, Query, ToWorker } from './messages.ts';

/** Longest silence of a worker that has work. It tells what it found many times a second. */
export const SILENCE_MS = 2_000;

const BOUNDS = { edits: MOST_EDITS, units: LIMITS.fileUnits } as const;

/** A worker, as far as it is asked and heard. */
export type WorkerPort = {
  readonly post: (message: ToWorker) => void;
  readonly end: () => void;
};

export type SearchLineOptions = {
  /** `failed`: the worker could not be loaded, or has ended by a fault of its own. */
  readonly open: (hear: (message: FromWorker) => void, failed: () => void) => WorkerPort;
  readonly hear: (message: Exclude<FromWorker, { kind: 'ready' | 'edits' }>) => void;
  /** The worker is gone with all that it had. `slow`: it was ended because it took too long. */
  readonly lost: (why: 'slow' | 'failed') => void;
};

type EditsReply = Extract<FromWorker, { kind: 'edits' }>;

export class SearchLine {
  readonly #options: SearchLineOptions;
  #port: WorkerPort | null = null;
  #ready = false;
  #search = 0;
  /** Whether that search is still going. */
  #searching = false;
  readonly #asked = new Map<number, (reply: EditsReply | null) => void>();
  #asks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SearchLineOptions) {
    this.#options = options;
  }

  /** Whether there is a worker, which has the texts that it was given. */
  get isOpen(): boolean {
    return this.#port !== null;
  }

  copies(copies: readonly Copy[]): void {
    if (copies.length > 0) this.#post({ kind: 'texts', copies });
  }

  search(asked: Omit<Extract<ToWorker, { kind: 'search' }>, 'kind' | 'most'>): void {
    this.#search = asked.search;
    this.#searching = true;
    this.#post({ kind: 'search', ...asked, most: MOST_SHOWN });
    this.#watch();
  }

  /** Resolves to what replaces all in a file; null when the worker is gone before it has answered. */
  edits(file: FileId, query: Query, replacement: string): Promise<EditsReply | null> {
    const ask = ++this.#asks;
    return new Promise((resolve) => {
      this.#asked.set(ask, resolve);
      this.#post({ kind: 'edits', ask, query, replacement, file, bounds: BOUNDS });
      this.#watch();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#port?.end();
    this.#port = null;
    this.#ready = false;
    this.#searching = false;
    for (const resolve of this.#asked.values()) resolve(null);
    this.#asked.clear();
  }

  #post(message: ToWorker): void {
    this.#port ??= this.#open();
    this.#port.post(message);
  }

  /** What an older worker still says is not heard. */
  #open(): WorkerPort {
    const port: WorkerPort = this.#options.open(
      (message) => this.#port === port && this.#hear(message),
      () => this.#port === port && this.#lose('failed'),
    );
    return port;
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'ready') this.#ready = true;
    else if (message.kind === 'edits') {
      this.#asked.get(message.ask)?.(message);
      this.#asked.delete(message.ask);
    } else if (message.search === this.#search) {
      if (message.kind !== 'found') this.#searching = false;
      this.#options.hear(message);
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watch();
  }

  #watch(): void {
    if (!this.#ready || this.#timer !== undefined || !(this.#searching || this.#asked.size > 0)) return;
    // A page that was busy itself hears first what has come meanwhile.
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => this.#lose('slow'));
    }, SILENCE_MS);
  }

  #lose(why: 'slow' | 'failed'): void {
    this.close();
    this.#options.lost(why);
  }
}

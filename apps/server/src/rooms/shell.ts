// One shell of a terminal: what it writes goes to its screen and to everyone who watches, each as fast as they can.
import {
  LEAST_SIZE,
  LIMITS,
  type ParticipantId,
  type ShellPhase,
  type TerminalId,
  type TerminalScreen,
  type TerminalSize,
  type TerminalState,
  writeTerminalFrame,
} from '@codesync/protocol';
import type { Clock, Screens, TerminalScreenPort } from '../ports.ts';
import type { Audience } from './audience.ts';
import type { Seat } from './seat.ts';

/** What comes within so long of the last message to the room waits for more of itself. */
const BATCH_MS = 8;
/** Output that does not wait, in bytes. */
const BATCH_BYTES = 32_768;
/** The shell is told of what was taken in each time that it is so much. Less than `terminalUnreadLow`. */
const READ_STEP_BYTES = 4_000;
/** A driver who draws nothing for so long does not hold the shell up any more. */
const PATIENCE_MS = 1_000;
/**
 * Lines above the screen that somebody gets at first: all of them take too long to make and to draw, and would keep whoever
 * is behind there while a program floods.
 */
const FIRST_LINES = 1_000;
/** They get all lines when a shell has written less than so many bytes in so long. */
const CALM_MS = 1_000;
const CALM_BYTES = LIMITS.terminalUnreadBytes;
/** A window that is being dragged has many sizes. */
const RESIZE_MS = 150;

/** Messages that wait to be taken by the shell. With more, the oldest counts as taken. */
const UNTAKEN = 4_096;

const NOTHING = new Uint8Array();

/**
 * What stands ahead of words to the people at a screen. It leaves the screen of a full-screen program, takes back its
 * colours, scroll region and mouse, and begins a line. The cursor is saved first: where there is no such program, leaving
 * it brings the cursor to where it was.
 */
const ASIDE = '\x1b7\x1b[?1049;1000;1002;1003l\x1b[!p\r\n';

/** How the shell is reached. */
type ShellPort = {
  type(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  read(upTo: number): void;
};

/** What is told to those who watch. `from`: the place in the output at which it was. */
type News =
  | { readonly from: number; readonly bytes: Uint8Array }
  | { readonly from: number; readonly state: TerminalState };

/**
 * - `arriving`: its screen is being made. What is written meanwhile waits for it.
 * - `following`: it is sent what is written.
 * - `behind`: it was sent more than it could draw. It gets a screen when it has drawn that.
 */
type Stand =
  | { readonly kind: 'arriving'; readonly waiting: News[] }
  | { readonly kind: 'following' }
  | { readonly kind: 'behind' };

type Watcher = {
  readonly seat: Seat;
  size: TerminalSize;
  stand: Stand;
  /** Its screen has all lines above it that are kept. */
  complete: boolean;
  /** The place in the output up to which it was sent, and has drawn. */
  sent: number;
  read: number;
  /** The newest message of its that the shell has taken, and the one of which it was told. */
  taken: number;
  told: number;
};

/** A message that was typed. `end`: the place of its last byte in all that was. */
type Typed = { readonly seat: string; readonly number: number; readonly end: number };

export type ShellOptions = {
  readonly terminal: TerminalId;
  readonly shell: number;
  readonly size: TerminalSize;
  readonly port: ShellPort;
  readonly screens: Screens;
  readonly clock: Clock;
  readonly audience: Pick<Audience, 'to'>;
  /** Its screen is gone, and so nobody could come to it any more. */
  readonly lost: () => void;
};

export class Shell {
  readonly #options: ShellOptions;
  readonly #screen: TerminalScreenPort;
  /** By the seat's id. */
  readonly #watchers = new Map<string, Watcher>();
  #size: TerminalSize;
  #phase: ShellPhase = { kind: 'starting' };
  #driver: Seat | null = null;
  /** How much it has written, how much of it was sent on, its screen has drawn, and the shell was told of. */
  #written = 0;
  #sent = 0;
  #drawn = 0;
  #told = 0;
  /** How many bytes were typed, and which messages of them the shell has not taken. */
  #typed = 0;
  readonly #untaken: Typed[] = [];
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #callOffFlush: (() => void) | null = null;
  #callOffResize: (() => void) | null = null;
  #callOffPatience: (() => void) | null = null;
  #callOffComplete: (() => void) | null = null;
  #closed = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#size = options.size;
    this.#screen = options.screens.open(options.size, {
      drawn: (upTo) => {
        this.#drawn = upTo;
        this.#tellRead();
      },
      answer: (text) => this.#type(text),
      lost: () => {
        if (!this.#closed) options.lost();
      },
    });
  }

  get number(): number {
    return this.#options.shell;
  }

  phase(phase: ShellPhase): void {
    this.#phase = phase;
    this.#tellState();
  }

  /**
   * What the shell has written, and how much of what was typed it has taken. What came before is passed over.
   *
   * @returns false for a gap: the shell cannot be followed any more.
   */
  output(from: number, bytes: Uint8Array, taken: number): boolean {
    if (from > this.#written) return false;
    const news = bytes.subarray(this.#written - from);
    if (news.length > 0) {
      if (this.#phase.kind !== 'running') this.phase({ kind: 'running' });
      this.#show(news);
    }
    if (this.#take(taken) || news.length > 0) this.#flushSoon();
    return true;
  }

  /** Something has happened around it. That is told until somebody types. */
  note(words: string): void {
    if (this.#phase.kind === 'running') this.phase({ kind: 'running', note: words });
  }

  /** Nothing more comes of it. Its screen stays, and says why, where there is something to say. */
  end(words: string | undefined): void {
    if (words !== undefined) this.#show(Buffer.from(`${ASIDE}${words}\r\n`));
    this.phase({ kind: 'running' });
  }

  /** Begins to send it to a seat, or begins anew. */
  watch(seat: Seat, size: TerminalSize): void {
    const before = this.#watchers.get(seat.id);
    if (before?.stand.kind === 'arriving') before.size = size;
    else {
      const { taken, told } = before ?? { taken: 0, told: 0 };
      const stand = { kind: 'behind' } as const;
      const watcher: Watcher = { seat, size, stand, complete: false, sent: 0, read: 0, taken, told };
      this.#watchers.set(seat.id, watcher);
      this.#welcome(watcher);
    }
    if (this.#driver?.id === seat.id) this.#resizeSoon();
  }

  unwatch(seat: Seat): void {
    this.#watchers.delete(seat.id);
    if (this.#driver?.id !== seat.id) return;
    this.#tellRead();
  }

  /** What a seat has room for. */
  sized(seat: Seat, size: TerminalSize): void {
    const watcher = this.#watchers.get(seat.id);
    if (watcher === undefined) return;
    watcher.size = size;
    if (this.#driver?.id === seat.id) this.#resizeSoon();
  }

  /** @param number the client is told by it when the shell has taken the text */
  type(seat: Seat, text: string, number: number): void {
    this.drive(seat);
    if (this.#phase.kind === 'running' && this.#phase.note !== undefined) this.phase({ kind: 'running' });
    this.#type(text);
    this.#untaken.push({ seat: seat.id, number, end: this.#typed });
    if (this.#untaken.length > UNTAKEN) this.#take(this.#untaken[0]!.end);
  }

  /** From now on it has that seat's size. */
  drive(seat: Seat): void {
    if (this.#driver?.id === seat.id) return;
    this.#driver = seat;
    this.#tellState();
    this.#resizeSoon();
  }

  /** A seat has drawn the first `upTo` bytes. */
  read(seat: Seat, upTo: number): void {
    const watcher = this.#watchers.get(seat.id);
    if (watcher === undefined || upTo <= watcher.read || upTo > watcher.sent) return;
    watcher.read = upTo;
    if (watcher === this.#drivers) {
      this.#callOffPatience?.();
      this.#callOffPatience = null;
    }
    if (watcher.stand.kind === 'behind' && watcher.read >= watcher.sent) {
      this.#welcome(watcher);
    }
    this.#tellRead();
  }

  /** Sends what waits, and ends. */
  close(): void {
    this.#flush();
    this.#closed = true;
    this.#callOffResize?.();
    this.#callOffPatience?.();
    this.#callOffComplete?.();
    this.#screen.close();
    this.#watchers.clear();
  }

  /** The watcher of the driver's seat. */
  get #drivers(): Watcher | undefined {
    return this.#driver === null ? undefined : this.#watchers.get(this.#driver.id);
  }

  get #state(): TerminalState {
    const { terminal, shell } = this.#options;
    const driver: ParticipantId | null = this.#driver?.participant.id ?? null;
    return { terminal, shell, phase: this.#phase, size: this.#size, driver };
  }

  /** @param lines how many of those above the screen */
  #welcome(watcher: Watcher, lines = FIRST_LINES): void {
    this.#flush();
    const waiting: News[] = [];
    watcher.stand = { kind: 'arriving', waiting };
    const asked = this.#state;
    void this.#screen.snapshot(lines).then((snapshot) => {
      if (snapshot === null || this.#closed || this.#watchers.get(watcher.seat.id) !== watcher) return;
      this.#flush();
      const { screen, size, at, rest, complete } = snapshot;
      const end = at + rest.length;
      // What was told up to the size that the screen has is older than the screen.
      const known = waiting.findLastIndex(
        (news) => 'state' in news && news.from <= end && sameSize(news.state.size, size),
      );
      const state = waiting.slice(0, known + 1).findLast((news) => 'state' in news)?.state ?? asked;
      const message: TerminalScreen = { ...state, size, screen, at };
      this.#options.audience.to(watcher.seat, { kind: 'terminalScreen', screen: message });
      watcher.stand = { kind: 'following' };
      watcher.complete = complete;
      if (!watcher.complete) this.#completeSoon();
      watcher.sent = at;
      watcher.read = at;
      // What the shell has taken is told last: its echo may be in what waits.
      const { taken } = watcher;
      watcher.taken = watcher.told;
      this.#send(watcher, rest, null);
      for (const [i, news] of waiting.entries()) {
        if ('state' in news) {
          if (i > known) this.#tellStateTo(watcher, news.state);
        } else this.#send(watcher, news.bytes.subarray(Math.max(0, end - news.from)), null);
      }
      watcher.taken = taken;
      this.#send(watcher, NOTHING, null);
    });
  }

  #show(bytes: Uint8Array): void {
    this.#written += bytes.length;
    this.#screen.write(bytes);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  /** Sends all lines to those who have not got them, once the shell is calm. */
  #completeSoon(): void {
    const written = this.#written;
    this.#callOffComplete ??= this.#options.clock.after(CALM_MS, () => {
      this.#callOffComplete = null;
      const calm = this.#written - written < CALM_BYTES;
      let left = false;
      for (const watcher of this.#watchers.values()) {
        if (watcher.complete) continue;
        if (calm && watcher.stand.kind === 'following') this.#welcome(watcher, LIMITS.terminalLines);
        else left = true;
      }
      if (left) this.#completeSoon();
    });
  }

  #type(text: string): void {
    const bytes = Buffer.from(text);
    this.#typed += bytes.length;
    this.#options.port.type(bytes);
  }

  /** The shell has taken the first `upTo` bytes that were typed. Returns whether that is news for anyone. */
  #take(upTo: number): boolean {
    let news = false;
    while (this.#untaken.length > 0 && this.#untaken[0]!.end <= upTo) {
      const { seat, number } = this.#untaken.shift()!;
      const watcher = this.#watchers.get(seat);
      if (watcher === undefined || number <= watcher.taken) continue;
      watcher.taken = number;
      news = true;
    }
    return news;
  }

  #flushSoon(): void {
    const since = this.#options.clock.now() - this.#flushedAt;
    if (since >= BATCH_MS || this.#waitingBytes >= BATCH_BYTES) this.#flush();
    else this.#callOffFlush ??= this.#options.clock.after(BATCH_MS - since, () => this.#flush());
  }

  /** Sends what waits of the output, and tells those who typed what the shell has taken. */
  #flush(): void {
    this.#callOffFlush?.();
    this.#callOffFlush = null;
    if (this.#waitingBytes === 0) {
      for (const watcher of this.#watchers.values()) this.#send(watcher, NOTHING, null);
      return;
    }
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#flushedAt = this.#options.clock.now();
    const { terminal, shell } = this.#options;
    const from = this.#sent;
    const frame = writeTerminalFrame({ terminal, shell, from, typed: 0, bytes });
    this.#sent += bytes.length;
    for (const watcher of this.#watchers.values()) {
      if (watcher.stand.kind === 'arriving') watcher.stand.waiting.push({ from, bytes });
      else if (watcher.stand.kind === 'following') this.#send(watcher, bytes, frame);
    }
    this.#tellRead();
  }

  /** @param frame the bytes as they are sent to whoever has typed nothing of late, if they were written already. */
  #send(watcher: Watcher, bytes: Uint8Array, frame: Uint8Array | null): void {
    const typed = watcher.taken > watcher.told ? watcher.taken : 0;
    if ((bytes.length === 0 && typed === 0) || watcher.stand.kind !== 'following') return;
    const { terminal, shell, audience, clock } = this.#options;
    const message =
      frame !== null && typed === 0
        ? frame
        : writeTerminalFrame({ terminal, shell, from: watcher.sent, typed, bytes });
    watcher.told = watcher.taken;
    watcher.sent += bytes.length;
    audience.to(watcher.seat, { kind: 'terminal', frame: message });
    if (watcher.sent - watcher.read <= LIMITS.terminalUnreadBytes) return;
    if (watcher !== this.#drivers) watcher.stand = { kind: 'behind' };
    else {
      this.#callOffPatience ??= clock.after(PATIENCE_MS, () => {
        this.#callOffPatience = null;
        if (watcher.sent - watcher.read > LIMITS.terminalUnreadLow) watcher.stand = { kind: 'behind' };
        this.#tellRead();
      });
    }
  }

  /** Lets the shell go on as far as its screen and its driver have come. */
  #tellRead(): void {
    const driver = this.#drivers;
    const upTo = driver?.stand.kind === 'following' ? Math.min(this.#drawn, driver.read) : this.#drawn;
    if (upTo - this.#told < READ_STEP_BYTES) return;
    this.#told = upTo;
    this.#options.port.read(upTo);
  }

  #resizeSoon(): void {
    this.#callOffResize ??= this.#options.clock.after(RESIZE_MS, () => {
      this.#callOffResize = null;
      const wanted = this.#drivers?.size;
      if (wanted === undefined) return;
      const cols = Math.max(LEAST_SIZE.cols, wanted.cols);
      const rows = Math.max(LEAST_SIZE.rows, wanted.rows);
      if (sameSize({ cols, rows }, this.#size)) return;
      this.#flush();
      this.#size = { cols, rows };
      this.#screen.resize(this.#size);
      this.#options.port.resize(this.#size);
      this.#tellState();
    });
  }

  #tellState(): void {
    this.#flush();
    for (const watcher of this.#watchers.values()) this.#tellStateTo(watcher, this.#state);
  }

  /** One that is behind is told with its screen. */
  #tellStateTo(watcher: Watcher, state: TerminalState): void {
    const { stand, seat } = watcher;
    if (stand.kind === 'arriving') stand.waiting.push({ from: this.#sent, state });
    else if (stand.kind === 'following') this.#options.audience.to(seat, { kind: 'terminalState', state });
  }
}

function sameSize(a: TerminalSize, b: TerminalSize): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}

// Tells the others where this client is: seldom enough to be cheap, often enough to look alive.
import type { Op } from '@codesync/ot';
import type { Cursor, FileId, PresenceUpdate } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { carrySpan, positionBefore, type Span, sameSpan } from './positions.ts';

/** About 30 a second; the newest place wins. */
const GAP_MS = 33;
/** It is told again although nothing moved, well before the others forget it. */
const HEARTBEAT_MS = 10_000;

/** The confirmed version of a file and what this client has typed on top of it. */
type OwnText = { readonly version: number; readonly pending: Op };

export type OwnCursorOptions = {
  readonly clock: Clock;
  /** Null when there is no such file. */
  readonly text: (file: FileId) => OwnText | null;
  readonly send: (update: PresenceUpdate) => void;
};

export class OwnCursor {
  readonly #options: OwnCursorOptions;
  /** In positions of the text on the screen. */
  #here: Omit<Cursor, 'version'> | null = null;
  /** What the others make of the last thing that they were told; null when they were told nothing. */
  #told: (Span & { readonly file: FileId }) | null = null;
  #clockValue = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;
  #cancelHeartbeat: (() => void) | null = null;

  constructor(options: OwnCursorOptions) {
    this.#options = options;
  }

  /** The cursor of this client, in positions of the text on the screen. */
  set(cursor: Omit<Cursor, 'version'> | null): void {
    this.#here = cursor;
    this.#refresh();
  }

  /** An edit of the log is in the confirmed text of `file`; `own`: this client made it. */
  edited(file: FileId, op: Op, own: boolean): void {
    if (this.#told?.file !== file) return;
    this.#told = { file, ...carrySpan(this.#told, op, own) };
    this.#refresh();
  }

  /** The text on the screen was changed by another than this client's hand. */
  shown(file: FileId, op: Op): void {
    if (this.#here?.file === file) this.#here = { file, ...carrySpan(this.#here, op, false) };
  }

  /** In the room again: the others may have forgotten. */
  announce(): void {
    this.#told = null;
    this.#sendSoon();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancelHeartbeat?.();
    this.#cancel = null;
    this.#cancelHeartbeat = null;
  }

  /** Sends unless the others know. */
  #refresh(): void {
    const cursor = this.#cursor();
    const known =
      cursor === null
        ? this.#told === null
        : this.#told?.file === cursor.file && sameSpan(this.#told, cursor);
    if (!known) this.#sendSoon();
  }

  #sendSoon(): void {
    if (this.#cancel !== null) return;
    const { clock } = this.#options;
    const wait = this.#sentAt + GAP_MS - clock.now();
    if (wait <= 0) this.#send();
    else
      this.#cancel = clock.after(wait, () => {
        this.#cancel = null;
        this.#send();
      });
  }

  #send(): void {
    const { clock, send } = this.#options;
    const now = clock.now();
    const cursor = this.#cursor();
    // It also grows across reloads, so that an entry from before a reload never wins.
    this.#clockValue = Math.max(this.#clockValue + 1, now);
    this.#sentAt = now;
    this.#told = cursor === null ? null : { file: cursor.file, anchor: cursor.anchor, head: cursor.head };
    send({ clock: this.#clockValue, cursor });
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = cursor === null ? null : clock.after(HEARTBEAT_MS, () => this.#sendSoon());
  }

  /** Where this client is in the confirmed text. */
  #cursor(): Cursor | null {
    if (this.#here === null) return null;
    const text = this.#options.text(this.#here.file);
    if (text === null) return null;
    const { file, anchor, head } = this.#here;
    const at = (position: number) => positionBefore(position, text.pending);
    return { file, version: text.version, anchor: at(anchor), head: at(head) };
  }
}

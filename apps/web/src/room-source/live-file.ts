// One file of a live room, for the editor: the client's document with this author's undo, times and listeners. On top of
// its text the screen may have what peers have typed and the log does not have.
import {
  apply,
  compose,
  isNoop,
  type LoggedEdit,
  NOOP,
  type Op,
  type Outgoing,
  UndoHistory,
} from '@codesync/ot';
import type { ClientId, FileId, Preview } from '@codesync/protocol';
import {
  type AuthoredEdit,
  type Change,
  ClientDocument,
  type CommandNumbers,
  carryRange,
  type FoldedText,
  Previews,
  type Range,
  spanBefore,
  type TakenBack,
} from '@codesync/room';
import type { PendingFile } from './record.ts';
import type { FileDocument, RemoteCursors } from './types.ts';

/** What a file needs of its room. */
export type FileHost = CommandNumbers & {
  readonly confirmed: (file: FileId) => FoldedText;
  readonly now: () => number;
  /** The log has an edit of this author, so long after its first key. */
  readonly saved: (ms: number) => void;
  /** This author has changed the file by `op`, which is made for its text. */
  readonly edited: (file: LiveFile, op: Op) => void;
  /** Others, or a correction, have changed the file by `op`. */
  readonly changed: (file: FileId, op: Op) => void;
  /** The text on the screen was changed by `op`, and this author's hand did not do it. */
  readonly shown: (file: FileId, op: Op) => void;
  /** What of this author is not in the log is another, by no edit of theirs. */
  readonly pending: (file: LiveFile) => void;
  readonly cursors: (file: LiveFile) => readonly RemoteCursors[];
  readonly lineNow: (file: LiveFile, version: number, line: number) => number | null;
};

export class LiveFile implements FileDocument {
  readonly file: FileId;
  readonly #host: FileHost;
  readonly #document: ClientDocument;
  readonly #undo = new UndoHistory();
  readonly #remoteListeners = new Set<(op: Op) => void>();
  readonly #cursorListeners = new Set<() => void>();
  readonly #previewListeners = new Set<() => void>();
  /** Null until a peer has told something of this file. */
  #previews: Previews | null = null;
  /** Since when deletions of text wait that the log does not have, and how many edits were made before them. */
  #held: { readonly since: number; readonly made: number } | null = null;
  /** When the edit in flight, and the buffer on top of it, were begun. */
  #inFlightSince = 0;
  #bufferSince = 0;
  /** Counts of local edits: made, among them in flight or saved, and saved. */
  #made = 0;
  #inFlightMade = 0;
  #savedMade = 0;
  #gone = false;

  constructor(file: FileId, host: FileHost, stored: PendingFile | null) {
    this.file = file;
    this.#host = host;
    this.#document = new ClientDocument(() => host.confirmed(file), host, stored?.client ?? null);
    if (!this.synchronized) {
      this.#inFlightSince = this.#bufferSince = host.now();
      // Nobody knows any more how many changes the edit in flight was made of. It counts as one, and the rest is the
      // buffer.
      this.#made = Math.max(2, stored?.changes ?? 0);
      this.#inFlightMade = 1;
    }
  }

  // ---- for the editor -----------------------------------------------------------------------------------

  text = (): string => {
    const text = this.#document.text();
    return this.#isPreviewed ? apply(text, this.#previews!.op) : text;
  };

  version = (): number => this.#document.version;

  edit = (op: Op, boundary: boolean): void => {
    if (isNoop(op) || this.#gone) return;
    if (boundary) this.#undo.boundary();
    const below = this.#isPreviewed ? this.#previews!.lower(op) : op;
    if (!isNoop(below)) {
      this.#undo.record(below, this.#document.buffer);
      this.#make(below);
      this.#previews?.edited();
      this.#host.edited(this, below);
    }
    if (this.#previews !== null) this.#previewsMoved();
  };

  change = (op: Op): void => {
    if (isNoop(op) || this.#gone) return;
    this.#undo.boundary();
    this.#undo.record(op, this.#document.buffer);
    this.#undo.boundary();
    const shown = this.#lift(op);
    for (const listener of this.#remoteListeners) listener(shown);
    this.#host.edited(this, op);
  };

  undo = (): Op | null => this.#step(() => this.#undo.undo());

  redo = (): Op | null => this.#step(() => this.#undo.redo());

  previewed = (): readonly Range[] => (this.#isPreviewed ? this.#previews!.ranges() : []);

  onPreviewed = (listener: () => void): (() => void) => {
    this.#previewListeners.add(listener);
    return () => this.#previewListeners.delete(listener);
  };

  onScreen = (range: Range): Range => (this.#isPreviewed ? carryRange(range, this.#previews!.op) : range);

  inText = ({ start, end }: Range): Range => {
    if (!this.#isPreviewed) return { start, end };
    const { anchor, head } = spanBefore({ anchor: start, head: end }, this.#previews!.op);
    return { start: anchor, end: head };
  };

  onRemote = (listener: (op: Op) => void): (() => void) => {
    this.#remoteListeners.add(listener);
    return () => this.#remoteListeners.delete(listener);
  };

  lineNow = (version: number, line: number): number | null =>
    this.#gone ? null : this.#host.lineNow(this, version, line);

  remoteCursors = (): readonly RemoteCursors[] => (this.#gone ? [] : this.#host.cursors(this));

  onCursors = (listener: () => void): (() => void) => {
    this.#cursorListeners.add(listener);
    return () => this.#cursorListeners.delete(listener);
  };

  cursorsMoved(): void {
    for (const listener of this.#cursorListeners) listener();
  }

  // ---- for the room -------------------------------------------------------------------------------------

  get synchronized(): boolean {
    return this.#document.synchronized;
  }

  /** When the oldest local edit was made that is not in the log; null when all are. */
  get pendingSince(): number | null {
    if (this.#held === null) return this.synchronized ? null : this.#inFlightSince;
    return this.synchronized ? this.#held.since : Math.min(this.#held.since, this.#inFlightSince);
  }

  /** Local edits made so far, and how many of them are in the log (or taken back). */
  get made(): number {
    return this.#made;
  }

  get saved(): number {
    const saved = this.synchronized ? this.#made : this.#savedMade;
    return this.#held === null ? saved : Math.min(saved, this.#held.made);
  }

  /** What this author has over the confirmed text. */
  pendingOp(): Op {
    return this.#document.pendingOp();
  }

  /** The text with that, without anything of peers. */
  ownText(): string {
    return this.#document.text();
  }

  /** All that the screen has over the confirmed text. */
  screenOp(): Op {
    const pending = this.pendingOp();
    return this.#isPreviewed ? compose(pending, this.#previews!.op) : pending;
  }

  /** Whether the screen has something of that client which the log does not have. */
  previews(client: ClientId): boolean {
    return this.#previews?.has(client) ?? false;
  }

  stored(): PendingFile {
    return { file: this.file, client: this.#document.stored(), changes: this.#made - this.saved };
  }

  /** The number of the edit in flight. */
  get inFlight(): number | null {
    return this.#document.inFlight;
  }

  /** As `ClientDocument` has it. */
  takeOutgoing(upTo: number): Outgoing | null {
    return this.#document.takeOutgoing(upTo);
  }

  /** What was sent may have been lost, and is to be sent again. */
  unsend(): void {
    this.#document.unsend();
  }

  /** An edit of the log, already in the confirmed text. `own`: its number, when this client made it. */
  logged(edit: AuthoredEdit, own: number | null): void {
    const change = this.#document.logged(edit.version, edit.op, own);
    if (change.settled) this.#host.saved(this.#host.now() - this.#inFlightSince);
    this.#take(change, (previews) => previews.logged(edit, change.shown));
  }

  /** What a peer has typed and the log does not have. */
  hear(author: ClientId, preview: Preview): void {
    this.#previews ??= new Previews(this.#document, () => this.#host.confirmed(this.file));
    this.#show(this.#previews.hear(author, preview, this.#host.now()));
  }

  /** Takes back what peers told and the log has not confirmed in time. Returns whether anything is left that may be. */
  expirePreviews(isHere: (author: ClientId) => boolean): boolean {
    if (this.#previews === null || this.#previews.isIdle) return false;
    this.#show(this.#previews.expire(this.#host.now(), isHere));
    return !this.#previews.isIdle;
  }

  /** As `ClientDocument` has it. Returns what has no place in the room any more. */
  caughtUp(steps: readonly LoggedEdit[]): TakenBack | null {
    return this.#arrive(this.#document.caughtUp(steps));
  }

  /** As `ClientDocument` has it. Returns what has no place in the room any more. */
  replaced(before: string): TakenBack | null {
    return this.#arrive(this.#document.replaced(before));
  }

  /** The server will never take the edit in flight: it is taken back from the screen. */
  refused(): TakenBack | null {
    return this.#shift(this.#document.refused());
  }

  /** All that is pending is taken back from the screen. */
  takeBack(): TakenBack | null {
    return this.#shift(this.#document.takeBack());
  }

  /** The file is no longer in the room. Returns what was not in the log. */
  remove(): TakenBack | null {
    this.#gone = true;
    return this.unsaved();
  }

  /** What is on the screen and not in the log. */
  unsaved(): TakenBack | null {
    return this.#document.unsaved();
  }

  get #isPreviewed(): boolean {
    return this.#previews !== null && !this.#previews.isEmpty;
  }

  /** Undo takes back a deletion that waits first. */
  #step(take: () => Op | null): Op | null {
    if (this.#gone) return null;
    if (this.#previews?.holds) {
      const shown = this.#previews.release();
      this.#previewsMoved();
      return shown;
    }
    const op = take();
    if (op === null) return null;
    const shown = this.#lift(op);
    this.#host.edited(this, op);
    return shown;
  }

  /** Makes an edit of the text, which the screen does not have. Returns the operation that brings it there. */
  #lift(op: Op): Op {
    this.#make(op);
    const shown = this.#previews?.lift(op) ?? op;
    if (this.#previews !== null) this.#previewsMoved();
    return shown;
  }

  #make(op: Op): void {
    const { state } = this.#document;
    this.#document.edit(op);
    this.#made++;
    const now = this.#host.now();
    if (state === 'synchronized') {
      this.#inFlightSince = now;
      this.#inFlightMade = this.#made;
    } else if (state === 'awaiting-ack') this.#bufferSince = now;
  }

  #shift(change: Change): TakenBack | null {
    return this.#take(change, (previews) => previews.moved(change.shown));
  }

  #arrive(change: Change): TakenBack | null {
    return this.#take(change, (previews) => previews.reset(change.shown));
  }

  /** Tells what has changed: undo first, the editor last. `onTop` does it to what is shown on top of the text. */
  #take({ shown, settled, taken }: Change, onTop: (previews: Previews) => Op): TakenBack | null {
    if (settled) {
      this.#savedMade = this.#inFlightMade;
      this.#inFlightMade = this.#made;
      this.#inFlightSince = this.#bufferSince;
    }
    if (!isNoop(shown)) {
      this.#undo.remote(shown);
      this.#host.changed(this.file, shown);
    }
    this.#show(this.#previews === null ? shown : onTop(this.#previews));
    if (settled || taken !== null) this.#host.pending(this);
    return taken;
  }

  /** Brings the screen to what has come in, and makes the deletions that waited for it. */
  #show(op: Op): void {
    const due = this.#previews?.due() ?? NOOP;
    let shown = op;
    if (!isNoop(due)) {
      this.#undo.boundary();
      this.#undo.record(due, this.#document.buffer);
      this.#undo.boundary();
      shown = compose(op, this.#lift(due));
    }
    if (!isNoop(shown)) {
      this.#host.shown(this.file, shown);
      for (const listener of this.#remoteListeners) listener(shown);
    }
    if (this.#previews !== null) this.#previewsMoved();
    if (!isNoop(due)) this.#host.edited(this, due);
  }

  /** What is shown of peers may be elsewhere, or gone. */
  #previewsMoved(): void {
    const held = this.#held;
    if (!this.#previews!.holds) this.#held = null;
    else if (held === null) this.#held = { since: this.#host.now(), made: this.#made++ };
    if (held !== this.#held) this.#host.pending(this);
    for (const listener of this.#previewListeners) listener();
  }
}

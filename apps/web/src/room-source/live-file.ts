// One file of a live room, for the editor: the client's document with this author's undo, times and listeners.
import { isNoop, type LoggedEdit, type Op, type Outgoing, UndoHistory } from '@codesync/ot';
import type { FileId } from '@codesync/protocol';
import {
  type Change,
  ClientDocument,
  type CommandNumbers,
  type FoldedText,
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
  /** This author has changed the file by `op`. */
  readonly edited: (file: FileId, op: Op) => void;
  /** Others, or a correction, have changed the text on the screen by `op`. */
  readonly shown: (file: FileId, op: Op) => void;
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

  text = (): string => this.#document.text();

  version = (): number => this.#document.version;

  edit = (op: Op, boundary: boolean): void => {
    if (isNoop(op) || this.#gone) return;
    if (boundary) this.#undo.boundary();
    this.#undo.record(op, this.#document.buffer);
    this.#edit(op);
  };

  change = (op: Op): void => {
    if (isNoop(op) || this.#gone) return;
    this.edit(op, true);
    this.#undo.boundary();
    for (const listener of this.#remoteListeners) listener(op);
  };

  undo = (): Op | null => this.#step(this.#gone ? null : this.#undo.undo());

  redo = (): Op | null => this.#step(this.#gone ? null : this.#undo.redo());

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
    return this.synchronized ? null : this.#inFlightSince;
  }

  /** Local edits made so far, and how many of them are in the log (or taken back). */
  get made(): number {
    return this.#made;
  }

  get saved(): number {
    return this.synchronized ? this.#made : this.#savedMade;
  }

  /** All that the screen has over the confirmed text. */
  pendingOp(): Op {
    return this.#document.pendingOp();
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
  logged(version: number, op: Op, own: number | null): void {
    const change = this.#document.logged(version, op, own);
    if (change.settled) this.#host.saved(this.#host.now() - this.#inFlightSince);
    this.#take(change);
  }

  /** As `ClientDocument` has it. Returns what has no place in the room any more. */
  caughtUp(steps: readonly LoggedEdit[]): TakenBack | null {
    return this.#take(this.#document.caughtUp(steps));
  }

  /** As `ClientDocument` has it. Returns what has no place in the room any more. */
  replaced(before: string): TakenBack | null {
    return this.#take(this.#document.replaced(before));
  }

  /** The server will never take the edit in flight: it is taken back from the screen. */
  refused(): TakenBack | null {
    return this.#take(this.#document.refused());
  }

  /** All that is pending is taken back from the screen. */
  takeBack(): TakenBack | null {
    return this.#take(this.#document.takeBack());
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

  #step(op: Op | null): Op | null {
    if (op !== null) this.#edit(op);
    return op;
  }

  #edit(op: Op): void {
    const { state } = this.#document;
    this.#document.edit(op);
    this.#made++;
    const now = this.#host.now();
    if (state === 'synchronized') {
      this.#inFlightSince = now;
      this.#inFlightMade = this.#made;
    } else if (state === 'awaiting-ack') this.#bufferSince = now;
    this.#host.edited(this.file, op);
  }

  /** Tells what has changed: undo first, the editor last. */
  #take({ shown, settled, taken }: Change): TakenBack | null {
    if (settled) {
      this.#savedMade = this.#inFlightMade;
      this.#inFlightMade = this.#made;
      this.#inFlightSince = this.#bufferSince;
    }
    if (isNoop(shown)) return taken;
    this.#undo.remote(shown);
    this.#host.shown(this.file, shown);
    for (const listener of this.#remoteListeners) listener(shown);
    return taken;
  }
}

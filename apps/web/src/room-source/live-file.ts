// One file of a live room: the confirmed text's client machine, the text on the screen, and this author's undo.
import {
  acknowledge,
  apply,
  baseLength,
  type Client,
  catchUp,
  diff,
  edit,
  invert,
  isNoop,
  type LoggedEdit,
  type Op,
  type Outgoing,
  openClient,
  pendingOp,
  refuse,
  remote,
  resend,
  restoreClient,
  type Sending,
  storeClient,
  TextBuffer,
  UndoHistory,
} from '@codesync/ot';
import type { FileId } from '@codesync/protocol';
import type { FoldedText } from '@codesync/room';

import type { PendingFile } from './record.ts';
import type { FileDocument, RemoteCursor } from './types.ts';

/** What a file needs of its room. */
export type FileHost = {
  readonly confirmed: (file: FileId) => FoldedText;
  /** The number for the next command; `takeSeq` uses it up. */
  readonly nextSeq: () => number;
  readonly takeSeq: () => void;
  readonly now: () => number;
  /** The log has an edit of this author, so long after its first key. */
  readonly saved: (ms: number) => void;
  /** This author has changed the file. */
  readonly edited: (file: LiveFile) => void;
  /** Others, or a correction, have changed the text on the screen by `op`. */
  readonly shown: (file: FileId, op: Op) => void;
  readonly cursors: (file: LiveFile) => readonly RemoteCursor[];
  readonly lineNow: (file: LiveFile, version: number, line: number) => number | null;
};

/** What was taken back from the screen: its own inserted text, and the whole text as it was. */
export type TakenBack = { readonly typed: string; readonly text: string };

export class LiveFile implements FileDocument {
  readonly file: FileId;
  readonly #host: FileHost;
  readonly #undo = new UndoHistory();
  readonly #remoteListeners = new Set<(op: Op) => void>();
  readonly #cursorListeners = new Set<() => void>();
  #client: Client;
  #view: TextBuffer;
  /** The number of the edit in flight that was given to the socket of this connection. */
  #sent: number | null = null;
  /** When the edit in flight, and the buffer on top of it, were begun. */
  #inFlightSince = 0;
  #bufferSince = 0;
  /** Counts of local edits: made, among them in flight or saved, and saved. */
  #made = 0;
  #inFlightMade = 0;
  #savedMade = 0;
  #pending: { readonly of: Client; readonly op: Op } | null = null;
  #gone = false;

  constructor(file: FileId, host: FileHost, stored: PendingFile | null) {
    this.file = file;
    this.#host = host;
    const { version, buffer } = host.confirmed(file);
    this.#client = stored === null ? openClient(version) : restoreClient(stored.client);
    this.#view = TextBuffer.from(buffer.toString());
    this.#view.apply(pendingOp(this.#client));
    if (!this.synchronized) {
      this.#inFlightSince = this.#bufferSince = host.now();
      // Of how many changes the edit in flight was made is not known any more: one, and the rest is the buffer.
      this.#made = Math.max(2, stored?.changes ?? 0);
      this.#inFlightMade = 1;
    }
  }

  // ---- for the editor -----------------------------------------------------------------------------------

  text = (): string => this.#view.toString();

  version = (): number => this.#client.version;

  edit = (op: Op, boundary: boolean): void => {
    if (isNoop(op) || this.#gone) return;
    if (boundary) this.#undo.boundary();
    this.#undo.record(op, this.#view);
    this.#take(op);
  };

  undo = (): Op | null => this.#step(this.#gone ? null : this.#undo.undo());

  redo = (): Op | null => this.#step(this.#gone ? null : this.#undo.redo());

  onRemote = (listener: (op: Op) => void): (() => void) => {
    this.#remoteListeners.add(listener);
    return () => this.#remoteListeners.delete(listener);
  };

  lineNow = (version: number, line: number): number | null =>
    this.#gone ? null : this.#host.lineNow(this, version, line);

  remoteCursors = (): readonly RemoteCursor[] => (this.#gone ? [] : this.#host.cursors(this));

  onCursors = (listener: () => void): (() => void) => {
    this.#cursorListeners.add(listener);
    return () => this.#cursorListeners.delete(listener);
  };

  cursorsMoved(): void {
    for (const listener of this.#cursorListeners) listener();
  }

  // ---- for the room -------------------------------------------------------------------------------------

  get synchronized(): boolean {
    return this.#client.state === 'synchronized';
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
    if (this.#pending?.of !== this.#client) this.#pending = { of: this.#client, op: pendingOp(this.#client) };
    return this.#pending.op;
  }

  stored(): PendingFile {
    return { file: this.file, client: storeClient(this.#client), changes: this.#made - this.saved };
  }

  /** The number of the edit in flight. */
  get inFlight(): number | null {
    return this.#client.state === 'synchronized' ? null : this.#client.inFlight.clientSeq;
  }

  /** The edit to send now: in flight, not sent on this connection, numbered at most `upTo`. It then counts as sent. */
  takeOutgoing(upTo: number): Outgoing | null {
    const seq = this.inFlight;
    if (seq === null || seq === this.#sent || seq > upTo) return null;
    this.#sent = seq;
    return resend(this.#client);
  }

  /** What was sent may have been lost: it is to be sent again. */
  unsend(): void {
    this.#sent = null;
  }

  /** An edit of the log, already in the confirmed text. `own`: its number, when this client made it. */
  logged(version: number, op: Op, own: number | null): void {
    if (own !== null && own === this.inFlight) {
      this.#host.saved(this.#host.now() - this.#inFlightSince);
      this.#settle(acknowledge(this.#client, version, this.#host.nextSeq()));
      return;
    }
    const showing = remote(this.#client, version, op);
    this.#client = showing.client;
    this.#show(showing.op);
  }

  /**
   * Takes in what the log has after this client's version, up to the confirmed text, all at once. Steps may each
   * stand for several versions. Whatever was sent is to be sent again unless the steps hold it.
   */
  caughtUp(steps: readonly LoggedEdit[]): TakenBack | null {
    const own = this.inFlight;
    const caught = catchUp(this.#client, steps, this.#host.nextSeq());
    this.#sent = null;
    const { version } = this.#host.confirmed(this.file);
    const acknowledged = own !== null && steps.some(({ clientSeq }) => clientSeq === own);
    const next = { client: { ...caught.client, version }, send: caught.send };
    if (acknowledged) this.#settle(next);
    else this.#client = next.client;
    return this.#arrive(caught.op);
  }

  /**
   * The confirmed text is another one than it was (`before`), by something else than edits: what is pending is
   * carried over the difference.
   */
  replaced(before: string): TakenBack | null {
    const { version, buffer } = this.#host.confirmed(this.file);
    const showing = remote(this.#client, this.#client.version + 1, diff(before, buffer.toString()));
    this.#client = { ...showing.client, version };
    this.#sent = null;
    return this.#arrive(showing.op);
  }

  /** The server will never take the edit in flight: it is taken back from the screen. */
  refused(): TakenBack | null {
    const before = this.text();
    const typed = this.#client.state === 'synchronized' ? '' : inserted(this.#client.inFlight.edit.toOp());
    const result = refuse(this.#client, this.#host.confirmed(this.file).buffer, this.#host.nextSeq());
    this.#settle(result);
    this.#show(result.op);
    return { typed, text: before };
  }

  /** All that is pending is taken back from the screen. */
  takeBack(): TakenBack | null {
    if (this.synchronized) return null;
    const taken = this.#taken();
    const op = invert(this.pendingOp(), this.#host.confirmed(this.file).buffer);
    this.#client = openClient(this.#client.version);
    this.#sent = null;
    this.#show(op);
    return taken;
  }

  /** The file is no longer in the room. Returns what was not in the log. */
  remove(): TakenBack | null {
    this.#gone = true;
    return this.unsaved();
  }

  /** What is on the screen and not in the log. */
  unsaved(): TakenBack | null {
    return this.synchronized ? null : this.#taken();
  }

  #taken(): TakenBack {
    return { typed: inserted(this.pendingOp()), text: this.text() };
  }

  #step(op: Op | null): Op | null {
    if (op !== null) this.#take(op);
    return op;
  }

  #take(op: Op): void {
    this.#view.apply(op);
    const now = this.#host.now();
    if (this.synchronized) this.#inFlightSince = now;
    else if (this.#client.state === 'awaiting-ack') this.#bufferSince = now;
    const wasSynchronized = this.synchronized;
    this.#made++;
    this.#goOn(edit(this.#client, op, this.#host.nextSeq()));
    if (wasSynchronized) this.#inFlightMade = this.#made;
    this.#host.edited(this);
  }

  /** The edit in flight is no longer: the buffer follows. */
  #settle(sending: Sending): void {
    this.#savedMade = this.#inFlightMade;
    this.#inFlightMade = this.#made;
    this.#inFlightSince = this.#bufferSince;
    this.#goOn(sending);
  }

  #goOn({ client, send }: Sending): void {
    this.#client = client;
    if (send?.clientSeq === this.#host.nextSeq()) this.#host.takeSeq();
  }

  /** Shows `op`, or whatever else brings the screen to the confirmed text with what is pending on top. */
  #arrive(op: Op): TakenBack | null {
    const confirmed = this.#host.confirmed(this.file).buffer.toString();
    const before = this.text();
    const pending = this.pendingOp();
    if (baseLength(pending) > confirmed.length) {
      const taken = this.#taken();
      this.#client = openClient(this.#client.version);
      this.#show(diff(before, confirmed));
      return taken;
    }
    const target = apply(confirmed, pending);
    const fits = baseLength(op) <= before.length && apply(before, op) === target;
    this.#show(fits ? op : diff(before, target));
    return null;
  }

  #show(op: Op): void {
    if (isNoop(op)) return;
    this.#view.apply(op);
    this.#undo.remote(op);
    this.#host.shown(this.file, op);
    for (const listener of this.#remoteListeners) listener(op);
  }
}

function inserted(op: Op): string {
  return op.filter((part) => typeof part === 'string').join('');
}

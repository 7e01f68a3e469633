// Writes to a workspace's disk what its room has.
import type { BlobRef, EventBody, FileId } from '@codesync/protocol';
import {
  diskCopy,
  editedInRoom,
  isBehind,
  isFolder,
  isOrLiesIn,
  refusedByDisk,
  replacedInRoom,
  sendToDisk,
  tookIn,
} from '@codesync/room';
import { blobOf } from './disk-blobs.ts';
import { AGAIN_MS, type DiskBook, type Read } from './disk-book.ts';
import type { DiskAnswer } from './disk-commands.ts';
import type { DiskEntry } from './disk-entries.ts';
import { type Place, sentTo } from './disk-places.ts';
import type { DiskRemovals } from './disk-removals.ts';
import { spliceTo } from './disk-text.ts';

/** Edits wait so long for more of themselves. */
const SOON_MS = 15;
/** A file is written again after so long, and longer the longer it is. */
const REST_MS = 30;
const UNITS_PER_MS = 20_000;

/** A write of a content that was sent before. */
const WHOLE = { type: 'files.write', at: 0, remove: 0, text: '' } as const;

export class DiskWriter {
  readonly #book: DiskBook;
  readonly #removals: DiskRemovals;
  readonly #read: Read;
  /** Moves of folders that are still to be sent, in their order. */
  readonly #folderMoves: { readonly from: string; readonly to: string }[] = [];
  /** Folders to be removed from the disk when nothing of the room is in them any more. */
  readonly #leaving = new Set<string>();
  /** When the files are looked at next. */
  #due: { readonly at: number; readonly callOff: () => void } | null = null;
  #placed = false;

  constructor(book: DiskBook, removals: DiskRemovals, read: Read) {
    this.#book = book;
    this.#removals = removals;
    this.#read = read;
  }

  /** Puts all files onto an empty disk. */
  place(): void {
    const { files, emptyFolders } = this.#book.state;
    for (const file of files.keys()) this.#book.dirty.add(file);
    for (const folder of emptyFolders) this.makeFolder(folder);
    this.pump();
  }

  /** The room has taken in an event. @param isOwn it does not come from the disk. */
  follow(body: EventBody, isOwn: boolean): void {
    if (isOwn) this.#carryOut(body);
    for (const file of touched(body)) this.#book.dirty.add(file);
    if (this.#book.dirty.size + this.#leaving.size + this.#folderMoves.length > 0) this.#soon();
  }

  /** Makes a folder, with those that it lies in. */
  makeFolder(path: string): void {
    this.#book.noteFolders(path);
    this.#book.commands.send(
      () => ({ type: 'files.folder', path }),
      0,
      () => {},
    );
  }

  /** Sends what can be sent now. */
  pump(): void {
    if (this.#book.ended || this.#book.commands.moving) return;
    this.#moveNextFolder();
    if (this.#book.commands.moving) return;
    let wait = Number.POSITIVE_INFINITY;
    for (const file of this.#book.dirty) {
      if (this.#book.commands.full || this.#book.commands.moving) return;
      const ms = this.#bringUp(file);
      if (ms === 0) this.#book.dirty.delete(file);
      else wait = Math.min(wait, ms);
    }
    if (this.#book.dirty.size > 0) this.#soon(wait);
    else this.#removeFolders();
    if (!this.#placed && this.#book.commands.idle && this.#book.blobs.idle) {
      this.#placed = true;
      this.#book.deps.placed();
    }
  }

  /** A file is not where it was: it is being made anew, or was moved, or has gone. If that is not told of, it is lost. */
  miss(entry: DiskEntry): void {
    if (entry.missed) return;
    entry.missed = true;
    this.#book.deps.clock.after(AGAIN_MS, () => {
      if (this.#book.ended || !entry.missed || !this.#book.entries.has(entry)) return;
      this.#book.entries.remove(entry);
      this.#book.dirty.add(entry.file);
      this.pump();
    });
  }

  end(): void {
    this.#due?.callOff();
  }

  /** What an event of the room's own means for the disk, apart from the files that it touches. */
  #carryOut(body: EventBody): void {
    switch (body.kind) {
      case 'edit': {
        const entry = this.#book.entries.of(body.file);
        if (entry !== undefined) entry.copy = editedInRoom(entry.copy, body.op);
        return;
      }
      case 'file.replaced': {
        const entry = this.#book.entries.of(body.file);
        if (entry !== undefined) entry.copy = replacedInRoom(entry.copy, this.#book.textOf(body.file));
        return;
      }
      case 'folder.created':
        this.makeFolder(body.path);
        return;
      case 'folder.restored':
        for (const folder of body.empty) this.makeFolder(folder);
        return;
      case 'folder.moved':
        if (body.from !== body.to) this.#folderMoves.push({ from: body.from, to: body.to });
        return;
      case 'folder.deleted':
        for (const folder of this.#book.folders) if (isOrLiesIn(folder, body.path)) this.#leaving.add(folder);
    }
  }

  #moveNextFolder(): void {
    for (let next = this.#folderMoves.shift(); next !== undefined; next = this.#folderMoves.shift()) {
      const { from, to } = next;
      const entries = this.#book.entries.in(from);
      const isFree = !this.#book.folders.has(to) && this.#book.entries.in(to).length === 0;
      const isThere = entries.length > 0 || this.#book.folders.has(from);
      if (isFree && isThere) {
        this.#book.commands.send(
          () => ({ type: 'files.move', from, to }),
          0,
          (answer) => {
            // If not, something is at `to`, or `from` has gone. The files are moved one by one.
            if (answer.type === 'files.done') this.#movedHere(from, to);
            for (const { file } of [...entries, ...this.#book.entries.in(from)]) this.#book.dirty.add(file);
          },
        );
        return;
      }
      // A program has moved it already, or something is in its way. The files are moved one by one.
      for (const { file } of entries) this.#book.dirty.add(file);
    }
  }

  /** A move of ours was carried out. */
  #movedHere(from: string, to: string): void {
    this.#book.moved(from, to);
    this.#book.places.moved(from, to);
  }

  /** The entry's file is there, whatever a program has moved before it came there. */
  #isAt(entry: DiskEntry, path: string): void {
    if (!this.#book.entries.has(entry) || entry.path === path) return;
    this.#book.moveEntries(entry.path, path);
    this.#book.dirty.add(entry.file);
  }

  /** Looks at the files that may need something, after so long or earlier. */
  #soon(ms = SOON_MS): void {
    const { clock } = this.#book.deps;
    const due = clock.now() + ms;
    if (this.#due !== null && this.#due.at <= due) return;
    this.#due?.callOff();
    const callOff = clock.after(ms, () => {
      this.#due = null;
      this.pump();
    });
    this.#due = { at: due, callOff };
  }

  /** Does what a file needs on the disk. Returns after how many milliseconds it has to be looked at again; 0 for not. */
  #bringUp(file: FileId): number {
    const path = this.#book.state.files.get(file)?.path;
    const entry = this.#book.entries.of(file);
    // The answer of what is on its way has it looked at again.
    if (entry !== undefined && entry.pending > 0) return 0;
    if (path === undefined) {
      if (entry !== undefined) this.#removals.remove(entry);
      return 0;
    }
    if (entry !== undefined && (entry.apart || entry.missed)) return 0;
    if (entry?.path !== path) return this.#bringTo(file, path, entry);
    if (!isBehind(entry.copy)) return 0;
    const wait = entry.notBefore - this.#book.deps.clock.now();
    if (wait > 0) return wait;
    this.#write(entry);
    return 0;
  }

  /** The file is to lie at `path`. What is of another file there becomes its own. */
  #bringTo(file: FileId, path: string, entry: DiskEntry | undefined): number {
    const other = this.#book.entries.at(path);
    if (other === undefined && entry !== undefined) {
      this.#move(entry, path);
      return 0;
    }
    if (other !== undefined && other.pending > 0) return SOON_MS;
    if (entry !== undefined) this.#removals.remove(entry);
    if (other === undefined) this.#book.add(file, path, '', 0);
    else {
      const { text, revision } = other.copy;
      this.#book.dirty.add(other.file);
      this.#book.entries.add(file, path, diskCopy(text, revision, this.#book.textOf(file)), other);
    }
    return this.#bringUp(file);
  }

  #move(entry: DiskEntry, to: string): void {
    const from = entry.path;
    this.#book.send(
      entry,
      () => ({ type: 'files.move', from, to }),
      0,
      (answer) => {
        if (answer.type === 'files.done') this.#movedHere(from, to);
        // If a program has moved it meanwhile, that was told of.
        if (answer.type !== 'files.refused' || !this.#book.entries.has(entry) || entry.path !== from) return;
        if (answer.reason === 'stale') this.miss(entry);
        else {
          // Something that the room does not know is in its way. It stays there if the room cannot take it in.
          entry.apart = true;
          void this.#read({ path: to }).then(() => this.#book.guard(() => this.#retryMove(entry, to)));
        }
      },
    );
  }

  /** What is in the way of a move was read. Until the room has it, such as a content that is being stored, it is waited for. */
  #retryMove(entry: DiskEntry, to: string): void {
    if (this.#book.apart.has(to)) return;
    if (this.#book.entries.at(to) !== undefined) this.#release(entry);
    else this.#book.deps.clock.after(AGAIN_MS, () => this.#book.guard(() => this.#release(entry)));
  }

  #write(entry: DiskEntry): void {
    const { text: before, revision: over } = entry.copy;
    const sent = sendToDisk(entry.copy);
    entry.copy = sent.copy;
    const place = this.#book.places.at(entry.path);
    const blob = blobOf(sent.text);
    if (blob !== null) {
      const command = () => ({ ...WHOLE, path: sentTo(place), over, staged: blob.hash });
      const write = () => {
        this.#book.send(entry, command, 0, (answer) => this.#written(entry, place, sent.text, answer));
      };
      this.#writeBlob(entry, blob, write).catch((error: unknown) => this.#book.fail(error));
      return;
    }
    const splice = spliceTo(sent.text, { text: before, ends: entry.ends, bytes: entry.bytes });
    const command = () => ({ type: 'files.write' as const, path: sentTo(place), over, ...splice });
    this.#book.send(entry, command, splice.text.length, (answer) => {
      this.#written(entry, place, sent.text, answer);
    });
  }

  /** Sends a content, and then its name. */
  async #writeBlob(entry: DiskEntry, blob: BlobRef, write: () => void): Promise<void> {
    entry.pending++;
    const refused = await this.#book.blobs.stage(blob, () => {
      write();
      entry.pending--;
    });
    if (refused === null) return;
    entry.pending--;
    if (this.#book.ended) return;
    entry.copy = refusedByDisk(entry.copy);
    entry.notBefore = this.#book.deps.clock.now() + AGAIN_MS;
    if (!this.#book.entries.has(entry)) return;
    this.#notWritten(entry, refused);
    // What the disk has told of it meanwhile was to come to light by the write.
    void this.#read(entry);
  }

  /** @param text what the file has if it was written */
  #written(entry: DiskEntry, place: Place, text: string, answer: DiskAnswer): void {
    const { clock } = this.#book.deps;
    this.#book.places.forget(place);
    if (answer.type === 'files.done') {
      // If a program has moved the folder before the file was made in it, it is in a new one of that name.
      this.#isAt(entry, place.path);
      entry.copy = tookIn(entry.copy, answer.revision);
      const blob = blobOf(text);
      entry.bytes = blob?.bytes ?? null;
      if (blob !== null) entry.ends = '\n';
      entry.notBefore = clock.now() + REST_MS + text.length / UNITS_PER_MS;
      this.#book.apart.remove(entry.path);
      return;
    }
    entry.copy = refusedByDisk(entry.copy);
    entry.notBefore = clock.now() + AGAIN_MS;
    if (answer.type !== 'files.refused' || !this.#book.entries.has(entry)) return;
    if (answer.reason === 'stale') void this.#read(entry);
    else this.#notWritten(entry, answer);
  }

  #notWritten(entry: DiskEntry, answer: DiskAnswer | 'none'): void {
    const isFull = answer !== 'none' && answer.type === 'files.refused' && answer.reason === 'full';
    this.#book.apart.add(entry.path, isFull ? 'full' : 'failed');
  }

  /** It may be written, and moved, again. */
  #release(entry: DiskEntry): void {
    if (this.#book.ended || !this.#book.entries.has(entry)) return;
    entry.apart = false;
    this.#book.dirty.add(entry.file);
    this.pump();
  }

  /** Removes folders that have left the room, the deepest first. One with something in it stays on the disk. */
  #removeFolders(): void {
    for (const path of [...this.#leaving].sort((a, b) => b.length - a.length)) {
      if (!isFolder(this.#book.state, path)) {
        this.#book.folders.delete(path);
        this.#book.commands.send(
          () => ({ type: 'files.removeFolder', path }),
          0,
          () => {},
        );
      }
      this.#leaving.delete(path);
    }
  }
}

/** The files that an event changes, makes, moves or takes away. */
function touched(body: EventBody): readonly FileId[] {
  switch (body.kind) {
    case 'edit':
    case 'file.created':
    case 'file.uploaded':
    case 'file.replaced':
    case 'file.renamed':
    case 'file.deleted':
    case 'file.restored':
      return [body.file];
    case 'folder.deleted':
      return body.files;
    case 'folder.restored':
      return body.files.map(({ file }) => file);
    default:
      return [];
  }
}

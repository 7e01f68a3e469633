// Finds out what programs have changed on a workspace's disk, and has it done in the room.
import {
  type BlobRef,
  type DiskApart,
  type FilesChange,
  type FilesRefusal,
  LIMITS,
  pathProblem,
  WORKSPACE_FILE_LIMITS,
} from '@codesync/protocol';
import { isFolder, isOrLiesIn, treeSize } from '@codesync/room';
import { standIn } from './disk-blobs.ts';
import { AGAIN_MS, type DiskBook } from './disk-book.ts';
import type { DiskChanges } from './disk-changes.ts';
import type { DiskAnswer } from './disk-commands.ts';
import { movedPath, type Place, sentTo } from './disk-places.ts';
import type { DiskRemovals } from './disk-removals.ts';
import { type DiskText, fromDisk } from './disk-text.ts';
import type { DiskWriter } from './disk-writer.ts';

/** A program may change long files all the time. Comparing them is not all that this process has to do. */
const TAKEN_UNITS_PER_MS = 5_000;
/** While the store takes nothing, changes of the disk wait. */
const CROWDED_MS = 200;
/** So many files are known that were told of and were not there when they were to be read. */
const MISSING_KNOWN = 2_000;

type Why = DiskApart['why'];

/** What a file of the disk has. */
type Found = { readonly onDisk: DiskText; readonly revision: number; readonly base: number };
type Binary = Extract<DiskAnswer, { type: 'files.binary' }>;

/** A program may write contents that are no text all the time. Each of them is kept. */
const STORED_REST_MS = 2_000;
const STORED_BYTES_PER_MS = 1_000;

export class DiskIntake {
  readonly #book: DiskBook;
  readonly #removals: DiskRemovals;
  readonly #writer: DiskWriter;
  readonly #changes: DiskChanges;
  /** Told of, and not there when they were to be read: they may have been moved, which is told of then. */
  readonly #missing = new Set<Place>();

  /** Files whose content is being stored. */
  readonly #storing = new Set<Place>();
  readonly #storedNext = new Map<string, number>();

  constructor(book: DiskBook, removals: DiskRemovals, writer: DiskWriter, changes: DiskChanges) {
    this.#book = book;
    this.#removals = removals;
    this.#writer = writer;
    this.#changes = changes;
  }

  /** The disk tells of changes. What can be taken into the room is, and then the next changes are asked for. */
  async takeIn(batch: number, changes: readonly FilesChange[]): Promise<void> {
    const files: { readonly place: Place; readonly revision: number; readonly size: number }[] = [];
    const folders: Place[] = [];
    // At once: what the disk says next is said of what it has then.
    for (const change of changes) {
      if (change.kind === 'gone') this.#gone(change.path);
      else if (change.kind === 'moved') this.#movedOnDisk(change.from, change.to, true);
      else if (change.kind === 'folder') folders.push(this.#book.places.at(change.path));
      else files.push({ ...change, place: this.#book.places.at(change.path) });
    }
    const reads: Promise<void>[] = [];
    let units = 0;
    for (const { place, revision, size } of files) {
      await this.#roomTakes();
      if (this.#book.ended) return;
      this.#book.places.forget(place);
      if (place.left || this.#book.entries.at(place.now)?.copy.revision === revision) continue;
      const why = this.#unreadable(place.now, size);
      if (why === null) {
        // What has more bytes than a text may have is not compared.
        if (size <= 4 * LIMITS.fileUnits) units += size;
        reads.push(this.read({ path: place.now }, size));
      } else this.#keepApart(place.now, why);
      if (this.#book.commands.full) await Promise.race(reads);
    }
    await Promise.all(reads);
    await this.#pause(units / TAKEN_UNITS_PER_MS);
    if (this.#book.ended) return;
    for (const place of folders.sort((one, other) => other.now.length - one.now.length)) {
      this.#book.places.forget(place);
      this.#changes.folderMade(place.now);
    }
    this.#book.commands.seen(batch);
    this.#writer.pump();
  }

  /** Looks again at what the room did not take in, where it may now. */
  retry(mayNow: (why: Why) => boolean): void {
    for (const path of this.#book.apart.some(mayNow)) void this.read({ path });
  }

  /** Waits until the room's log takes something. */
  async #roomTakes(): Promise<void> {
    while (!this.#book.ended && this.#book.deps.crowded()) await this.#pause(CROWDED_MS);
  }

  /** Less than a millisecond is none. */
  async #pause(ms: number): Promise<void> {
    if (ms < 1) return;
    await new Promise<void>((resolve) => void this.#book.deps.clock.after(ms, resolve));
  }

  /** Why a changed file need not be read; null when it is to be. */
  #unreadable(path: string, size: number): Why | null {
    if (pathProblem(path) !== null) return 'name';
    if (size > WORKSPACE_FILE_LIMITS.readBytes) return 'large';
    const isNew = this.#book.entries.at(path) === undefined;
    return isNew && treeSize(this.#book.state) >= LIMITS.files ? 'room' : null;
  }

  /** Reads a file of the disk and takes it in. Resolves when that is done. */
  read({ path }: { readonly path: string }, size = 0, isAgain = false): Promise<void> {
    const entry = this.#book.entries.at(path);
    this.#forgetMissing(path);
    const place = this.#book.places.at(path);
    const command = () => ({ type: 'files.read' as const, path: sentTo(place) });
    let done = () => {};
    const read = new Promise<void>((resolve) => {
      done = resolve;
    });
    const answered = (answer: DiskAnswer) => {
      const isMissing = answer.type === 'files.refused' && answer.reason === 'missing';
      if (!isMissing || place.left) this.#book.places.forget(place);
      if (!place.left) {
        if (answer.type === 'files.text') {
          const { revision, base } = answer;
          this.#take(place.path, { onDisk: fromDisk(answer.text), revision, base });
        } else if (answer.type === 'files.binary') this.#takeBinary(place.path, answer);
        else if (isMissing) this.#notThere(place, isAgain);
        else if (answer.type === 'files.refused') this.#notRead(place.path, answer.reason);
      }
      done();
    };
    if (entry === undefined) this.#book.commands.send(command, size, answered);
    else this.#book.send(entry, command, size, answered);
    return read;
  }

  #notRead(path: string, reason: FilesRefusal): void {
    this.#keepApart(path, reason === 'large' ? reason : 'failed');
  }

  /** What was to be read was not there. It is looked for once more: it may have been away for a moment. */
  #notThere(place: Place, isAgain: boolean): void {
    const entry = this.#book.entries.at(place.path);
    if (place.now === place.path && entry === undefined && this.#missing.size < MISSING_KNOWN) {
      this.#missing.add(place);
      if (!isAgain) this.#book.deps.clock.after(AGAIN_MS, () => this.#lookAgain(place));
      return;
    }
    this.#book.places.forget(place);
    if (place.now !== place.path) void this.read({ path: place.now });
    else if (entry !== undefined) this.#writer.miss(entry);
  }

  #lookAgain(place: Place): void {
    if (!this.#book.ended && this.#missing.has(place)) void this.read({ path: place.now }, 0, true);
  }

  /** Forgets what was not there at `path`, or in it; returns where that was. */
  #forgetMissing(path: string): readonly string[] {
    const found = [...this.#missing].filter((place) => isOrLiesIn(place.now, path));
    for (const place of found) {
      this.#missing.delete(place);
      this.#book.places.forget(place);
    }
    return found.map((place) => place.now);
  }

  /** The room does not take in what the disk has at `path`, which stays there as it is. */
  #keepApart(path: string, why: Why): void {
    this.#book.apart.add(path, why);
    const entry = this.#book.entries.at(path);
    if (entry !== undefined) entry.apart = true;
  }

  /** Takes in what is no text. If it is not stored yet, it is stored first, and the file is read again. */
  #takeBinary(path: string, { hash, bytes, revision, base }: Binary): void {
    const blob = { hash, bytes };
    const inRoom = [...this.#book.state.files.values()].some((file) => file.blob?.hash === hash);
    if (inRoom || this.#book.blobs.has(hash)) {
      this.#take(path, { onDisk: { text: standIn(blob), ends: '\n', bytes }, revision, base });
    } else if (pathProblem(path) !== null) this.#keepApart(path, 'name');
    else if (![...this.#storing].some((place) => !place.left && place.now === path)) {
      this.#store(path, blob, revision).catch((error: unknown) => this.#book.fail(error));
    }
  }

  async #store(path: string, blob: BlobRef, revision: number): Promise<void> {
    const { clock } = this.#book.deps;
    const place = this.#book.places.at(path);
    this.#storing.add(place);
    await this.#pause((this.#storedNext.get(path) ?? 0) - clock.now());
    const outcome = this.#book.ended ? 'changed' : await this.#book.blobs.fetch(place, blob, revision);
    if (outcome === 'changed') await this.#pause(AGAIN_MS);
    else this.#noteStored(place.now, clock.now() + STORED_REST_MS + blob.bytes / STORED_BYTES_PER_MS);
    this.#storing.delete(place);
    this.#book.places.forget(place);
    if (this.#book.ended || place.left) return;
    if (outcome === 'full') this.#keepApart(place.now, 'room');
    else await this.read({ path: place.now });
  }

  /** When the next content is stored that comes to lie there. */
  #noteStored(path: string, at: number): void {
    this.#storedNext.delete(path);
    this.#storedNext.set(path, at);
    if (this.#storedNext.size > MISSING_KNOWN) this.#storedNext.delete(this.#storedNext.keys().next().value!);
  }

  #take(path: string, { onDisk, revision, base }: Found): void {
    const before = this.#book.entries.withRevision(revision);
    // It was moved there, which is not told of yet. What has been told of its old path is said of what lies there now.
    if (before !== undefined && before.path !== path) this.#movedOnDisk(before.path, path, false);
    const entry = this.#book.entries.at(path);
    // If it is news, the write that was sent since will be refused, and it is read again.
    if (entry !== undefined && entry.copy.sending !== null) return;
    const outcome = this.#changes.written(path, onDisk.text, revision, base);
    if (!outcome.ok) {
      this.#keepApart(path, outcome.why);
      return;
    }
    this.#book.apart.remove(path);
    const now = this.#book.entries.at(path);
    if (now === undefined) return;
    now.ends = onDisk.ends;
    now.bytes = onDisk.bytes;
    now.apart = false;
    now.missed = false;
    this.#book.dirty.add(now.file);
  }

  #gone(path: string): void {
    this.#book.apart.removeIn(path);
    this.#forgetMissing(path);
    this.#removals.forget(path);
    const { folders, entries: known } = this.#book;
    for (const folder of [...folders]) if (isOrLiesIn(folder, path)) folders.delete(folder);
    // What never was on the disk cannot be gone from it.
    const entries = known.in(path).filter(({ copy }) => copy.revision > 0);
    for (const entry of entries) known.remove(entry);
    this.#changes.removed(path, entries);
  }

  #movedOnDisk(from: string, to: string, isTold: boolean): void {
    const entries = this.#book.entries.in(from);
    const unread = [...this.#book.apart.removeIn(from), ...this.#forgetMissing(from)];
    const unremoved = this.#removals.forget(from);
    if (entries.length === 0 && !isFolder(this.#book.state, from)) unread.push(from);
    this.#book.moved(from, to);
    if (isTold) this.#book.places.movedByProgram(from, to);
    for (const { place, over } of unremoved) this.#removals.removeAt(movedPath(place.now, from, to), over);
    for (const path of new Set(unread)) void this.read({ path: movedPath(path, from, to) });
    for (const entry of entries) {
      // Where the room has moved it meanwhile, the disk follows.
      this.#book.dirty.add(entry.file);
      if (entry.missed) void this.read(entry);
    }
    this.#changes.moved(from, to, entries);
  }
}

// Does in the room what programs have done on its workspace's disk.
import { isNoop } from '@codesync/ot';
import {
  type BlobRef,
  type CommandBody,
  type DiskApart,
  FileId,
  LIMITS,
  pathProblem,
  type RefusalCode,
} from '@codesync/protocol';
import {
  changedOnDisk,
  decide,
  diskCopy,
  isFolder,
  isOrLiesIn,
  liesIn,
  NOTHING_GIVEN,
  placeFor,
} from '@codesync/room';
import { blobOf } from './disk-blobs.ts';
import type { DiskBook } from './disk-book.ts';
import type { DiskEntry } from './disk-entries.ts';
import type { DiskRemovals } from './disk-removals.ts';
import type { DiskWriter } from './disk-writer.ts';

/** Of the files that the sync deleted, so many come back as themselves when the disk has them again. */
const DELETED_KNOWN = 2_000;

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: DiskApart['why'] };

export class DiskChanges {
  readonly #book: DiskBook;
  readonly #removals: DiskRemovals;
  readonly #writer: DiskWriter;
  /** The sync deleted them from the room: by the path that they had. */
  readonly #deleted = new Map<string, FileId>();
  #underWay = false;

  constructor(book: DiskBook, removals: DiskRemovals, writer: DiskWriter) {
    this.#book = book;
    this.#removals = removals;
    this.#writer = writer;
  }

  /** What the room is told just now comes from the disk. */
  get underWay(): boolean {
    return this.#underWay;
  }

  /** The disk has `text` (or what stands for a blob) at `path`, in which a program has changed the text of revision `base`. */
  written(path: string, text: string, revision: number, base: number): Outcome {
    const entry = this.#book.entries.at(path);
    const isKnown = entry !== undefined && entry.copy.revision > 0 && this.#book.state.files.has(entry.file);
    if (!isKnown) return this.#takeFile(path, text, revision);
    return entry.copy.revision === revision ? OK : this.#takeInto(entry, text, revision, base);
  }

  /** A program has removed what was at `path`: these files, and folders. */
  removed(path: string, entries: readonly DiskEntry[]): void {
    if (isFolder(this.#book.state, path)) {
      const onDisk = new Set(entries.map(({ file }) => file));
      const inRoom = [...this.#book.state.files.values()].filter((file) => liesIn(file.path, path));
      // What lies in it and never came onto the disk stays.
      if (inRoom.every(({ id }) => onDisk.has(id))) {
        for (const { id, path: at } of inRoom) this.#noteDeleted(at, id);
        if (!this.#do({ kind: 'folder.delete', path }).ok) this.#placeAgain(path);
        return;
      }
    }
    for (const { file, path: at } of entries) {
      if (this.#book.state.files.get(file)?.path !== at) this.#book.dirty.add(file);
      else if (this.#do({ kind: 'file.delete', file }).ok) this.#noteDeleted(at, file);
      else this.#book.dirty.add(file);
    }
  }

  /** A program has moved these files, or a folder with them. */
  moved(from: string, to: string, entries: readonly DiskEntry[]): void {
    const isFile = entries.some(({ path }) => path === to);
    const command: CommandBody | null = isFile
      ? { kind: 'file.rename', file: entries[0]!.file, path: to }
      : isFolder(this.#book.state, from)
        ? { kind: 'folder.move', from, to }
        : null;
    const isThere = isFile ? this.#book.state.files.get(entries[0]!.file)?.path === from : command !== null;
    if (command === null || !isThere) return;
    if (pathProblem(to) === null) this.#do(command);
    else this.#keepName(entries);
  }

  /** A program has made a folder. */
  folderMade(path: string): void {
    if (this.#book.folders.has(path)) return;
    this.#book.noteFolders(path);
    if (isFolder(this.#book.state, path)) return;
    if (pathProblem(path) !== null) this.#book.apart.add(path, 'name');
    else {
      const outcome = this.#do({ kind: 'folder.create', path });
      if (!outcome.ok) this.#book.apart.add(path, outcome.why);
    }
  }

  /** A program has changed a file of the room. */
  #takeInto(entry: DiskEntry, text: string, revision: number, base: number): Outcome {
    const blob = blobOf(text);
    const before = this.#book.state.files.get(entry.file)!.blob;
    if (blob === null && before === null) return this.#takeEdit(entry, text, revision, base);
    if (blob === null || before === null) return this.#takeOther(entry, text, revision);
    if (blob.hash !== before.hash) {
      const outcome = this.#do({ kind: 'file.replace', file: entry.file, blob: blob.hash }, blob);
      if (!outcome.ok) return outcome;
    }
    entry.copy = diskCopy(text, revision, text);
    return OK;
  }

  /** What was text is none any more, or the other way round: that is another file. The one before can be brought back. */
  #takeOther(entry: DiskEntry, text: string, revision: number): Outcome {
    const { file, path } = entry;
    const gone = this.#do({ kind: 'file.delete', file });
    if (!gone.ok) return gone;
    this.#book.entries.remove(entry);
    const outcome = this.#takeFile(path, text, revision);
    if (outcome.ok) return outcome;
    this.#do({ kind: 'file.restore', file });
    this.#book.entries.add(file, path, entry.copy, entry);
    return outcome;
  }

  #takeEdit(entry: DiskEntry, text: string, revision: number, base: number): Outcome {
    const { copy, edit } = changedOnDisk(entry.copy, revision, text, base);
    if (!isNoop(edit)) {
      const { version } = this.#book.deps.log.fold.texts.get(entry.file)!;
      const outcome = this.#do({ kind: 'edit', file: entry.file, base: version, op: edit });
      if (!outcome.ok) return outcome;
    }
    entry.copy = copy;
    return OK;
  }

  /** A program has made a file. */
  #takeFile(path: string, text: string, revision: number): Outcome {
    if (pathProblem(path) !== null) return { ok: false, why: 'name' };
    if (text.length > LIMITS.fileUnits) return { ok: false, why: 'large' };
    const known = this.#deleted.get(path);
    const there = [...this.#book.state.files.values()].find((file) => file.path === path);
    if (there !== undefined) return this.#takeBeside(there.id, path, text, revision);
    if (known !== undefined && this.#restored(known, path)) {
      const entry = this.#book.add(known, path, this.#book.textOf(known), revision);
      return this.#takeInto(entry, text, revision, revision);
    }
    const file = FileId.parse(this.#book.deps.newId());
    const outcome = this.#make(file, path, text);
    if (outcome.ok) this.#book.add(file, path, text, revision);
    return outcome;
  }

  #make(file: FileId, path: string, text: string): Outcome {
    const blob = blobOf(text);
    return blob === null
      ? this.#do({ kind: 'file.create', file, path, text })
      : this.#do({ kind: 'file.upload', file, path, blob: blob.hash }, blob);
  }

  /** Brings back what the sync itself had deleted, such as git does when it changes branches. */
  #restored(file: FileId, path: string): boolean {
    this.#deleted.delete(path);
    return (
      this.#book.state.deleted.get(file)?.path === path &&
      this.#do({ kind: 'file.restore', file }).ok &&
      this.#book.state.files.get(file)?.path === path
    );
  }

  /** Somebody made a file in the room at the same time. Both texts are kept, unless one of them is empty. */
  #takeBeside(file: FileId, path: string, text: string, revision: number): Outcome {
    const ours = this.#book.textOf(file);
    const elsewhere = this.#book.entries.of(file);
    if (elsewhere !== undefined && elsewhere.path !== path) this.#removals.remove(elsewhere);
    if (ours === '') {
      const entry = this.#book.add(file, path, '', revision);
      return this.#takeInto(entry, text, revision, revision);
    }
    if (text !== '' && text !== ours) {
      const beside = placeFor(path, this.#book.state, (name) => pathProblem(name) === null, 'from the disk');
      if (beside === null) return { ok: false, why: 'room' };
      const id = FileId.parse(this.#book.deps.newId());
      const outcome = this.#make(id, beside, text);
      if (!outcome.ok) return outcome;
      this.#book.dirty.add(id);
    }
    this.#book.add(file, path, text, revision);
    return OK;
  }

  #noteDeleted(path: string, file: FileId): void {
    this.#deleted.delete(path);
    this.#deleted.set(path, file);
    if (this.#deleted.size > DELETED_KNOWN) this.#deleted.delete(this.#deleted.keys().next().value!);
  }

  /** The room keeps what the disk has lost. */
  #placeAgain(folder: string): void {
    const { files, emptyFolders } = this.#book.state;
    for (const { id, path } of files.values()) if (liesIn(path, folder)) this.#book.dirty.add(id);
    for (const path of emptyFolders) if (isOrLiesIn(path, folder)) this.#writer.makeFolder(path);
  }

  /** The room has no such names. What it has stays where it is, and is written there again. */
  #keepName(entries: readonly DiskEntry[]): void {
    for (const entry of entries) {
      this.#book.entries.remove(entry);
      this.#book.apart.add(entry.path, 'name');
    }
  }

  /** Does in the room what a participant has done on the disk. @param blob that the command names; it is stored. */
  #do(body: CommandBody, blob: BlobRef | null = null): Outcome {
    const { log, author, propose } = this.#book.deps;
    const actor = author();
    const decision = decide(log, actor, body, { ...NOTHING_GIVEN, blob });
    if (decision.kind === 'refused') return { ok: false, why: WHY[decision.error.code] ?? 'failed' };
    if (decision.kind !== 'fact') throw new Error(`the sync’s ${body.kind} became ${decision.kind}`);
    this.#underWay = true;
    try {
      propose(decision.body, actor);
    } finally {
      this.#underWay = false;
    }
    return OK;
  }
}

const OK: Outcome = { ok: true };

/** Why the room does not take something in, by what it says. */
const WHY: Partial<Record<RefusalCode, DiskApart['why']>> = {
  'file.case': 'case',
  'file.path': 'name',
  'file.tooLarge': 'large',
  'file.tooMany': 'room',
  'room.tooLarge': 'room',
  'role.viewer': 'role',
  'room.removed': 'role',
};

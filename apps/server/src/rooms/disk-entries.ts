// Which of the room's files lie where on a workspace's disk.
import type { FileId } from '@codesync/protocol';
import { type DiskCopy, isOrLiesIn } from '@codesync/room';
import { movedPath } from './disk-places.ts';
import type { DiskText } from './disk-text.ts';

export type DiskEntry = {
  readonly file: FileId;
  path: string;
  copy: DiskCopy;
  /** How the copy's text lies there. */
  ends: DiskText['ends'];
  bytes: DiskText['bytes'];
  /** Commands on it that are on their way. */
  pending: number;
  /** Nothing is written to it before that, in milliseconds of the clock. */
  notBefore: number;
  /** The room did not take in what the disk has: nothing is written over that. */
  apart: boolean;
  /** It was not where it was to be read: nothing is written before it is known what became of it. */
  missed: boolean;
};

export class DiskEntries {
  readonly #byPath = new Map<string, DiskEntry>();
  readonly #byFile = new Map<FileId, DiskEntry>();

  at(path: string): DiskEntry | undefined {
    return this.#byPath.get(path);
  }

  of(file: FileId): DiskEntry | undefined {
    return this.#byFile.get(file);
  }

  /** Whether it is still the entry of its path. */
  has(entry: DiskEntry): boolean {
    return this.#byPath.get(entry.path) === entry;
  }

  /** Puts an entry at its path. What was there, and where its file was, is forgotten. */
  add(file: FileId, path: string, copy: DiskCopy, { ends, bytes }: Omit<DiskText, 'text'>): DiskEntry {
    this.#forget(this.#byPath.get(path));
    this.#forget(this.#byFile.get(file));
    const entry: DiskEntry = {
      file,
      path,
      copy,
      ends,
      bytes,
      pending: 0,
      notBefore: Number.NEGATIVE_INFINITY,
      apart: false,
      missed: false,
    };
    this.#byPath.set(path, entry);
    this.#byFile.set(file, entry);
    return entry;
  }

  remove(entry: DiskEntry): void {
    if (this.has(entry)) this.#forget(entry);
  }

  /** The entries at `path` and in it. */
  in(path: string): readonly DiskEntry[] {
    const own = this.#byPath.get(path);
    if (own !== undefined) return [own];
    return [...this.#byPath.values()].filter((entry) => isOrLiesIn(entry.path, path));
  }

  withRevision(revision: number): DiskEntry | undefined {
    for (const entry of this.#byPath.values()) if (entry.copy.revision === revision) return entry;
    return undefined;
  }

  /** What lies at `from` or in it lies at `to` now. Returns what was there, which is forgotten. */
  move(from: string, to: string): readonly DiskEntry[] {
    const moving = this.in(from);
    for (const entry of moving) this.#byPath.delete(entry.path);
    const displaced: DiskEntry[] = [];
    for (const entry of moving) {
      entry.path = movedPath(entry.path, from, to);
      const there = this.#byPath.get(entry.path);
      if (there !== undefined) displaced.push(there);
      this.#forget(there);
      this.#byPath.set(entry.path, entry);
    }
    return displaced;
  }

  #forget(entry: DiskEntry | undefined): void {
    if (entry === undefined) return;
    this.#byPath.delete(entry.path);
    this.#byFile.delete(entry.file);
  }
}

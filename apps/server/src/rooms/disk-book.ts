// What is known of a room's workspace's disk, for both directions of the sync.
import type { DiskApart, FileId, ParticipantId } from '@codesync/protocol';
import { diskCopy, isOrLiesIn, parentOf } from '@codesync/room';
import type { Clock, DiskCommand } from '../ports.ts';
import { ApartFiles } from './disk-apart.ts';
import { blobOf, DiskBlobs, type RoomBlobs, standIn } from './disk-blobs.ts';
import { type DiskAnswer, DiskCommands } from './disk-commands.ts';
import { DiskEntries, type DiskEntry } from './disk-entries.ts';
import { movedPath, Places } from './disk-places.ts';
import type { Propose, RoomLog } from './room-log.ts';

/** What could not be done is tried again after so long: the disk was full, or the file was in the midst of a change. */
export const AGAIN_MS = 1_000;

export type RoomDiskDeps = {
  readonly clock: Clock;
  readonly log: Pick<RoomLog, 'fold' | 'order'>;
  readonly propose: Propose;
  readonly blobs: RoomBlobs;
  /** Nothing more can be written to the log for now. */
  readonly crowded: () => boolean;
  /** Whose doing the next change of the disk is. */
  readonly author: () => ParticipantId;
  readonly send: (command: DiskCommand) => void;
  /** All files are on the disk. Called once. */
  readonly placed: () => void;
  /** What the disk has and the room has not, or the room has in another way. Called when it changes. */
  readonly apart: (some: readonly DiskApart[], count: number) => void;
  /** The disk said what it cannot say, or something threw. The sync has ended. Called once, in a turn of its own. */
  readonly lost: (cause: Error) => void;
  readonly newId: () => string;
};

/** Takes in what the disk has at a path. Resolves when that is done. */
export type Read = (at: { readonly path: string }) => Promise<void>;

export class DiskBook {
  readonly deps: RoomDiskDeps;
  readonly commands: DiskCommands;
  readonly blobs: DiskBlobs;
  readonly entries = new DiskEntries();
  readonly apart: ApartFiles;
  readonly places = new Places();
  /** Folders that are on the disk. */
  readonly folders = new Set<string>();
  /** Files of which something may have to be done on the disk. */
  readonly dirty = new Set<FileId>();
  #ended = false;

  constructor(deps: RoomDiskDeps) {
    const { clock } = deps;
    const after: Clock['after'] = (ms, run) => clock.after(ms, () => this.guard(run));
    this.deps = { ...deps, clock: { now: clock.now, after } };
    this.commands = new DiskCommands(deps.send);
    this.blobs = new DiskBlobs(deps.blobs, this.deps.clock, this.commands);
    this.apart = new ApartFiles(this.deps.clock, deps.apart);
  }

  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
    this.apart.end();
  }

  /** Does something of the sync's, unless it has ended. What it throws ends the sync, and goes no further. */
  guard(act: () => void): void {
    if (this.#ended) return;
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the sync because of a fault. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.end();
    const cause = error instanceof Error ? error : new Error(String(error));
    queueMicrotask(() => this.deps.lost(cause));
  }

  get state() {
    return this.deps.log.fold.state;
  }

  /** The room's text of a file, or what stands for its blob. */
  textOf(file: FileId): string {
    const blob = this.state.files.get(file)?.blob ?? null;
    return blob !== null ? standIn(blob) : this.deps.log.fold.texts.get(file)!.buffer.toString();
  }

  /** The disk has `text` of a file, or a blob that it stands for, and is to be brought up to the room's text. */
  add(file: FileId, path: string, text: string, revision: number): DiskEntry {
    this.noteFolders(parentOf(path));
    return this.entries.add(file, path, diskCopy(text, revision, this.textOf(file)), {
      ends: '\n',
      bytes: blobOf(text)?.bytes ?? null,
    });
  }

  /** A folder is on the disk, and so are those that it lies in. */
  noteFolders(path: string | null): void {
    for (let folder = path; folder !== null && !this.folders.has(folder); folder = parentOf(folder)) {
      this.folders.add(folder);
    }
  }

  /** What is known of `from` and in it is so of `to` now. */
  moved(from: string, to: string): void {
    this.moveEntries(from, to);
    this.noteFolders(parentOf(to));
    const moving = [...this.folders].filter((folder) => isOrLiesIn(folder, from));
    for (const folder of moving) this.folders.delete(folder);
    for (const folder of moving) this.folders.add(movedPath(folder, from, to));
  }

  /** The files of `from` and in it are at `to` now. Those that were there have to be made again. */
  moveEntries(from: string, to: string): void {
    for (const displaced of this.entries.move(from, to)) this.dirty.add(displaced.file);
  }

  /** Sends a command on an entry. Its file is looked at again after the answer. */
  send(
    entry: DiskEntry,
    command: Parameters<DiskCommands['send']>[0],
    units: number,
    answered: (answer: DiskAnswer) => void,
  ): void {
    entry.pending++;
    this.commands.send(command, units, (answer) => {
      entry.pending--;
      answered(answer);
      this.dirty.add(entry.file);
    });
  }
}

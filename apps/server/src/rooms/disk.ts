/**
 * Keeps a room's files and those on its workspace's disk in step, both ways. The room is the truth: what programs change
 * on the disk becomes a participant's commands, and what the room has is written to the disk.
 */
import type { EventBody, RoomEvent } from '@codesync/protocol';
import type { DiskEvent } from '../ports.ts';
import { DiskBook, type Read, type RoomDiskDeps } from './disk-book.ts';
import { DiskChanges } from './disk-changes.ts';
import { DiskIntake } from './disk-intake.ts';
import { DiskRemovals } from './disk-removals.ts';
import { DiskWriter } from './disk-writer.ts';

export class RoomDisk {
  readonly #book: DiskBook;
  readonly #writer: DiskWriter;
  readonly #changes: DiskChanges;
  readonly #intake: DiskIntake;

  constructor(deps: RoomDiskDeps) {
    this.#book = new DiskBook(deps);
    const read: Read = (at) => this.#intake.read(at);
    const removals = new DiskRemovals(this.#book, read);
    this.#writer = new DiskWriter(this.#book, removals, read);
    this.#changes = new DiskChanges(this.#book, removals, this.#writer);
    this.#intake = new DiskIntake(this.#book, removals, this.#writer, this.#changes);
  }

  /** Puts all files onto an empty disk. */
  place(): void {
    this.#book.guard(() => this.#writer.place());
  }

  /** The room has taken in an event. */
  follow({ body }: Pick<RoomEvent, 'body'>): void {
    this.#book.guard(() => {
      const isOwn = !this.#changes.underWay;
      if (isOwn && MAKES_ROOM.has(body.kind)) this.#intake.retry((why) => why === 'room' || why === 'case');
      this.#writer.follow(body, isOwn);
    });
  }

  /** What the disk says. */
  hear(event: DiskEvent): void {
    const book = this.#book;
    book.guard(() => {
      if (event.type === 'files.changed') {
        this.#intake.takeIn(event.batch, event.changes).catch((error: unknown) => book.fail(error));
      } else if (book.commands.answer(event)) this.#writer.pump();
      else throw new Error(`an answer ${event.n} that nobody waits for`);
    });
  }

  /** Somebody else writes in terminals now. */
  authorChanged(): void {
    this.#book.guard(() => this.#intake.retry((why) => why === 'role'));
  }

  end(): void {
    this.#book.end();
    this.#writer.end();
  }
}

/** After them the room may take in what it had no place for. */
const MAKES_ROOM: ReadonlySet<EventBody['kind']> = new Set([
  'file.deleted',
  'file.renamed',
  'folder.deleted',
]);

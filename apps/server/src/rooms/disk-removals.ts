// Removes files from a workspace's disk that have left the room.
import { isOrLiesIn } from '@codesync/room';
import type { DiskBook, Read } from './disk-book.ts';
import type { DiskEntry } from './disk-entries.ts';
import { type Place, sentTo } from './disk-places.ts';

/** So many are known that could not be removed. */
const UNREMOVED_KNOWN = 200;

type Unremoved = { readonly place: Place; readonly over: number };

export class DiskRemovals {
  readonly #book: DiskBook;
  readonly #read: Read;
  /** Files that were to be removed, and were not where they were to be removed from. */
  #unremoved: Unremoved[] = [];

  constructor(book: DiskBook, read: Read) {
    this.#book = book;
    this.#read = read;
  }

  /** Removes a file that its path is no place of any more. */
  remove(entry: DiskEntry): void {
    const { path, copy } = entry;
    this.#book.entries.remove(entry);
    if (copy.revision > 0) this.removeAt(path, copy.revision);
  }

  /** Removes what lies at `path`, if it still is what it was at revision `over`. */
  removeAt(path: string, over: number): void {
    const { commands, places } = this.#book;
    places.leave(path);
    const place = places.at(path);
    commands.send(
      () => ({ type: 'files.remove', path: sentTo(place), over }),
      0,
      (answer) => {
        if (answer.type !== 'files.refused' || place.now !== place.path) places.forget(place);
        if (answer.type !== 'files.refused') return;
        if (place.now !== place.path) this.removeAt(place.now, over);
        else {
          // What a program has changed meanwhile stays, as a new file. If it has only moved it, that is told of.
          this.#unremoved.push({ place, over });
          if (this.#unremoved.length > UNREMOVED_KNOWN) places.forget(this.#unremoved.shift()!.place);
          void this.#read({ path: place.path });
        }
      },
    );
  }

  /** Forgets what was not removed from `path`, or from in it; returns that. */
  forget(path: string): readonly Unremoved[] {
    const found = this.#unremoved.filter(({ place }) => isOrLiesIn(place.now, path));
    this.#unremoved = this.#unremoved.filter((each) => !found.includes(each));
    for (const { place } of found) this.#book.places.forget(place);
    return found;
  }
}

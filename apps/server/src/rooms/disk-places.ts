// Paths of a workspace's disk that something is done about, while things on it are moved.
import { isOrLiesIn } from '@codesync/room';

/** Where `path` is after `from` went to `to`. */
export function movedPath(path: string, from: string, to: string): string {
  return isOrLiesIn(path, from) ? to + path.slice(from.length) : path;
}

/**
 * `path`: what a command on its way says. `now`: where that is by all that the disk has told since. `left`: the file there
 * is about to be removed.
 */
export type Place = { path: string; now: string; left: boolean };

export class Places {
  readonly #all = new Set<Place>();

  at(path: string): Place {
    const place = { path, now: path, left: false };
    this.#all.add(place);
    return place;
  }

  forget(place: Place): void {
    this.#all.delete(place);
  }

  /** The disk has carried out a move of ours: after what was sent before it, and before what is sent from now on. */
  moved(from: string, to: string): void {
    for (const place of this.#all) {
      place.path = movedPath(place.path, from, to);
      place.now = movedPath(place.now, from, to);
    }
  }

  /** A program has moved something. Commands on their way say what was so before. */
  movedByProgram(from: string, to: string): void {
    for (const place of this.#all) place.now = movedPath(place.now, from, to);
  }

  /** The file at `path` is about to be removed. */
  leave(path: string): void {
    for (const place of this.#all) if (place.now === path) place.left = true;
  }
}

/** The path of a command that is being sent: where the place is by now. */
export function sentTo(place: Place): string {
  place.path = place.now;
  return place.path;
}

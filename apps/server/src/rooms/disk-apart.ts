// What a workspace's disk has and its room has not, and why.
import { type DiskApart, LIMITS } from '@codesync/protocol';
import { isOrLiesIn } from '@codesync/room';
import type { Clock } from '../ports.ts';

/** More are counted no more. */
const COUNTED = 20_000;
/** So many are looked at again at a time. */
const RETRIED = 50;
const TELL_MS = 150;

export class ApartFiles {
  readonly #clock: Clock;
  readonly #tell: (some: readonly DiskApart[], count: number) => void;
  readonly #files = new Map<string, DiskApart['why']>();
  #callOff: (() => void) | null = null;

  /** @param tell is called a moment after something has changed. */
  constructor(clock: Clock, tell: (some: readonly DiskApart[], count: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  add(path: string, why: DiskApart['why']): void {
    if (this.#files.get(path) === why || this.#files.size >= COUNTED) return;
    this.#files.set(path, why);
    this.#changed();
  }

  remove(path: string): void {
    if (this.#files.delete(path)) this.#changed();
  }

  /** Forgets what is at `path` or in it; returns that. */
  removeIn(path: string): readonly string[] {
    const gone = [...this.#files.keys()].filter((each) => isOrLiesIn(each, path));
    for (const each of gone) this.remove(each);
    return gone;
  }

  /** Some of those that are apart for such a reason. */
  some(which: (why: DiskApart['why']) => boolean): readonly string[] {
    const found: string[] = [];
    for (const [path, why] of this.#files) {
      if (which(why)) found.push(path);
      if (found.length === RETRIED) break;
    }
    return found;
  }

  end(): void {
    this.#callOff?.();
  }

  #changed(): void {
    this.#callOff ??= this.#clock.after(TELL_MS, () => {
      this.#callOff = null;
      const some = [...this.#files].slice(0, LIMITS.apartTold).map(([path, why]) => ({ path, why }));
      this.#tell(some, this.#files.size);
    });
  }
}

// When typing begins a new undo step. Pure; the caller brings the time.
import type { ContentChange } from './changes.ts';

/** A pause this long ends a step. */
export const PAUSE_MS = 600;

type Kind = 'insert' | 'delete' | 'replace' | 'paste' | 'newline';

/**
 * One step is a stretch of typing, or of deleting, in one go and at one place. A pause, a jump of the cursor, a
 * newline, a paste and an edit at several places each begin another one; so does typing over a selection, which
 * then goes on with what is typed. What an input method tries out within one composition never begins one.
 */
export class UndoSteps {
  #kind: Kind | null = null;
  #at = 0;
  #time = Number.NEGATIVE_INFINITY;
  /** The last change belongs to a composition that is still open. */
  #composing = false;

  /** True when these changes, made now, begin a new step. `composing`: an input method made them. */
  begins(changes: readonly ContentChange[], now: number, composing: boolean): boolean {
    const [change] = changes;
    if (change === undefined) return false;
    const kind = changes.length > 1 ? 'paste' : kindOf(change);
    const goesOn =
      this.#composing ||
      (kind === this.#kind &&
        (kind === 'insert' || kind === 'delete') &&
        now - this.#time < PAUSE_MS &&
        adjoins(change, kind, this.#at));
    this.#composing = composing;
    this.#kind = kind === 'newline' || kind === 'replace' ? 'insert' : kind;
    this.#at = change.rangeOffset + change.text.length;
    this.#time = now;
    return !goesOn;
  }

  /** The next changes begin a new step whatever they are: the cursor was moved, or something was undone. */
  end(): void {
    this.#kind = null;
  }

  compositionEnded(): void {
    this.#composing = false;
  }

  /** Others changed the text: the place of the last change is now at `carry` of where it was. */
  carry(carry: (position: number) => number): void {
    this.#at = carry(this.#at);
  }
}

function kindOf({ rangeLength, text }: ContentChange): Kind {
  if (text === '') return 'delete';
  if (text.startsWith('\n')) return 'newline';
  if (rangeLength > 0) return 'replace';
  return text.length <= 2 ? 'insert' : 'paste';
}

/** Typing goes on where the last change ended; deleting ends there (backspace) or starts there (delete). */
function adjoins({ rangeOffset, rangeLength }: ContentChange, kind: Kind, at: number): boolean {
  return rangeOffset === at || (kind === 'delete' && rangeOffset + rangeLength === at);
}

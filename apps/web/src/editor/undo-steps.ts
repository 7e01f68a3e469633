// When typing begins a new undo step. Pure; the caller brings the time.
import type { ContentChange } from './changes.ts';

/** A pause this long ends a step. */
export const PAUSE_MS = 600;

type Kind = 'insert' | 'delete' | 'replace' | 'paste' | 'newline';

/**
 * One step is a stretch of typing, or of deleting, in one go and at one place (or at the same several places). These
 * begin another step: a pause, a jump of the cursor, a newline, a paste, and typing over a selection. What is typed
 * after that selection belongs to its step. Within one composition of an input method nothing begins a step.
 */
export class UndoSteps {
  #kind: Kind | null = null;
  /** Where each of the last changes ended, first to last. */
  #at: readonly number[] = [];
  #time = Number.NEGATIVE_INFINITY;
  /** The last change belongs to a composition that is still open. */
  #composing = false;

  /** True when these changes, made now, begin a new step. `composing`: an input method made them. */
  begins(changes: readonly ContentChange[], now: number, composing: boolean): boolean {
    if (changes.length === 0) return false;
    const ordered = changes.toSorted((a, b) => a.rangeOffset - b.rangeOffset);
    const kind = kindOfAll(ordered);
    const goesOn =
      this.#composing ||
      (kind === this.#kind &&
        (kind === 'insert' || kind === 'delete') &&
        now - this.#time < PAUSE_MS &&
        ordered.length === this.#at.length &&
        ordered.every((change, index) => adjoins(change, kind, this.#at[index]!)));
    this.#composing = composing;
    this.#kind = kind === 'newline' || kind === 'replace' ? 'insert' : kind;
    this.#at = endsOf(ordered);
    this.#time = now;
    return !goesOn;
  }

  /** Whatever comes next begins a new step, since the cursor was moved or something was undone. */
  end(): void {
    this.#kind = null;
  }

  compositionEnded(): void {
    this.#composing = false;
  }

  /** Others changed the text: a place of the last change is now at `carry` of where it was. */
  carry(carry: (position: number) => number): void {
    this.#at = this.#at.map(carry);
  }
}

/** The kind of what several cursors do at once: theirs if all do the same, else as if it were pasted. */
function kindOfAll(changes: readonly ContentChange[]): Kind {
  const kind = kindOf(changes[0]!);
  return changes.every((change) => kindOf(change) === kind) ? kind : 'paste';
}

/** Where each of the changes, made at once, ends in the text after all of them. */
function endsOf(ordered: readonly ContentChange[]): number[] {
  let shift = 0;
  return ordered.map(({ rangeOffset, rangeLength, text }) => {
    const end = rangeOffset + shift + text.length;
    shift += text.length - rangeLength;
    return end;
  });
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

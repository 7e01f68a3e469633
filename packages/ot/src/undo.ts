// One author's undo and redo in one file, while others edit it. Pure.
import { compose, composeAll, joinKeys } from './compose.ts';
import { isNoop, NOOP, type Op, OpBuilder } from './op.ts';
import { deletedText, type Replacement, replacementsOf, takeBack } from './replacement.ts';
import type { TextBuffer } from './text-buffer.ts';
import { transform } from './transform.ts';

/** Steps that can be undone, unless the caller says otherwise. */
const DEFAULT_DEPTH = 500;
/** Edits by others that a stack lets gather before it composes them. */
const GATHER = 256;
/** Edits of one step are joined while that touches at most so many components: a key must stay cheap. */
const JOINED_PARTS = 1_000;

/** An own edit, as it was made. `deleted` is all the text that it deleted. */
interface Made {
  readonly op: Op;
  readonly deleted: string;
}

/**
 * One edit, or several of one step joined into one. `over` has the edits that others made since then, up to
 * where the entry above was made. Each is made for the text that the one before it left.
 */
interface Entry {
  made: Made | readonly Replacement[];
  readonly opensStep: boolean;
  over: Op[];
}

/**
 * Undo and redo of an author's own edits. Others' edits are never taken back.
 *
 * Each stack is a chain. Its top entry, carried over what others did since, fits the view. The entry below fits
 * the view once the top has been taken back, and so on. An edit by another author is noted only at the two
 * tops, and handed down as entries are taken. Every operation here is one for the local view.
 */
export class UndoHistory {
  readonly #depth: number;
  readonly #undo: Stack = new Stack();
  readonly #redo: Stack = new Stack();
  #opensStep = true;

  /** @param depth most steps that are kept; the oldest are forgotten first. */
  constructor(depth: number = DEFAULT_DEPTH) {
    this.#depth = depth;
  }

  /**
   * Records an own edit, and forgets what could be redone. The edit joins the latest step unless a `boundary`
   * came in between.
   * @param before the view that `op` was made for.
   */
  record(op: Op, before: string | TextBuffer): void {
    if (isNoop(op)) return;
    this.#redo.clear();
    const made = { op, deleted: deletedText(op, before) };
    if (this.#opensStep || !this.#undo.join(made)) this.#undo.push(made, this.#opensStep);
    if (this.#opensStep) this.#undo.trim(this.#depth);
    this.#opensStep = false;
  }

  /** The next edit that is recorded starts a step of its own. */
  boundary(): void {
    this.#opensStep = true;
  }

  /** Notes a change of the view that is not an own edit: an edit by others, or one that was taken back. */
  remote(op: Op): void {
    if (isNoop(op)) return;
    this.#undo.carry(op);
    this.#redo.carry(op);
  }

  /**
   * Takes back the latest step of which anything is left.
   * @returns what the caller applies to the view, and sends like any other edit, but does not record; null if
   *   there is nothing to undo.
   */
  undo(): Op | null {
    return this.#swap(this.#undo, this.#redo);
  }

  /** Makes again what was undone last; otherwise as `undo`. */
  redo(): Op | null {
    return this.#swap(this.#redo, this.#undo);
  }

  #swap(from: Stack, to: Stack): Op | null {
    this.#opensStep = true;
    while (!from.isEmpty) {
      const { op, again } = from.popStep();
      if (isNoop(op)) continue;
      for (const [index, made] of again.entries()) to.push(made, index === 0);
      return op;
    }
    return null;
  }
}

class Stack {
  #entries: Entry[] = [];
  #steps = 0;

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  clear(): void {
    this.#entries = [];
    this.#steps = 0;
  }

  push(made: Entry['made'], opensStep: boolean): void {
    const opens = opensStep || this.isEmpty;
    this.#entries.push({ made, opensStep: opens, over: [] });
    if (opens) this.#steps++;
  }

  /**
   * Joins `next`, an edit of the same step, into the top entry. So text that is typed over other text is one
   * thing with the key that deleted the other text.
   * @returns false, and does nothing, where they cannot be joined.
   */
  join(next: Made): boolean {
    const top = this.#entries.at(-1);
    if (top === undefined || !('op' in top.made)) return false;
    const over = composeAll(top.over);
    if (top.made.op.length + over.length + next.op.length > JOINED_PARTS) return false;
    const earlier = isNoop(over) ? next.op : madeBefore(next.op, over);
    if (earlier === null) return false;
    top.made = inOne(top.made, { op: earlier, deleted: next.deleted });
    top.over = isNoop(over) ? [] : [transform(over, earlier, 'right')];
    return true;
  }

  /** Forgets the oldest steps beyond `depth`. */
  trim(depth: number): void {
    if (this.#steps <= depth) return;
    let end = 0;
    while (this.#steps > depth) {
      end++;
      if (this.#entries[end]!.opensStep) this.#steps--;
    }
    this.#entries.splice(0, end);
  }

  carry(op: Op): void {
    const top = this.#entries.at(-1);
    if (top === undefined) return;
    top.over.push(op);
    if (top.over.length > GATHER) top.over = [composeAll(top.over)];
  }

  /**
   * Removes the latest step. `op` takes the whole step back, for the current view. `again` makes it again; what
   * belongs to the last entry of the step comes first.
   */
  popStep(): { readonly op: Op; readonly again: readonly (readonly Replacement[])[] } {
    const ops: Op[] = [];
    const again: (readonly Replacement[])[] = [];
    let over: Op = NOOP;
    for (let opened = false; !opened; ) {
      const entry = this.#entries.pop()!;
      opened = entry.opensStep;
      const { made } = entry;
      const own = 'op' in made ? replacementsOf(made.op, made.deleted) : made;
      const taken = takeBack(own, compose(composeAll(entry.over), over));
      ops.push(taken.op);
      again.push(taken.again);
      over = taken.below;
    }
    this.#steps--;
    this.carry(over);
    return { op: composeAll(ops), again };
  }
}

/** Rewrites `op`, made after `over`, as if made before it. Null where it changes what `over` has inserted. */
function madeBefore(op: Op, over: Op): Op | null {
  const back = unmade(over);
  for (const side of ['left', 'right'] as const) {
    const earlier = transform(op, back, side);
    const again = transform(earlier, over, 'left');
    if (again.length === op.length && again.every((part, index) => part === op[index])) return earlier;
  }
  return null;
}

/** An inverse of `op`, with filler in the place of the text that it deleted. */
function unmade(op: Op): Op {
  const out = new OpBuilder();
  for (const part of op) {
    if (typeof part === 'string') out.remove(part.length);
    else if (part > 0) out.retain(part);
    else out.insert(' '.repeat(-part));
  }
  return out.build();
}

function inOne(first: Made, second: Made): Made {
  const op = joinKeys(first.op, second.op) ?? compose(first.op, second.op);
  if (second.deleted === '') return { op, deleted: first.deleted };
  // The inverse of both inserts what they deleted of the text before them.
  const back = compose(inverse(second), inverse(first));
  return { op, deleted: back.filter((part) => typeof part === 'string').join('') };
}

function inverse({ op, deleted }: Made): Op {
  const out = new OpBuilder();
  let read = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      out.remove(part.length);
    } else if (part > 0) {
      out.retain(part);
    } else {
      out.insert(deleted.slice(read, read - part));
      read -= part;
    }
  }
  return out.build();
}

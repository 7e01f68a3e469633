// One author's undo and redo in one file, while others edit it. Pure.
import { invert } from './apply.ts';
import { compose, composeAll } from './compose.ts';
import { isNoop, NOOP, type Op } from './op.ts';
import type { TextBuffer } from './text-buffer.ts';
import { transform } from './transform.ts';

/** Steps that can be undone, unless the caller says otherwise. */
const DEFAULT_DEPTH = 500;
/** Edits by others that a stack lets gather before it composes them. */
const GATHER = 256;

/**
 * What takes back one edit. `op` fits the text as it was right after that edit; `over` are the edits by
 * others since then, each on the text that the one before left, up to where the entry above was made.
 */
interface Entry {
  readonly op: Op;
  readonly opensStep: boolean;
  over: Op[];
}

/**
 * Undo and redo of one's own edits; others' edits are never taken back.
 *
 * Each stack is a chain: its top entry, carried over what others did since, fits the view; the one below
 * fits the view once the top has been taken back, and so on. An edit by another author is only noted at the
 * two tops, and handed down as entries are taken. Every operation here is one for the local view.
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

  get canUndo(): boolean {
    return !this.#undo.isEmpty;
  }

  get canRedo(): boolean {
    return !this.#redo.isEmpty;
  }

  /**
   * Notes an edit of one's own; what could be redone is forgotten. It joins the latest step unless a
   * `boundary` came in between.
   * @param before the view that `op` was made for.
   */
  record(op: Op, before: string | TextBuffer): void {
    if (isNoop(op)) return;
    this.#redo.clear();
    this.#undo.push(invert(op, before), this.#opensStep);
    if (this.#opensStep) this.#undo.trim(this.#depth);
    this.#opensStep = false;
  }

  /** The next edit that is recorded starts a step of its own. */
  boundary(): void {
    this.#opensStep = true;
  }

  /** Notes a change of the view that is not one's own: an edit by others, or one that was taken back. */
  remote(op: Op): void {
    if (isNoop(op)) return;
    this.#undo.carry(op);
    this.#redo.carry(op);
  }

  /**
   * Takes back the latest step of which anything is left.
   * @param view the text now. The caller applies the result to it and sends it like any other edit, but
   *   does not record it.
   * @returns null if there is nothing to undo.
   */
  undo(view: string | TextBuffer): Op | null {
    return this.#swap(this.#undo, this.#redo, view);
  }

  /** Makes again what was undone last; otherwise as `undo`. */
  redo(view: string | TextBuffer): Op | null {
    return this.#swap(this.#redo, this.#undo, view);
  }

  #swap(from: Stack, to: Stack, view: string | TextBuffer): Op | null {
    this.#opensStep = true;
    while (!from.isEmpty) {
      const op = from.popStep();
      if (isNoop(op)) continue;
      to.push(invert(op, view), true);
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

  push(op: Op, opensStep: boolean): void {
    const opens = opensStep || this.isEmpty;
    this.#entries.push({ op, opensStep: opens, over: [] });
    if (opens) this.#steps++;
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

  /** What takes back the whole latest step, for the view now. */
  popStep(): Op {
    const ops: Op[] = [];
    let over: Op = NOOP;
    for (let opened = false; !opened; ) {
      const entry = this.#entries.pop()!;
      opened = entry.opensStep;
      over = compose(composeAll(entry.over), over);
      ops.push(transform(entry.op, over, 'left'));
      over = transform(over, entry.op, 'right');
    }
    this.#steps--;
    this.carry(over);
    return composeAll(ops);
  }
}

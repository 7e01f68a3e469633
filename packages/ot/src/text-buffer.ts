// A text that many small edits change quickly. Pure.
import { hashText, TextHash } from './hash.ts';
import { Leaf } from './leaf.ts';
import { LengthIndex } from './length-index.ts';
import { baseLength, type Op } from './op.ts';

/** Most units in one leaf: a move of its gap stays well under a microsecond. */
const MAX_LEAF = 8_192;
/** Units in a leaf that is cut from a long text: room to grow before it has to be split. */
const FRESH_LEAF = 4_096;
/** A leaf that the cursor leaves with fewer units joins its neighbour. */
const MIN_LEAF = 512;
/** The share of leaves that may be edited while others are strings. So much text may be in memory twice. */
const EDITED = 1 / 4;

/**
 * A mutable text. Positions and lengths are UTF-16 units.
 *
 * The text is held in leaves with gap buffers, under an index of their lengths. To find the leaf of an edit
 * costs O(log n), and nothing if the edit is near the last one. A leaf takes one byte a unit while all its
 * units are below 256, else two. A leaf that grows takes about an eighth more. A leaf that was deleted from
 * takes at most a few times what is left of it.
 *
 * The buffer holds one form at a time: the plain string (after `from` or `toString`, until the next edit), or
 * the leaves. A leaf begins as a part of that string. What is away from its edits stays a string for a while.
 */
export class TextBuffer {
  #text: string | null;
  #length: number;
  #leaves: Leaf[] = [];
  #index = new LengthIndex([]);
  /** The leaf of the last edit, where it starts, and the length that the index has for it. */
  #hot = 0;
  #hotStart = 0;
  #hotIndexed = 0;
  /** How often an edit came to a leaf that was a string, since the text was cut into leaves. */
  #edited = 0;
  /** The length of the strings that leaves may keep in memory by holding parts of them. */
  #held = 0;

  private constructor(text: string) {
    this.#text = text;
    this.#length = text.length;
  }

  /** A buffer that holds `text`; costs nothing until the first edit. */
  static from(text: string): TextBuffer {
    return new TextBuffer(text);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes that the text takes in memory; a plain string counts as two a unit, though it may take one. */
  get byteSize(): number {
    if (this.#text !== null) return 2 * this.#length;
    return this.#leaves.reduce((sum, leaf) => sum + leaf.byteSize, 0);
  }

  /**
   * Changes the text by `op`.
   * @throws RangeError if `op` reaches beyond the end; the text is then unchanged.
   */
  apply(op: Op): void {
    const reach = baseLength(op);
    if (reach > this.#length) {
      throw new RangeError(`operation reaches position ${reach} of a text of ${this.#length} units`);
    }
    if (op.length === 0) return;
    this.#open();
    let at = 0;
    for (let i = 0; i < op.length; i++) {
      const part = op[i]!;
      if (typeof part === 'string') {
        this.#insert(at, part);
        at += part.length;
      } else if (part > 0) {
        at += part;
      } else {
        this.#remove(at, -part);
      }
    }
  }

  /** The text from `from` up to `to` (the end, if absent), both between 0 and `length`, `from <= to`. */
  slice(from: number, to = this.#length): string {
    this.#checkRange(from, to);
    if (this.#text !== null) return this.#text.slice(from, to);
    let { index, start } = this.#locate(from);
    let text = '';
    for (let at = from; at < to; index++) {
      const leaf = this.#leaves[index]!;
      const end = Math.min(to, start + leaf.length);
      text += leaf.slice(at - start, end - start);
      start += leaf.length;
      at = end;
    }
    return text;
  }

  /** The UTF-16 unit at `at`, from 0 up to but not including `length`. */
  charCodeAt(at: number): number {
    this.#checkRange(at, at + 1);
    if (this.#text !== null) return this.#text.charCodeAt(at);
    const { index, start } = this.#locate(at + 1);
    return this.#leaves[index]!.unitAt(at - start);
  }

  /** The whole text; free if it was asked for since the last edit. */
  toString(): string {
    if (this.#text === null) {
      let text = '';
      for (const leaf of this.#leaves) text += leaf.slice(0, leaf.length);
      this.#text = text;
      this.#leaves = [];
    }
    return this.#text;
  }

  /** `hashText(this.toString())`, without putting the text together. */
  hash(): number {
    if (this.#text !== null) return hashText(this.#text);
    const hash = new TextHash();
    for (const leaf of this.#leaves) leaf.addTo(hash);
    return hash.value();
  }

  #insert(at: number, text: string): void {
    const leaf = this.#seek(at);
    if (leaf.length + text.length <= MAX_LEAF) {
      leaf.insert(at - this.#hotStart, text);
    } else {
      const right = leaf.splitOff(at - this.#hotStart);
      const added = leavesOf(text);
      this.#held += text.length;
      if (right.length > 0) added.push(right);
      this.#replaceLeaves(this.#hot + (leaf.length > 0 ? 1 : 0), leaf.length > 0 ? 0 : 1, added);
    }
    this.#length += text.length;
  }

  #remove(at: number, length: number): void {
    const leaf = this.#seek(at + 1);
    this.#length -= length;
    const end = this.#hotStart + leaf.length;
    if ((at + length <= end && length < leaf.length) || this.#leaves.length === 1) {
      leaf.remove(at - this.#hotStart, length);
      return;
    }
    let index = this.#hot;
    let offset = at - this.#hotStart;
    const emptied = offset === 0 ? index : index + 1;
    let emptiedEnd = emptied;
    for (let left = length; left > 0; index++, offset = 0) {
      const next = this.#leaves[index]!;
      const taken = Math.min(left, next.length - offset);
      left -= taken;
      if (taken === next.length) emptiedEnd = index + 1;
      else next.remove(offset, taken);
    }
    this.#replaceLeaves(emptied, emptiedEnd - emptied, []);
    // Checked only here: so much text goes only with whole leaves, and a keystroke need not check.
    if (2 * this.#length < this.#held) this.#letGo();
  }

  /**
   * Finds the leaf that has `at` inside or at its end (or at the start of the text), and makes it the hot one.
   */
  #seek(at: number): Leaf {
    const hot = this.#leaves[this.#hot]!;
    const start = this.#hotStart;
    const length = hot.length;
    if (at <= start + length && (at > start || start === 0)) return hot;
    if (length < MIN_LEAF) this.#joinHot();
    else this.#settleHot();
    const found = this.#index.find(at);
    this.#hot = found.index;
    this.#hotStart = found.start;
    const leaf = this.#leaves[found.index]!;
    this.#hotIndexed = leaf.length;
    if (leaf.isString) this.#countEdited();
    return leaf;
  }

  /**
   * Counts a leaf that is edited for the first time. While any leaf holds a string, the whole text that it was
   * cut from stays in memory, so what was edited may be there twice. When a good part of the leaves is edited,
   * all turn into units.
   */
  #countEdited(): void {
    this.#edited++;
    if (this.#edited > this.#leaves.length * EDITED) this.#letGo();
  }

  /** Turns all leaves into units. */
  #letGo(): void {
    for (const leaf of this.#leaves) leaf.toUnits();
    this.#held = 0;
  }

  /** Finds the leaf that has `at` inside or at its end. The gap and the hot leaf stay where they are. */
  #locate(at: number): { index: number; start: number } {
    const start = this.#hotStart;
    const end = start + this.#leaves[this.#hot]!.length;
    if (at <= end && (at > start || start === 0)) return { index: this.#hot, start };
    this.#settleHot();
    return this.#index.find(at);
  }

  /** Tells the index how long the hot leaf has become. */
  #settleHot(): void {
    const length = this.#leaves[this.#hot]!.length;
    if (length !== this.#hotIndexed) this.#index.add(this.#hot, length - this.#hotIndexed);
    this.#hotIndexed = length;
  }

  /** Joins the hot leaf to a neighbour if the two fit in one, so that leaves do not become many and tiny. */
  #joinHot(): void {
    const left = this.#hot > 0 ? this.#hot - 1 : 0;
    const first = this.#leaves[left]!;
    const second = this.#leaves[left + 1];
    if (second === undefined || first.length + second.length > FRESH_LEAF) {
      this.#settleHot();
      return;
    }
    const text = first.slice(0, first.length) + second.slice(0, second.length);
    const joined = Leaf.of(text);
    joined.toUnits();
    this.#replaceLeaves(left, 2, [joined]);
  }

  /** Replaces leaves and rebuilds the index. The first leaf becomes the hot one. */
  #replaceLeaves(from: number, count: number, added: readonly Leaf[]): void {
    this.#leaves.splice(from, count, ...added);
    if (this.#leaves.length === 0) this.#leaves.push(Leaf.of(''));
    this.#index = new LengthIndex(this.#leaves.map((leaf) => leaf.length));
    this.#hot = 0;
    this.#hotStart = 0;
    this.#hotIndexed = this.#leaves[0]!.length;
  }

  /** Turns the plain string into leaves. */
  #open(): void {
    if (this.#text === null) return;
    this.#leaves = [];
    this.#edited = 0;
    this.#replaceLeaves(0, 0, leavesOf(this.#text));
    this.#held = this.#text.length;
    this.#text = null;
  }

  #checkRange(from: number, to: number): void {
    if (!(from >= 0 && from <= to && to <= this.#length)) {
      throw new RangeError(`range ${from} to ${to} of a text of ${this.#length} units`);
    }
  }
}

function leavesOf(text: string): Leaf[] {
  const count = Math.ceil(text.length / FRESH_LEAF);
  const leaves: Leaf[] = [];
  for (let i = 0; i < count; i++) {
    leaves.push(
      Leaf.of(text.slice(Math.floor((i * text.length) / count), Math.floor(((i + 1) * text.length) / count))),
    );
  }
  return leaves;
}

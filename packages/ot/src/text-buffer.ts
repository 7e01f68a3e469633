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
/** The share of leaves that may be edited while others are strings: so much of the text is in memory twice. */
const EDITED = 1 / 4;

/**
 * A mutable text. Positions and lengths are UTF-16 units.
 *
 * Leaves of gap buffers under an index of their lengths: an edit costs O(log n) to find its leaf, and
 * nothing to find it when it is near the last one. Memory is the text (one byte a unit while all units of a
 * leaf are below 256, else two) plus about an eighth where it grows, and at most a few times what is left of one that
 * was deleted.
 *
 * It holds one form at a time: the plain string, from `from` or `toString` until the next edit, or leaves. A leaf
 * is a part of that string, and what is away from its edits stays so for a while.
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
  /** The length of the strings that parts of leaves may hold in memory. */
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
    // Here alone: so much goes only with whole leaves, and a keystroke does not have to ask.
    if (2 * this.#length < this.#held) this.#letGo();
  }

  /** The leaf in which `at` is inside or at the end (or at the start of the text), made the hot one. */
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
   * Counts a leaf that is edited for the first time. What is still a string in any leaf holds the whole text that it was
   * cut from, so all leaves turn into units when a good part of them is edited, and may be in memory twice.
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

  /** Where the leaf is in which `at` is inside or at the end; leaves the gap where it is. */
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

  /** Changes which leaves there are, and with them the index; the first becomes the hot one. */
  #replaceLeaves(from: number, count: number, added: readonly Leaf[]): void {
    this.#leaves.splice(from, count, ...added);
    if (this.#leaves.length === 0) this.#leaves.push(Leaf.of(''));
    this.#index = new LengthIndex(this.#leaves.map((leaf) => leaf.length));
    this.#hot = 0;
    this.#hotStart = 0;
    this.#hotIndexed = this.#leaves[0]!.length;
  }

  /** From the plain string to leaves. */
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

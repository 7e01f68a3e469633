// One stretch of a text buffer: a string with a gap buffer of UTF-16 units where it is edited. Pure.
import type { TextHash } from './hash.ts';
import { isWide, LONG_TEXT, textOf, writeAscii } from './units.ts';

type Units = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Moves up to this length use a loop: for them, the call of a block copy costs more. */
const SHORT_MOVE = 24;

/**
 * Units that a leaf first makes room for. Most leaves of a large text see a few keys or none. Engines keep so
 * small an array among their objects, at a fraction of what memory of its own would cost.
 */
const FIRST_ROOM = 64;

const NO_UNITS = new Uint8Array(0);

/**
 * A string that is split where it is first edited, with an array of units in between. The array has a gap where
 * the last edit was, so the next edit there moves nothing. An edit away from the units turns the rest of the
 * string into units.
 *
 * Invariant: the text is `head`, `units[0, gapStart)`, `units[gapEnd, units.length)`, then `tail`. Units take
 * one byte each as long as all fit, and two bytes from the first that does not. After an insert, the gap is at
 * most an eighth of the text plus a constant. After a removal, it is at most twice the text plus a constant.
 */
export class Leaf {
  #head: string;
  #tail = '';
  /** How much of the text is in `#head` and `#tail`. */
  #outside: number;
  #units: Units;
  #gapStart = 0;
  #gapEnd = 0;

  private constructor(head: string, units: Units) {
    this.#head = head;
    this.#outside = head.length;
    this.#units = units;
  }

  /** A leaf of `part`, a part of a text. While any of it stays a string, the whole text may stay in memory. */
  static of(part: string): Leaf {
    return new Leaf(part, NO_UNITS);
  }

  get length(): number {
    return this.#outside + this.#units.length - this.#gapEnd + this.#gapStart;
  }

  /** Whether the text is one string, with no units in it. */
  get isString(): boolean {
    return this.#units === NO_UNITS && (this.#head === '' || this.#tail === '');
  }

  /** Bytes that the text and the gap take; a string counts as two a unit, though it may take one. */
  get byteSize(): number {
    return 2 * this.#outside + this.#units.byteLength;
  }

  /** Turns the string parts into units, with room for a few keys. */
  toUnits(): void {
    if (this.#outside === 0) return;
    const { length } = this;
    this.#units = this.#asciiUnits() ?? unitsOf(this.slice(0, length));
    this.#gapStart = length;
    this.#gapEnd = this.#units.length;
    this.#head = '';
    this.#tail = '';
    this.#outside = 0;
  }

  /** Puts `text` in front of the unit at `at`. */
  insert(at: number, text: string): void {
    const length = text.length;
    const within = this.#outside === 0 ? at : this.#focus(at, at);
    if (this.#gapEnd - this.#gapStart < length) this.#makeRoom(length);
    this.#moveGap(within);
    if (length === 1) {
      const unit = text.charCodeAt(0);
      if (unit > 0xff) this.#widen();
      this.#units[this.#gapStart++] = unit;
      return;
    }
    if (length >= LONG_TEXT && this.#insertAscii(text)) return;
    if (isWide(text)) this.#widen();
    const units = this.#units;
    for (let i = 0, to = this.#gapStart; i < length; i++) units[to++] = text.charCodeAt(i);
    this.#gapStart += length;
  }

  /** Puts `text` into the gap, which has room for it, if all of its units are below 128. */
  #insertAscii(text: string): boolean {
    const units = this.#units;
    if (units instanceof Uint16Array) return false;
    const end = this.#gapStart + text.length;
    const written = writeAscii(text, units.subarray(this.#gapStart, end));
    if (written) this.#gapStart = end;
    return written;
  }

  /** Takes out `length` units from `at` on. */
  remove(at: number, length: number): void {
    let start = at;
    let end = at + length;
    if (this.#outside > 0) {
      end -= this.#trim(start, end) + this.#head.length;
      start -= this.#head.length;
    }
    if (start <= this.#gapStart && this.#gapStart <= end) {
      this.#gapEnd += end - this.#gapStart;
      this.#gapStart = start;
    } else if (end < this.#gapStart) {
      this.#moveGap(end);
      this.#gapStart = start;
    } else {
      this.#moveGap(start);
      this.#gapEnd += end - start;
    }
    if (this.#gapEnd - this.#gapStart > 2 * this.length + 1024) this.#resize(0);
  }

  /** Takes out the units from `at` on and returns them as a leaf of their own. */
  splitOff(at: number): Leaf {
    this.toUnits();
    this.#moveGap(at);
    const right = new Leaf('', this.#units.slice(this.#gapEnd));
    this.#gapEnd = this.#units.length;
    this.#resize(0);
    return right;
  }

  /** The unit at `at`, which is in the leaf. */
  unitAt(at: number): number {
    const within = at - this.#head.length;
    if (within < 0) return this.#head.charCodeAt(at);
    const index = within < this.#gapStart ? within : within + this.#gapEnd - this.#gapStart;
    const beyond = index - this.#units.length;
    return beyond < 0 ? this.#units[index]! : this.#tail.charCodeAt(beyond);
  }

  /** The text from `from` up to `to`. */
  slice(from: number, to: number): string {
    if (this.#outside === 0) return this.#textOf(from, to);
    const start = this.#head.length;
    const end = this.length - this.#tail.length;
    const inside = this.#textOf(clamp(from, start, end) - start, clamp(to, start, end) - start);
    return (
      this.#head.slice(from, to) + inside + this.#tail.slice(Math.max(0, from - end), Math.max(0, to - end))
    );
  }

  addTo(hash: TextHash): void {
    hash.addText(this.#head);
    hash.addUnits(this.#units, 0, this.#gapStart);
    hash.addUnits(this.#units, this.#gapEnd, this.#units.length);
    hash.addText(this.#tail);
  }

  /**
   * Ensures that no part of a string lies between the units and the stretch from `from` up to `to`. Returns
   * where `from` is, counted from the first unit.
   */
  #focus(from: number, to: number): number {
    const start = this.#head.length;
    if (to >= start && from <= this.length - this.#tail.length) return from - start;
    if (!this.isString) {
      this.toUnits();
      return from;
    }
    const text = this.#head + this.#tail;
    this.#head = text.slice(0, from);
    this.#tail = text.slice(from);
    return 0;
  }

  /** Removes the string parts of the stretch from `from` up to `to`. Returns their length. */
  #trim(from: number, to: number): number {
    this.#focus(from, to);
    const before = Math.max(0, this.#head.length - from);
    const after = Math.max(0, to - this.length + this.#tail.length);
    if (before > 0) this.#head = this.#head.slice(0, from);
    if (after > 0) this.#tail = this.#tail.slice(after);
    this.#outside -= before + after;
    return before + after;
  }

  /**
   * All of the text as units, with room at the end. Null unless the string parts are ASCII and the units take
   * one byte each.
   */
  #asciiUnits(): Units | null {
    const own = this.#units;
    if (own instanceof Uint16Array) return null;
    const units = new Uint8Array(this.length + FIRST_ROOM);
    if (!writeAscii(this.#head, units)) return null;
    let at = this.#head.length;
    for (let i = 0; i < this.#gapStart; i++) units[at++] = own[i]!;
    for (let i = this.#gapEnd; i < own.length; i++) units[at++] = own[i]!;
    if (this.#tail === '') return units;
    return writeAscii(this.#tail, units.subarray(at)) ? units : null;
  }

  /** The text of the units from `from` up to `to`. */
  #textOf(from: number, to: number): string {
    const gap = this.#gapEnd - this.#gapStart;
    if (to <= this.#gapStart) return textOf(this.#units, from, to);
    if (from >= this.#gapStart) return textOf(this.#units, from + gap, to + gap);
    return textOf(this.#units, from, this.#gapStart) + textOf(this.#units, this.#gapEnd, to + gap);
  }

  #moveGap(at: number): void {
    const units = this.#units;
    let gapStart = this.#gapStart;
    let gapEnd = this.#gapEnd;
    if (at < gapStart) {
      if (gapStart - at > SHORT_MOVE) {
        units.copyWithin(gapEnd - gapStart + at, at, gapStart);
        gapEnd -= gapStart - at;
      } else {
        while (gapStart > at) units[--gapEnd] = units[--gapStart]!;
      }
    } else if (at > gapStart) {
      if (at - gapStart > SHORT_MOVE) {
        units.copyWithin(gapStart, gapEnd, gapEnd + at - gapStart);
        gapEnd += at - gapStart;
      } else {
        while (gapStart < at) units[gapStart++] = units[gapEnd++]!;
      }
    }
    this.#gapStart = at;
    this.#gapEnd = gapEnd;
  }

  /** Makes the gap large enough for `length` units and some more. */
  #makeRoom(length: number): void {
    if (this.#units !== NO_UNITS || length > FIRST_ROOM) {
      this.#resize(length);
      return;
    }
    this.#units = new Uint8Array(FIRST_ROOM);
    this.#gapEnd = FIRST_ROOM;
  }

  /** Copies the units into an array with room for `length` more and the usual gap, which stays in place. */
  #resize(length: number): void {
    const from = this.#units;
    const target = this.length + length;
    const capacity = target - this.#outside + roomFor(target);
    const to = from instanceof Uint8Array ? new Uint8Array(capacity) : new Uint16Array(capacity);
    const gapEnd = capacity - (from.length - this.#gapEnd);
    to.set(from.subarray(0, this.#gapStart), 0);
    to.set(from.subarray(this.#gapEnd), gapEnd);
    this.#units = to;
    this.#gapEnd = gapEnd;
  }

  #widen(): void {
    if (this.#units instanceof Uint8Array) this.#units = new Uint16Array(this.#units);
  }
}

/** `text` as units, with room at the end. */
function unitsOf(text: string): Units {
  const capacity = text.length + FIRST_ROOM;
  const units = isWide(text) ? new Uint16Array(capacity) : new Uint8Array(capacity);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return units;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

function roomFor(length: number): number {
  return 32 + (length >>> 3);
}

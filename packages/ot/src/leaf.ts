// One stretch of a text buffer: a gap buffer of UTF-16 units. Pure.
import { isWide, textOf } from './units.ts';

type Units = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Moves shorter than this are made by a loop: below it, the call of a block copy costs more. */
const SHORT_MOVE = 24;

/** Most leaves of a large text see a few keys or none: these need not copy the leaf to make room. */
const FIRST_ROOM = 64;

/**
 * Units with a gap where the last edit was, so that the next edit there moves nothing.
 *
 * Invariant: the text is `units[0, gapStart)` then `units[gapEnd, units.length)`. One byte a unit as long
 * as every unit fits, two from the first that does not. After an edit the gap is at most an eighth of the
 * text plus a constant.
 */
export class Leaf {
  #units: Units;
  #gapStart: number;
  #gapEnd: number;

  private constructor(units: Units, gapStart: number, gapEnd: number) {
    this.#units = units;
    this.#gapStart = gapStart;
    this.#gapEnd = gapEnd;
  }

  /** The units of `text` from `from` up to `to`, with room for a few keys. */
  static from(text: string, from: number, to: number): Leaf {
    const length = to - from;
    const narrow = new Uint8Array(length + FIRST_ROOM);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(from + i);
      if (unit > 0xff) return Leaf.#wideFrom(text, from, to);
      narrow[i] = unit;
    }
    return new Leaf(narrow, length, narrow.length);
  }

  static #wideFrom(text: string, from: number, to: number): Leaf {
    const length = to - from;
    const wide = new Uint16Array(length + FIRST_ROOM);
    for (let i = 0; i < length; i++) wide[i] = text.charCodeAt(from + i);
    return new Leaf(wide, length, wide.length);
  }

  get length(): number {
    return this.#units.length - this.#gapEnd + this.#gapStart;
  }

  /** Bytes that the units and the gap take. */
  get byteSize(): number {
    return this.#units.byteLength;
  }

  /** Puts `text` in front of the unit at `at`. */
  insert(at: number, text: string): void {
    const length = text.length;
    if (this.#gapEnd - this.#gapStart < length) this.#makeRoom(length);
    this.#moveGap(at);
    if (length === 1) {
      const unit = text.charCodeAt(0);
      if (unit > 0xff) this.#widen();
      this.#units[this.#gapStart++] = unit;
      return;
    }
    if (isWide(text)) this.#widen();
    const units = this.#units;
    for (let i = 0, to = this.#gapStart; i < length; i++) units[to++] = text.charCodeAt(i);
    this.#gapStart += length;
  }

  /** Takes out `length` units from `at` on. */
  remove(at: number, length: number): void {
    const end = at + length;
    if (at <= this.#gapStart && this.#gapStart <= end) {
      this.#gapEnd += end - this.#gapStart;
      this.#gapStart = at;
    } else if (end < this.#gapStart) {
      this.#moveGap(end);
      this.#gapStart = at;
    } else {
      this.#moveGap(at);
      this.#gapEnd += length;
    }
    if (this.#gapEnd - this.#gapStart > 2 * this.length + 1024)
      this.#resize(this.length + roomFor(this.length));
  }

  /** Takes out the units from `at` on and returns them as a leaf of their own. */
  splitOff(at: number): Leaf {
    this.#moveGap(at);
    const right = new Leaf(this.#units.slice(this.#gapEnd), 0, 0);
    this.#gapEnd = this.#units.length;
    this.#resize(at + roomFor(at));
    return right;
  }

  /** The unit at `at`, which is in the leaf. */
  unitAt(at: number): number {
    return this.#units[at < this.#gapStart ? at : at + this.#gapEnd - this.#gapStart]!;
  }

  /** The text from `from` up to `to`. */
  slice(from: number, to: number): string {
    const gap = this.#gapEnd - this.#gapStart;
    if (to <= this.#gapStart) return textOf(this.#units, from, to);
    if (from >= this.#gapStart) return textOf(this.#units, from + gap, to + gap);
    return textOf(this.#units, from, this.#gapStart) + textOf(this.#units, this.#gapEnd, to + gap);
  }

  /** Calls `visit` with the units before and after the gap. */
  forEachRun(visit: (units: ArrayLike<number>, from: number, to: number) => void): void {
    visit(this.#units, 0, this.#gapStart);
    visit(this.#units, this.#gapEnd, this.#units.length);
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

  #makeRoom(length: number): void {
    const target = this.length + length;
    this.#resize(target + roomFor(target));
  }

  /** Copies the text into an array of `capacity` units, the gap staying where it is. */
  #resize(capacity: number): void {
    const from = this.#units;
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

function roomFor(length: number): number {
  return 32 + (length >>> 3);
}

// One stretch of a text buffer: a gap buffer of UTF-16 units. Pure.
import type { TextHash } from './hash.ts';
import { isWide, textOf, writeAscii } from './units.ts';

type Units = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Moves shorter than this are made by a loop: below it, the call of a block copy costs more. */
const SHORT_MOVE = 24;

/** Most leaves of a large text see a few keys or none: these need not copy the leaf to make room. */
const FIRST_ROOM = 64;

/** What a leaf that is a string has for units. */
const NO_UNITS = new Uint8Array(0);

/**
 * Units with a gap where the last edit was, so that the next edit there moves nothing; a string before the first.
 *
 * Invariant: the text is `units[0, gapStart)` then `units[gapEnd, units.length)`. One byte a unit as long
 * as every unit fits, two from the first that does not. After an edit the gap is at most an eighth of the
 * text plus a constant. In a leaf that is a string, the gap begins at its length and ends at zero: there is
 * less than no room in it.
 */
export class Leaf {
  #string: string | null;
  #units: Units;
  #gapStart: number;
  #gapEnd: number;

  private constructor(string: string | null, units: Units, gapStart: number, gapEnd: number) {
    this.#string = string;
    this.#units = units;
    this.#gapStart = gapStart;
    this.#gapEnd = gapEnd;
  }

  /** A part of a text. Until its first edit it is a string, which may keep the whole text in memory. */
  static of(part: string): Leaf {
    return new Leaf(part, NO_UNITS, part.length, 0);
  }

  get length(): number {
    return this.#units.length - this.#gapEnd + this.#gapStart;
  }

  get isString(): boolean {
    return this.#string !== null;
  }

  /** Bytes that the text and the gap take; a string counts as two a unit, though it may take one. */
  get byteSize(): number {
    return this.#string === null ? this.#units.byteLength : 2 * this.#string.length;
  }

  /** Turns a string into units, with room for a few keys. */
  toUnits(): void {
    const text = this.#string;
    if (text === null) return;
    const length = text.length;
    this.#string = null;
    this.#units = narrowUnits(text) ?? wideUnits(text);
    this.#gapEnd = this.#units.length;
    this.#gapStart = length;
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
    if (this.#string !== null) this.toUnits();
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
    this.toUnits();
    this.#moveGap(at);
    const right = new Leaf(null, this.#units.slice(this.#gapEnd), 0, 0);
    this.#gapEnd = this.#units.length;
    this.#resize(at + roomFor(at));
    return right;
  }

  /** The unit at `at`, which is in the leaf. */
  unitAt(at: number): number {
    if (this.#string !== null) return this.#string.charCodeAt(at);
    return this.#units[at < this.#gapStart ? at : at + this.#gapEnd - this.#gapStart]!;
  }

  /** The text from `from` up to `to`. */
  slice(from: number, to: number): string {
    if (this.#string !== null) return this.#string.slice(from, to);
    const gap = this.#gapEnd - this.#gapStart;
    if (to <= this.#gapStart) return textOf(this.#units, from, to);
    if (from >= this.#gapStart) return textOf(this.#units, from + gap, to + gap);
    return textOf(this.#units, from, this.#gapStart) + textOf(this.#units, this.#gapEnd, to + gap);
  }

  addTo(hash: TextHash): void {
    if (this.#string !== null) {
      hash.addText(this.#string);
      return;
    }
    hash.addUnits(this.#units, 0, this.#gapStart);
    hash.addUnits(this.#units, this.#gapEnd, this.#units.length);
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
    if (this.#string !== null) {
      this.toUnits();
      if (length <= FIRST_ROOM) return;
    }
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

/** The units of `text` with room for a few keys, one byte each; null if one does not fit. */
function narrowUnits(text: string): Units | null {
  const units = new Uint8Array(text.length + FIRST_ROOM);
  if (writeAscii(text, units)) return units;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return null;
    units[i] = unit;
  }
  return units;
}

function wideUnits(text: string): Units {
  const units = new Uint16Array(text.length + FIRST_ROOM);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return units;
}

function roomFor(length: number): number {
  return 32 + (length >>> 3);
}

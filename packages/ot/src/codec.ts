// Operations as bytes, for the wire and the log. Pure.
import { HalfCharacterError, InvalidOpError } from './check.ts';
import { NOOP, type Op } from './op.ts';
import { FEW, isWide, LONG_TEXT, readAscii, textOf, writeAscii } from './units.ts';

/*
 * An operation is written as the number of its components, then each component: a head, which holds its kind
 * and its length, and for an insert the units.
 *
 *   head     bits 0-1  kind: 0 keeps, 1 deletes, 2 inserts units of one byte each, 3 of two (low byte first)
 *            bits 2-6  the low five bits of the length
 *            bit  7    set if the rest of the length follows, as a number
 *   number   seven bits a byte, the low ones first; bit 7 is set in all bytes but the last
 *
 * There is one way to write an operation: numbers are as short as they can be, and an insert takes two bytes a
 * unit only if one of its units needs it. A key in a text of up to 4,096 units takes five bytes.
 */
const KEEP = 0;
const DELETE = 1;
const NARROW = 2;
const WIDE = 3;
const NONE = -1;

/** Lengths up to here fit into the head. */
const LENGTH_MASK = 0x1f;
const LENGTH_BITS = 5;
const MORE = 0x80;
/** The weight of the last byte of the longest number, which has eight bytes. */
const MOST_WEIGHT = 2 ** 49;

/** Operations of so many components are written in one go, with texts of so many units: their length fits into a head. */
const FEW_PARTS = 3;
const FEW_UNITS = 16;

/** The upper byte of half a character of two units, 0xd8 to 0xdf. */
const HALF = 0xd8;
const HALF_MASK = 0xf8;

/** Bytes of the longest number, and of the head of the longest component. */
const LONGEST_NUMBER = 8;
const LONGEST_HEAD = 8;
const FIRST_CAPACITY = 256;
/** When a writer's block is used up, the next one is twice as large, up to this. */
const MOST_CAPACITY = 8_192;
/** A longer message is copied. As a view, it would hold much memory that nobody uses. */
const LONG_MESSAGE = MOST_CAPACITY / 4;

/**
 * Builds messages of bytes: `take` returns what was written since the last `take`.
 *
 * Messages lie one after another in a block of memory, and `take` returns a view of it. Those bytes are never
 * written again, so a message stays as it is, but its `buffer` holds other messages too. A block that is used
 * up is left to its messages.
 */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  /** Where in the block the message begins, and where it ends so far. */
  #start = 0;
  #end = 0;

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    this.#reserve(LONGEST_NUMBER);
    this.#end = putNumber(this.#bytes, this.#end, value);
  }

  /** One byte, from 0 to 255. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  /** A whole number from -2^52 to 2^52 - 1, by its place in 0, -1, 1, -2 … (zigzag): those near 0 are short. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** The length of a text of units below 128, then the text. */
  ascii(text: string): void {
    const length = text.length;
    this.number(length);
    this.#reserve(length);
    const bytes = this.#bytes;
    const from = this.#end;
    for (let i = 0; i < length; i++) bytes[from + i] = text.charCodeAt(i);
    this.#end = from + length;
  }

  /**
   * A canonical operation.
   * @param skipped how many components at its beginning to leave out.
   */
  op(op: Op, skipped = 0): void {
    if (skipped === 0 && this.#few(op)) return;
    this.number(op.length - skipped);
    for (let i = skipped; i < op.length; i++) {
      const part = op[i]!;
      if (typeof part === 'string') this.#insert(part);
      else if (part > 0) this.#head(KEEP, part);
      else this.#head(DELETE, -part);
    }
  }

  /**
   * Writes an operation of few components, if its texts are short, in one go. Returns whether it did. Most operations
   * are a key's: what is asked once for all of it need not be asked for each part.
   */
  #few(op: Op): boolean {
    const count = op.length;
    if (count > FEW_PARTS) return false;
    let most = 1 + count * LONGEST_HEAD;
    for (let i = 0; i < count; i++) {
      const part = op[i]!;
      if (typeof part !== 'string') continue;
      if (part.length > FEW_UNITS) return false;
      most += 2 * part.length;
    }
    this.#reserve(most);
    const bytes = this.#bytes;
    let at = this.#end;
    bytes[at++] = count;
    for (let i = 0; i < count; i++) {
      const part = op[i]!;
      if (typeof part === 'string') at = putText(bytes, at, part);
      else if (part > 0) at = putHead(bytes, at, KEEP, part);
      else at = putHead(bytes, at, DELETE, -part);
    }
    this.#end = at;
    return true;
  }

  /** How many bytes were written since the last `take`. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Like `take`, but copies into `target` from `at` on, which must have room. The block is then reused. */
  takeInto(target: Uint8Array, at: number): void {
    const bytes = this.#bytes;
    const start = this.#start;
    const length = this.#end - start;
    for (let i = 0; i < length; i++) target[at + i] = bytes[start + i]!;
    this.#end = start;
  }

  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes;
    const start = this.#start;
    const length = this.#end - start;
    if (length > LONG_MESSAGE) return this.#takeLong();
    this.#start = this.#end;
    return new Uint8Array(bytes.buffer, start, length);
  }

  #takeLong(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(this.#start, this.#end);
    if (this.#bytes.length > MOST_CAPACITY) {
      this.#bytes = new Uint8Array(FIRST_CAPACITY);
      this.#start = 0;
    }
    this.#end = this.#start;
    return taken;
  }

  #insert(text: string): void {
    const length = text.length;
    if (length >= LONG_TEXT && this.#longAscii(text, length)) return;
    const before = this.length;
    this.#head(NARROW, length);
    this.#reserve(length);
    const bytes = this.#bytes;
    const from = this.#end;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      bytes[from + i] = unit;
      all |= unit;
    }
    if (all <= 0xff) {
      this.#end = from + length;
    } else {
      this.#end = this.#start + before;
      this.#wide(text);
    }
  }

  #wide(text: string): void {
    const length = text.length;
    this.#head(WIDE, length);
    this.#reserve(2 * length);
    const bytes = this.#bytes;
    let at = this.#end;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      bytes[at++] = unit;
      bytes[at++] = unit >>> 8;
    }
    this.#end = at;
  }

  /** Writes the insert if all of its units are below 128, else nothing. Returns whether it did. */
  #longAscii(text: string, length: number): boolean {
    const before = this.length;
    this.#head(NARROW, length);
    this.#reserve(length);
    const from = this.#end;
    const written = writeAscii(text, this.#bytes.subarray(from, from + length));
    this.#end = written ? from + length : this.#start + before;
    return written;
  }

  #head(kind: number, length: number): void {
    this.#reserve(LONGEST_HEAD);
    this.#end = putHead(this.#bytes, this.#end, kind, length);
  }

  #reserve(count: number): void {
    if (this.#end + count > this.#bytes.length) this.#grow(count);
  }

  /** Takes a new block, with the message so far and room for `count` bytes more. */
  #grow(count: number): void {
    const begun = this.#bytes.subarray(this.#start, this.#end);
    const usual = Math.min(2 * this.#bytes.length, MOST_CAPACITY);
    const bytes = new Uint8Array(Math.max(usual, 2 * (begun.length + count)));
    bytes.set(begun);
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = begun.length;
  }
}

/*
 * Each of these writes from `at` on, where there is room for it, and returns where it ends.
 */

function putNumber(bytes: Uint8Array, at: number, value: number): number {
  let left = value;
  while (left >= 0x80000000) {
    bytes[at++] = (left % 0x80) | MORE;
    left = Math.floor(left / 0x80);
  }
  while (left >= 0x80) {
    bytes[at++] = (left & 0x7f) | MORE;
    left >>>= 7;
  }
  bytes[at++] = left;
  return at;
}

function putHead(bytes: Uint8Array, at: number, kind: number, length: number): number {
  if (length <= LENGTH_MASK) {
    bytes[at++] = kind | (length << 2);
    return at;
  }
  if (length < 0x80000000) {
    bytes[at++] = kind | ((length & LENGTH_MASK) << 2) | MORE;
    let left = length >>> LENGTH_BITS;
    while (left >= 0x80) {
      bytes[at++] = (left & 0x7f) | MORE;
      left >>>= 7;
    }
    bytes[at++] = left;
    return at;
  }
  bytes[at++] = kind | ((length % (LENGTH_MASK + 1)) << 2) | MORE;
  return putNumber(bytes, at, Math.floor(length / (LENGTH_MASK + 1)));
}

/** An insert of up to `FEW_UNITS`. */
function putText(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  let all = 0;
  for (let i = 0; i < length; i++) all |= text.charCodeAt(i);
  if (all <= 0xff) {
    bytes[at++] = NARROW | (length << 2);
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    return at;
  }
  bytes[at++] = WIDE | (length << 2);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    bytes[at++] = unit;
    bytes[at++] = unit >>> 8;
  }
  return at;
}

/** Reads the bytes that a `ByteWriter` wrote. They may come from anyone, so they are not trusted. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** The operation that is being read: the kind of its last component, and the sum of its lengths so far. */
  #previous = NONE;
  #total = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /**
   * A whole number from 0 to 2^53 - 1.
   * @throws InvalidOpError if there is none, or it is longer than it need be.
   */
  number(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < MORE) {
      this.#at++;
      return first;
    }
    let value = 0;
    let weight = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * weight;
      if (value > Number.MAX_SAFE_INTEGER || weight > MOST_WEIGHT) {
        throw new InvalidOpError('a number beyond 2^53 - 1');
      }
      if (byte < MORE) {
        if (byte === 0) throw new InvalidOpError('a number longer than it need be');
        return value;
      }
      weight *= 0x80;
    }
  }

  /** @throws InvalidOpError if there is none. */
  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new InvalidOpError('the bytes end too early');
    this.#at++;
    return byte;
  }

  /**
   * A whole number from -2^52 to 2^52 - 1.
   * @throws InvalidOpError if there is none.
   */
  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /**
   * A text of units below 128.
   * @param most units that it may have.
   * @throws InvalidOpError if there is none, or it has more.
   */
  ascii(most: number): string {
    const length = this.number();
    if (length > most || length > this.left) throw new InvalidOpError(`a text of ${length} units`);
    const from = this.#at;
    this.#at = from + length;
    for (let at = from; at < this.#at; at++) {
      if (this.#bytes[at]! >= MORE) throw new InvalidOpError('a unit of 128 or more');
    }
    return textOf(this.#bytes, from, this.#at);
  }

  /**
   * An operation. It is canonical, so it need not be checked again.
   * @param most components that it may have.
   * @param start units that the operation keeps before the components that were written.
   * @throws InvalidOpError for more components, and for anything that `ByteWriter.op` does not write for a
   *   canonical operation.
   */
  op(most: number = Number.MAX_SAFE_INTEGER, start = 0): Op {
    const count = this.number();
    if (count === 0 && start === 0) return NOOP;
    if (count > most) throw new InvalidOpError(`${count} components, of which there may be ${most}`);
    // A component takes at least one byte. A larger count is refused before any component is read.
    if (count > this.left) throw new InvalidOpError(`${count} components in ${this.left} bytes`);
    this.#previous = start === 0 ? NONE : KEEP;
    this.#total = start;
    const read = start === 0 ? 1 : 0;
    const first = start === 0 ? this.#component(0) : start;
    // Most operations are a key's. An array literal holds no room to grow.
    const op = count === read ? [first] : [first, this.#component(read)];
    for (let i = read + 1; i < count; i++) op.push(this.#component(i));
    if (this.#previous === KEEP) throw new InvalidOpError(`component ${count - 1}: trailing retain`);
    return op;
  }

  /** @throws InvalidOpError if bytes are left. */
  end(): void {
    if (this.left > 0) throw new InvalidOpError(`${this.left} bytes too many`);
  }

  #component(index: number): number | string {
    const head = this.byte();
    const low = (head >>> 2) & LENGTH_MASK;
    const length = head < MORE ? low : this.#longLength(low);
    if (length === 0) throw new InvalidOpError(`component ${index}: zero length`);
    const wide = (head & 3) === WIDE;
    const kind = wide ? NARROW : head & 3;
    if (kind === this.#previous) throw new InvalidOpError(`component ${index}: the kind of the one before`);
    this.#previous = kind;
    if (kind === NARROW) return this.#text(length, wide, index);
    this.#total += length;
    if (this.#total > Number.MAX_SAFE_INTEGER) throw new InvalidOpError('lengths add up beyond 2^53 - 1');
    return kind === KEEP ? length : -length;
  }

  #longLength(low: number): number {
    const high = this.number();
    const length = high * (LENGTH_MASK + 1) + low;
    if (high === 0) throw new InvalidOpError('a number longer than it need be');
    if (length > Number.MAX_SAFE_INTEGER) throw new InvalidOpError('a number beyond 2^53 - 1');
    return length;
  }

  #text(length: number, wide: boolean, index: number): string {
    const from = this.#at;
    const size = wide ? 2 * length : length;
    if (size > this.left) throw new InvalidOpError('the bytes end too early');
    this.#at = from + size;
    if (!wide) {
      const ascii = length < LONG_TEXT ? null : readAscii(this.#bytes.subarray(from, from + length));
      return ascii ?? textOf(this.#bytes, from, from + length);
    }
    if (length <= FEW && this.#areWhole(from, length)) return this.#fewWide(from, length);
    const text = this.#manyWide(from, length);
    if (!isWide(text)) throw new InvalidOpError(`component ${index}: two bytes a unit where one does`);
    if (!text.isWellFormed()) throw new HalfCharacterError(index, text);
    return text;
  }

  /** Whether one of these units needs two bytes, and none is half of a character. */
  #areWhole(from: number, length: number): boolean {
    const bytes = this.#bytes;
    let wide = false;
    for (let at = from + 1, end = from + 2 * length; at < end; at += 2) {
      const high = bytes[at]!;
      if (high !== 0) wide = true;
      if ((high & HALF_MASK) === HALF) return false;
    }
    return wide;
  }

  /** The text of a few units of two bytes each. What an input method inserts is short. */
  #fewWide(from: number, length: number): string {
    let text = '';
    let at = from;
    for (const end = from + 2 * (length & ~1); at < end; at += 4) {
      text += String.fromCharCode(this.#unit(at), this.#unit(at + 2));
    }
    return length % 2 === 0 ? text : text + String.fromCharCode(this.#unit(at));
  }

  #unit(at: number): number {
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  #manyWide(from: number, length: number): string {
    const bytes = this.#bytes;
    const units = new Uint16Array(length);
    for (let i = 0, at = from; i < length; i++, at += 2) units[i] = bytes[at]! | (bytes[at + 1]! << 8);
    return textOf(units, 0, length);
  }
}

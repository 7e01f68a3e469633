// Operations as bytes, for the wire and the log. Pure.
import { InvalidOpError } from './check.ts';
import { NOOP, type Op } from './op.ts';
import { isWide, textOf } from './units.ts';

/*
 * An operation is the number of its components, then each of them: a head, which holds its kind and its length,
 * and for an insert its units.
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
const MORE = 0x80;
/** What the last byte of the longest number counts in: that one has eight bytes. */
const MOST_WEIGHT = 2 ** 49;

/** Up to here a loop beats a block copy. */
const SHORT = 64;
const FIRST_CAPACITY = 256;
/** A writer that grew beyond this for one message lets go of its memory. */
const KEPT_CAPACITY = 65_536;

/** Puts bytes together: `take` gives what was written since the last `take`. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    this.#reserve(8);
    const bytes = this.#bytes;
    let at = this.#length;
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
    this.#length = at;
  }

  /** A canonical operation. */
  op(op: Op): void {
    this.number(op.length);
    for (let i = 0; i < op.length; i++) {
      const part = op[i]!;
      if (typeof part === 'string') this.#insert(part);
      else if (part > 0) this.#head(KEEP, part);
      else this.#head(DELETE, -part);
    }
  }

  /** How many bytes were written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** As `take`, into `target` from `at` on, where there must be room. */
  takeInto(target: Uint8Array, at: number): void {
    const bytes = this.#bytes;
    for (let i = 0; i < this.#length; i++) target[at + i] = bytes[i]!;
    this.#length = 0;
  }

  take(): Uint8Array<ArrayBuffer> {
    const length = this.#length;
    const bytes = this.#bytes;
    this.#length = 0;
    if (length > SHORT) {
      if (bytes.length > KEPT_CAPACITY) this.#bytes = new Uint8Array(FIRST_CAPACITY);
      return bytes.slice(0, length);
    }
    const taken = new Uint8Array(length);
    for (let i = 0; i < length; i++) taken[i] = bytes[i]!;
    return taken;
  }

  #insert(text: string): void {
    const length = text.length;
    const wide = isWide(text);
    this.#head(wide ? WIDE : NARROW, length);
    this.#reserve(wide ? 2 * length : length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      bytes[at++] = unit;
      if (wide) bytes[at++] = unit >>> 8;
    }
    this.#length = at;
  }

  #head(kind: number, length: number): void {
    if (length <= LENGTH_MASK) {
      this.#reserve(1);
      this.#bytes[this.#length++] = kind | (length << 2);
      return;
    }
    this.#reserve(1);
    this.#bytes[this.#length++] = kind | ((length % (LENGTH_MASK + 1)) << 2) | MORE;
    this.number(Math.floor(length / (LENGTH_MASK + 1)));
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Takes bytes apart that a `ByteWriter` put together; they may come from anyone. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Of the operation that is being read: the kind of the last component, and the lengths so far. */
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
      const byte = this.#byte();
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

  /**
   * An operation; it is canonical, and nothing need check it again.
   * @param most components that it may have.
   * @throws InvalidOpError for more of them, and for anything that `ByteWriter.op` does not write for a canonical
   *   operation.
   */
  op(most: number = Number.MAX_SAFE_INTEGER): Op {
    const count = this.number();
    if (count === 0) return NOOP;
    if (count > most) throw new InvalidOpError(`${count} components, of which there may be ${most}`);
    // A component takes a byte at least: what claims more is refused before anything is made of it.
    if (count > this.left) throw new InvalidOpError(`${count} components in ${this.left} bytes`);
    this.#previous = NONE;
    this.#total = 0;
    const first = this.#component(0);
    // Most operations are a key's. Arrays that are written out hold no room to grow.
    const op = count === 1 ? [first] : [first, this.#component(1)];
    for (let i = 2; i < count; i++) op.push(this.#component(i));
    if (this.#previous === KEEP) throw new InvalidOpError(`component ${count - 1}: trailing retain`);
    return op;
  }

  /** @throws InvalidOpError if bytes are left. */
  end(): void {
    if (this.left > 0) throw new InvalidOpError(`${this.left} bytes too many`);
  }

  #component(index: number): number | string {
    const head = this.#byte();
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

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new InvalidOpError('the bytes end too early');
    this.#at++;
    return byte;
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
    if (!wide) return textOf(this.#bytes, from, from + length);
    const units = new Uint16Array(length);
    for (let i = 0, at = from; i < length; i++, at += 2) {
      units[i] = this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
    }
    const text = textOf(units, 0, length);
    if (!isWide(text)) throw new InvalidOpError(`component ${index}: two bytes a unit where one does`);
    if (!text.isWellFormed()) {
      throw new InvalidOpError(`component ${index}: insert with half a surrogate pair`);
    }
    return text;
  }
}

/** A canonical operation as bytes. */
export function encodeOp(op: Op): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.op(op);
  return writer.take();
}

/** @throws InvalidOpError for anything but what `encodeOp` gives for a canonical operation. */
export function decodeOp(bytes: Uint8Array): Op {
  const reader = new ByteReader(bytes);
  const op = reader.op();
  reader.end();
  return op;
}

/** Canonical operations as bytes: their number, then each. */
export function encodeOps(ops: readonly Op[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.number(ops.length);
  for (const op of ops) writer.op(op);
  return writer.take();
}

/** @throws InvalidOpError for anything but what `encodeOps` gives for canonical operations. */
export function decodeOps(bytes: Uint8Array): Op[] {
  const reader = new ByteReader(bytes);
  const count = reader.number();
  if (count > reader.left) throw new InvalidOpError(`${count} operations in ${reader.left} bytes`);
  const ops: Op[] = [];
  for (let i = 0; i < count; i++) ops.push(reader.op());
  reader.end();
  return ops;
}

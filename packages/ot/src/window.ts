// The latest edits of a file, as bytes: a key takes about six, and hundreds of bytes as an operation. Pure.
import { ByteReader, ByteWriter } from './codec.ts';
import type { Op } from './op.ts';

/** How much of the recent past an authority keeps in memory. */
export interface WindowLimits {
  /** Most edits. */
  readonly count: number;
  /** Most bytes of them, together. */
  readonly size: number;
}

const FIRST_CAPACITY = 256;
const NONE: readonly Op[] = [];

/** A queue of operations: new ones go in at the end, and the oldest fall out beyond the limits. */
export class Window {
  readonly #limits: WindowLimits;
  readonly #writer = new ByteWriter();
  #bytes = new Uint8Array(FIRST_CAPACITY);
  /** Where each operation begins in `#bytes`, those before `#first` being dropped, and where the last one ends. */
  #starts: number[] = [];
  #first = 0;
  #end = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#starts.length - this.#first;
  }

  push(op: Op): void {
    const { count, size } = this.#limits;
    const writer = this.#writer;
    writer.op(op);
    const added = writer.length;
    if (added > size) {
      writer.take();
      this.#clear();
      return;
    }
    if (this.#end + added > this.#bytes.length) this.#makeRoom(added);
    writer.takeInto(this.#bytes, this.#end);
    this.#starts.push(this.#end);
    this.#end += added;
    while (this.count > count || this.#end - this.#begin > size) this.#first++;
  }

  /** The operations but for the `skipped` oldest ones. */
  since(skipped: number): readonly Op[] {
    const from = this.#starts[this.#first + skipped];
    if (from === undefined) return NONE;
    const reader = new ByteReader(this.#bytes.subarray(from, this.#end));
    const ops: Op[] = [];
    while (reader.left > 0) ops.push(reader.op());
    return ops;
  }

  /** Where the oldest operation begins. */
  get #begin(): number {
    return this.#starts[this.#first] ?? this.#end;
  }

  #clear(): void {
    this.#starts = [];
    this.#first = 0;
    this.#end = 0;
  }

  /** Moves what is left to the start, of a larger array if need be. */
  #makeRoom(length: number): void {
    const begin = this.#begin;
    const needed = this.#end - begin + length;
    const from = this.#bytes;
    if (2 * needed > from.length) this.#bytes = new Uint8Array(2 * needed);
    this.#bytes.set(from.subarray(begin, this.#end));
    this.#starts = this.#starts.slice(this.#first).map((start) => start - begin);
    this.#first = 0;
    this.#end -= begin;
  }
}

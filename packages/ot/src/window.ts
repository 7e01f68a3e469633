// The latest edits of a file, as bytes. A key takes about six; as an operation it takes hundreds. Pure.
import { ByteReader, ByteWriter } from './codec.ts';
import type { Op } from './op.ts';

/** How much of the recent past an authority keeps in memory. */
export interface WindowLimits {
  /** Most edits. */
  readonly count: number;
  /** Most bytes of all edits together. */
  readonly size: number;
}

const FIRST_BYTES = 256;
const FIRST_STARTS = 32;
const NONE: readonly Op[] = [];

/** A queue of operations: new ones go in at the end, and the oldest fall out beyond the limits. */
export class Window {
  readonly #limits: WindowLimits;
  readonly #writer = new ByteWriter();
  #bytes = new Uint8Array(FIRST_BYTES);
  /** Where the operations begin in `#bytes`: the oldest is at `#first`, and `#next` has room for the next one. */
  #starts = new Uint32Array(FIRST_STARTS);
  #first = 0;
  #next = 0;
  /** Where the newest operation ends. */
  #end = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#next - this.#first;
  }

  push(op: Op): void {
    const { count, size } = this.#limits;
    const writer = this.#writer;
    writer.op(op);
    const added = writer.length;
    if (added > size) {
      writer.take();
      this.#first = this.#next;
      return;
    }
    if (this.#end + added > this.#bytes.length || this.#next === this.#starts.length) this.#makeRoom(added);
    writer.takeInto(this.#bytes, this.#end);
    this.#starts[this.#next++] = this.#end;
    this.#end += added;
    while (this.count > count || this.#end - this.#begin > size) this.#first++;
  }

  /** The operations without the `skipped` oldest ones. */
  since(skipped: number): readonly Op[] {
    const index = this.#first + skipped;
    if (index >= this.#next) return NONE;
    const reader = new ByteReader(this.#bytes.subarray(this.#starts[index], this.#end));
    const ops: Op[] = [];
    while (reader.left > 0) ops.push(reader.op());
    return ops;
  }

  /** Where the oldest operation begins. */
  get #begin(): number {
    return this.#first < this.#next ? this.#starts[this.#first]! : this.#end;
  }

  /** Moves what is left to the start. Takes larger arrays if it would soon have to move again. */
  #makeRoom(added: number): void {
    const begin = this.#begin;
    const { count } = this;
    const bytes = this.#bytes.subarray(begin, this.#end);
    const starts = this.#starts.subarray(this.#first, this.#next);
    this.#bytes = withRoom(this.#bytes, bytes.length + added, (length) => new Uint8Array(length));
    this.#starts = withRoom(this.#starts, count + 1, (length) => new Uint32Array(length));
    this.#bytes.set(bytes);
    this.#starts.set(starts);
    for (let i = 0; i < count; i++) this.#starts[i]! -= begin;
    this.#first = 0;
    this.#next = count;
    this.#end -= begin;
  }
}

/** `array`, or a new one if `needed` is more than three quarters of it. */
function withRoom<A extends { readonly length: number }>(
  array: A,
  needed: number,
  make: (length: number) => A,
): A {
  return 4 * needed > 3 * array.length ? make(Math.ceil(1.5 * needed)) : array;
}

// Messages that come as lines: a stream of bytes that may be cut anywhere. A newline ends each line. Pure.

/** The part of the standard decoder that this file uses. Every browser and Node have it. */
declare class TextDecoder {
  constructor(encoding: 'utf-8', options: { readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const NEWLINE = 0x0a;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads lines of UTF-8. Nothing is decoded before its line is whole, so a character is never cut. */
export class MessageLines {
  readonly #maxBytes: number;
  /** The unfinished line, in the pieces that it came in. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #refused = false;

  /** @param maxBytes The longest line, without its end. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Calls `take` with each line that `bytes` completes, without its end. Empty lines are skipped. Returns false
   * at a line beyond the maximum: the lines before it are taken, and nothing ever after.
   */
  push(bytes: Uint8Array, take: (line: string) => void): boolean {
    if (this.#refused) return false;
    if (this.#heldBytes + bytes.length > this.#maxBytes) return this.#readSingly(bytes, take);
    this.#read(bytes, take);
    return true;
  }

  /** Reads line by line, since a line may be too long. */
  #readSingly(bytes: Uint8Array, take: (line: string) => void): boolean {
    for (let at = 0; at < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline === -1 ? bytes.length : newline;
      if (this.#heldBytes + end - at > this.#maxBytes) {
        this.#held = [];
        this.#refused = true;
        return false;
      }
      this.#read(bytes.subarray(at, end + 1), take);
      at = end + 1;
    }
    return true;
  }

  /** Decodes all lines at once. One by one, short lines take three times as long. */
  #read(bytes: Uint8Array, take: (line: string) => void): void {
    const end = bytes.lastIndexOf(NEWLINE);
    const text = end === -1 ? '' : decoder.decode(this.#withHeld(bytes.subarray(0, end)));
    const begun = bytes.subarray(end + 1);
    if (begun.length > 0) this.#held.push(begun);
    this.#heldBytes += begun.length;
    for (const line of text.split('\n')) if (line !== '') take(line);
  }

  /** Joins the unfinished line and `bytes`. Nothing is held afterwards. */
  #withHeld(bytes: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return bytes;
    const all = new Uint8Array(this.#heldBytes + bytes.length);
    let at = 0;
    for (const piece of this.#held) {
      all.set(piece, at);
      at += piece.length;
    }
    all.set(bytes, at);
    this.#held = [];
    this.#heldBytes = 0;
    return all;
  }
}

/** The value of a line of JSON, undefined for any other line. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

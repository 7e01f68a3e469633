/** Content of files that are no text, kept for later runs: bounded, and what was used least recently goes first. */
import type { BlobHash } from '@codesync/protocol';

/** In the parts that it came in. They are shared, so nobody changes them. */
export type BlobBytes = readonly Buffer[];

export class BlobCache {
  readonly #maxBytes: number;
  /** In the order of their last use, oldest first. */
  readonly #entries = new Map<BlobHash, BlobBytes>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(hash: BlobHash): BlobBytes | undefined {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return undefined;
    this.#entries.delete(hash);
    this.#entries.set(hash, entry);
    return entry;
  }

  /** Takes in one that is not there; not one that is larger than all that is kept. */
  put(hash: BlobHash, bytes: BlobBytes): void {
    const length = lengthOf(bytes);
    if (length > this.#maxBytes) return;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes + length <= this.#maxBytes) break;
      this.#entries.delete(oldest);
      this.#bytes -= lengthOf(entry);
    }
    this.#entries.set(hash, bytes);
    this.#bytes += length;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }
}

function lengthOf(bytes: BlobBytes): number {
  return bytes.reduce((sum, part) => sum + part.length, 0);
}

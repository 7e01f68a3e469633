/** Cuts a byte stream into lines of UTF-8 text. Pure: bytes in, lines out. */

export class LineDecoder {
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that are whole so far, without their ends. Throws when a line grows beyond the maximum. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let at = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, at)) {
      this.#held.push(chunk.subarray(at, end));
      lines.push(Buffer.concat(this.#held).toString('utf8'));
      this.#held = [];
      this.#heldBytes = 0;
      at = end + 1;
    }
    if (at < chunk.length) {
      this.#held.push(chunk.subarray(at));
      this.#heldBytes += chunk.length - at;
    }
    if (this.#heldBytes > this.#maxBytes) throw new Error(`a line of more than ${this.#maxBytes} bytes`);
    return lines;
  }
}

/**
 * Cuts the engine's attach stream of a container without a terminal into what the process wrote to its
 * standard output and to its standard error: an eight-byte header (stream number, three zeros, length in
 * four bytes, big endian) before each piece. Pure: bytes in, pieces out.
 */

const HEADER_BYTES = 8;

export type Piece = { readonly stream: 'stdout' | 'stderr'; readonly bytes: Buffer };

export class AttachDecoder {
  #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #stream: Piece['stream'] = 'stdout';
  #remaining = 0;

  /** The pieces in `chunk`; a piece is passed on as it comes, without waiting for its end. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining === 0) {
        const taken = Math.min(HEADER_BYTES - this.#headerBytes, chunk.length - at);
        chunk.copy(this.#header, this.#headerBytes, at, at + taken);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes < HEADER_BYTES) break;
        this.#headerBytes = 0;
        this.#stream = this.#header[0] === 2 ? 'stderr' : 'stdout';
        this.#remaining = this.#header.readUInt32BE(4);
        continue;
      }
      const end = Math.min(at + this.#remaining, chunk.length);
      pieces.push({ stream: this.#stream, bytes: chunk.subarray(at, end) });
      this.#remaining -= end - at;
      at = end;
    }
    return pieces;
  }
}

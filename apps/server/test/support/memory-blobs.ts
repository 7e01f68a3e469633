// The simplest blob store: blobs in memory, for ever.
import { createHash } from 'node:crypto';
import { type BlobHash, type BlobRef, blobParts, LIMITS, type RoomId } from '@codesync/protocol';
import type { BlobPut, BlobStore } from '../../src/ports.ts';

type Held = { readonly bytes: number; readonly parts: Map<number, Buffer>; whole: boolean };

export class MemoryBlobs implements BlobStore {
  readonly #rooms = new Map<RoomId, Map<BlobHash, Held>>();

  async put(
    room: RoomId,
    { hash, bytes }: BlobRef,
    part: number,
    body: Buffer,
    inUse: () => Promise<readonly BlobHash[]>,
  ): Promise<BlobPut> {
    const held = this.#of(room);
    if (this.#lacking(held, hash, bytes) > 0) {
      const used = new Set(await inUse());
      for (const other of [...held.keys()]) {
        if (this.#lacking(held, hash, bytes) <= 0) break;
        if (!used.has(other) && other !== hash) held.delete(other);
      }
      if (this.#lacking(held, hash, bytes) > 0) return { kind: 'full' };
    }
    const known = held.get(hash);
    if (known?.whole) return { kind: 'taken', missing: 0 };
    const begun = known?.bytes === bytes ? known.parts : new Map<number, Buffer>();
    const parts = begun.set(part, body);
    const blob = { bytes, parts, whole: false };
    held.set(hash, blob);
    const missing = blobParts(bytes) - parts.size;
    if (missing > 0) return { kind: 'taken', missing };
    const all = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, each]) => each));
    if (all.length !== bytes || createHash('sha256').update(all).digest('hex') !== hash) {
      held.delete(hash);
      return { kind: 'damaged' };
    }
    blob.whole = true;
    return { kind: 'taken', missing: 0 };
  }

  async bytesOf(room: RoomId, hash: BlobHash): Promise<number | null> {
    const held = this.#of(room).get(hash);
    return held?.whole ? held.bytes : null;
  }

  async *read(room: RoomId, { hash }: BlobRef): AsyncIterable<Buffer> {
    const held = this.#of(room).get(hash);
    if (held === undefined) throw new Error('there is no such blob');
    for (const [, part] of [...held.parts].sort(([a], [b]) => a - b)) yield part;
  }

  #of(room: RoomId): Map<BlobHash, Held> {
    const held = this.#rooms.get(room) ?? new Map<BlobHash, Held>();
    this.#rooms.set(room, held);
    return held;
  }

  #lacking(held: ReadonlyMap<BlobHash, Held>, hash: BlobHash, bytes: number): number {
    let sum = bytes - LIMITS.blobBytesKept;
    for (const [other, blob] of held) if (other !== hash) sum += blob.bytes;
    return sum;
  }
}

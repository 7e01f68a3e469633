// The content of a room's files that are no text: sent from this computer, and fetched, of which the last is kept.
import {
  BLOB_PART_BYTES,
  type BlobHash,
  type BlobRef,
  LIMITS,
  type Refusal,
  type RoomId,
} from '@codesync/protocol';
import { HEAD_BYTES, pictureType } from './picture.ts';
import { type Sending, sendBlob } from './send.ts';
import { type GetOptions, type GetResult, getBlob, putPart } from './transport.ts';

/** Bytes that are kept of what was fetched. One file of any length has room. */
const KEPT_BYTES = LIMITS.roomBytes;

/** A picture with its media type as the type of its content; or a file that is none. */
export type Seen =
  | { readonly kind: 'picture'; readonly blob: Blob }
  | { readonly kind: 'other' }
  | Extract<GetResult, { kind: 'failed' }>;

export class Blobs {
  readonly #room: RoomId;
  /** What was asked for last is last. */
  readonly #kept = new Map<BlobHash, Blob>();
  #bytes = 0;
  /** What is known to be no picture. */
  readonly #others = new Set<BlobHash>();

  constructor(room: RoomId) {
    this.#room = room;
  }

  /** Sends the content of a file: `sendBlob`. */
  send(
    ref: BlobRef,
    file: Blob,
    sending: Omit<Sending, 'put' | 'after' | 'random'>,
  ): Promise<Refusal | null> {
    return sendBlob(ref, {
      ...sending,
      put: (part, signal) =>
        putPart(
          this.#room,
          ref,
          part,
          file.slice(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES),
          signal,
        ),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    });
  }

  /** The content of a file. Rejects when `signal` aborts. */
  async get(
    ref: BlobRef,
    options: Pick<GetOptions, 'signal' | 'came'>,
  ): Promise<Exclude<GetResult, { kind: 'skipped' }>> {
    const result = await this.#get(ref, options);
    if (result.kind === 'skipped') throw new Error('nobody said that it is not wanted');
    return result;
  }

  /** A picture, or that it is none, of which no more than its beginning is fetched. Rejects when `signal` aborts. */
  async look(ref: BlobRef, options: Pick<GetOptions, 'signal' | 'came'>): Promise<Seen> {
    if (this.#others.has(ref.hash)) return { kind: 'other' };
    const wanted = (head: Uint8Array) => pictureType(head) !== null;
    const result = await this.#get(ref, { ...options, wanted });
    if (result.kind === 'failed') return result;
    if (result.kind === 'got') {
      const head = await result.blob.slice(0, HEAD_BYTES).arrayBuffer();
      const type = pictureType(new Uint8Array(head));
      if (type !== null) return { kind: 'picture', blob: new Blob([result.blob], { type }) };
    }
    this.#others.add(ref.hash);
    return { kind: 'other' };
  }

  async #get(ref: BlobRef, options: GetOptions): Promise<GetResult> {
    const known = this.#kept.get(ref.hash);
    const result: GetResult =
      known === undefined ? await getBlob(this.#room, ref, options) : { kind: 'got', blob: known };
    if (result.kind === 'got') this.#keep(ref.hash, result.blob);
    return result;
  }

  #keep(hash: BlobHash, blob: Blob): void {
    const before = this.#kept.get(hash);
    this.#kept.delete(hash);
    this.#kept.set(hash, blob);
    this.#bytes += blob.size - (before?.size ?? 0);
    for (const [oldest, { size }] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES) return;
      this.#kept.delete(oldest);
      this.#bytes -= size;
    }
  }
}

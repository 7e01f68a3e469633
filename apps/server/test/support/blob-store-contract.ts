// What every blob store does.
import { createHash } from 'node:crypto';
import { BLOB_PART_BYTES, BlobHash, type BlobRef, blobParts, LIMITS, type RoomId } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import type { BlobPut, BlobStore } from '../../src/ports.ts';

/** Bytes that no other call gives, and their name. */
let made = 0;
function someBlob(bytes: number): { readonly ref: BlobRef; readonly body: Buffer } {
  const body = Buffer.alloc(bytes, `blob ${made++} `);
  const hash = BlobHash.parse(createHash('sha256').update(body).digest('hex'));
  return { ref: { hash, bytes }, body };
}

const partOf = (body: Buffer, part: number) =>
  body.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES);

const NOTHING_USED = async () => [];

/**
 * @param store a store, the same for all tests or not; rooms of other tests may be in it.
 * @param newRoom makes a room that the store knows.
 * @param age makes all blobs of a room old enough to be given up.
 */
export function blobStoreContract(
  name: string,
  store: () => BlobStore,
  newRoom: () => Promise<RoomId>,
  age: (room: RoomId) => Promise<void>,
): void {
  const put = async (room: RoomId, ref: BlobRef, body: Buffer): Promise<BlobPut> => {
    let last: BlobPut = { kind: 'taken', missing: -1 };
    for (let part = 0; part < blobParts(ref.bytes); part++)
      last = await store().put(room, ref, part, partOf(body, part), NOTHING_USED);
    return last;
  };
  const read = async (room: RoomId, ref: BlobRef): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of store().read(room, ref)) parts.push(part);
    return Buffer.concat(parts);
  };

  describe(`blob store: ${name}`, () => {
    test.each([0, 1, BLOB_PART_BYTES, BLOB_PART_BYTES + 1, 3 * BLOB_PART_BYTES - 7])(
      'gives back %i bytes as they went in',
      async (bytes) => {
        const room = await newRoom();
        const { ref, body } = someBlob(bytes);
        expect(await store().bytesOf(room, ref.hash)).toBeNull();
        expect(await put(room, ref, body)).toEqual({ kind: 'taken', missing: 0 });
        expect(await store().bytesOf(room, ref.hash)).toBe(bytes);
        expect((await read(room, ref)).equals(body)).toBe(true);
      },
    );

    test('takes parts in any order, some of them twice, and says how many are missing', async () => {
      const room = await newRoom();
      const { ref, body } = someBlob(2 * BLOB_PART_BYTES + 5);
      const missing: unknown[] = [];
      for (const part of [2, 0, 2, 1]) {
        const done = await store().put(room, ref, part, partOf(body, part), NOTHING_USED);
        missing.push(done.kind === 'taken' ? done.missing : done);
      }
      expect(missing).toEqual([2, 1, 1, 0]);
      expect((await read(room, ref)).equals(body)).toBe(true);
    });

    test('throws away what is not as its name says, and takes it when it is', async () => {
      const room = await newRoom();
      const { ref, body } = someBlob(BLOB_PART_BYTES + 9);
      const other = Buffer.from(body);
      other[BLOB_PART_BYTES + 1]! ^= 1;
      expect(await put(room, ref, other)).toEqual({ kind: 'damaged' });
      expect(await store().bytesOf(room, ref.hash)).toBeNull();
      expect(await put(room, ref, body)).toEqual({ kind: 'taken', missing: 0 });
    });

    test('leaves what is whole as it is, whatever is sent for it', async () => {
      const room = await newRoom();
      const { ref, body } = someBlob(40);
      await put(room, ref, body);
      expect(await store().put(room, ref, 0, Buffer.alloc(40), NOTHING_USED)).toEqual({
        kind: 'taken',
        missing: 0,
      });
      expect((await read(room, ref)).equals(body)).toBe(true);
    });

    test('holds no part beyond the length that is told', async () => {
      const room = await newRoom();
      const { ref, body } = someBlob(BLOB_PART_BYTES + 2);
      const long = { ...ref, bytes: 5 * BLOB_PART_BYTES };
      for (const part of [1, 3, 4]) {
        await store().put(room, long, part, Buffer.alloc(BLOB_PART_BYTES), NOTHING_USED);
      }
      const first = await store().put(room, ref, 0, partOf(body, 0), NOTHING_USED);
      expect(first).toEqual({ kind: 'taken', missing: 1 });
      const again = await store().put(room, long, 0, partOf(body, 0), NOTHING_USED);
      expect(again).toEqual({ kind: 'taken', missing: 4 });
      expect(await put(room, ref, body)).toEqual({ kind: 'taken', missing: 0 });
      expect((await read(room, ref)).equals(body)).toBe(true);
    });

    test('keeps rooms apart', async () => {
      const [one, two] = [await newRoom(), await newRoom()];
      const { ref, body } = someBlob(10);
      await put(one, ref, body);
      expect(await store().bytesOf(two, ref.hash)).toBeNull();
    });

    test('has no more of a room than it may, and gives up what is in no use for want of space', async () => {
      const room = await newRoom();
      const [used, unused, next] = [someBlob(11), someBlob(12), someBlob(13)];
      await put(room, used.ref, used.body);
      await put(room, unused.ref, unused.body);
      // A blob of which one part has come takes the space that it will need.
      const large = { ...someBlob(BLOB_PART_BYTES).ref, bytes: LIMITS.blobBytesKept - 11 - 12 };
      const first = await store().put(room, large, 0, Buffer.alloc(BLOB_PART_BYTES), NOTHING_USED);
      expect(first).toMatchObject({ kind: 'taken' });
      const inUse = async () => [used.ref.hash, large.hash];
      await age(room);
      expect(
        await store().put(room, next.ref, 0, next.body, async () => [...(await inUse()), unused.ref.hash]),
      ).toEqual({ kind: 'full' });
      expect(await store().put(room, next.ref, 0, next.body, inUse)).toEqual({ kind: 'full' });
      const small = someBlob(12);
      expect(await store().put(room, small.ref, 0, small.body, inUse)).toEqual({ kind: 'taken', missing: 0 });
      expect(await store().bytesOf(room, unused.ref.hash)).toBeNull();
      expect(await store().bytesOf(room, used.ref.hash)).toBe(11);
    });
  });
}

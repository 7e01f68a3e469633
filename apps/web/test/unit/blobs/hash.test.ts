import { createHash, randomBytes } from 'node:crypto';
import { BLOB_PART_BYTES } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { hashInPieces, hashOf } from '../../../src/blobs/hash.ts';

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const running = new AbortController().signal;

describe('the hash of a file', () => {
  test('is SHA-256 by any way, whatever the length', async () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, BLOB_PART_BYTES + 321]) {
      const bytes = new Uint8Array(randomBytes(length));
      const file = new Blob([bytes]);
      expect(await hashOf(file, running), `${length} bytes`).toBe(sumOf(bytes));
      expect(await hashInPieces(file, running), `${length} bytes in pieces`).toBe(sumOf(bytes));
    }
  });

  test('is not computed to its end when nobody waits for it', async () => {
    const file = new Blob([new Uint8Array(3 * BLOB_PART_BYTES)]);
    await expect(hashInPieces(file, AbortSignal.abort())).rejects.toThrow();
    await expect(hashOf(file, AbortSignal.abort())).rejects.toThrow();
  });
});

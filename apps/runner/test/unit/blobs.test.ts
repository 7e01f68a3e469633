// Content of files that are no text: what is kept, and who is asked for what is not.
import { createHash } from 'node:crypto';
import { BLOB_PART_BYTES, BlobHash, blobParts } from '@codesync/protocol';
import { runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { BlobCache } from '../../src/blob-cache.ts';
import { Blobs } from '../../src/blobs.ts';

const hash = (letter: string) => BlobHash.parse(letter.repeat(64));

describe('what is kept', () => {
  const bytes = (size: number) => [Buffer.alloc(size - 1), Buffer.alloc(1)];

  test('is bounded, and what was used least recently goes first', () => {
    const cache = new BlobCache(10);
    cache.put(hash('a'), bytes(4));
    cache.put(hash('b'), bytes(4));
    cache.get(hash('a'));
    cache.put(hash('c'), bytes(5));
    expect(cache.get(hash('b'))).toBeUndefined();
    expect(cache.get(hash('a'))).toEqual(bytes(4));
    expect(cache.bytes).toBe(9);
  });

  test('has nothing that is larger than all of it, which pushes nothing out', () => {
    const cache = new BlobCache(10);
    cache.put(hash('a'), bytes(10));
    cache.put(hash('b'), bytes(11));
    expect(cache.bytes).toBe(10);
    expect(cache.get(hash('a'))).toBeDefined();
  });
});

describe('what is asked for', () => {
  const body = Buffer.alloc(BLOB_PART_BYTES + 10, 7);
  const blob = { hash: BlobHash.parse(createHash('sha256').update(body).digest('hex')), bytes: body.length };

  /** Runs that want the blob, and what they said and heard. */
  function setUp(maxBytes = 10 * BLOB_PART_BYTES) {
    const blobs = new Blobs(maxBytes);
    const asked: string[] = [];
    const heard: string[] = [];
    return {
      asked,
      heard,
      blobs,
      want: (name: string) =>
        blobs.want(blob, {
          run: runId(name),
          ask: () => asked.push(name),
          got: (parts) => heard.push(`${name} ${Buffer.concat(parts).equals(body) ? 'whole' : 'damaged'}`),
          failed: () => heard.push(`${name} failed`),
        }),
      part: (name: string, part: number, data = body) =>
        blobs.take({
          type: 'blob.part',
          run: runId(name),
          hash: blob.hash,
          part,
          data: data.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES).toString('base64'),
        }),
      none: (name: string) => blobs.none({ type: 'blob.none', run: runId(name), hash: blob.hash }),
    };
  }

  test('is asked for once for all that wait, and kept for those that come later', () => {
    const { asked, heard, want, part } = setUp();
    for (const name of ['one', 'two', 'three']) want(name);
    expect(asked).toEqual(['one']);
    for (let n = 0; n < blobParts(body.length); n++) part('one', n);
    expect(heard).toEqual(['one whole', 'two whole', 'three whole']);
    want('late');
    expect(heard.at(-1)).toBe('late whole');
    expect(asked).toEqual(['one']);
  });

  test('comes to those that wait although it is too large to be kept', () => {
    const { asked, heard, want, part } = setUp(1_000);
    want('one');
    for (const n of [0, 1]) part('one', n);
    want('two');
    expect(heard).toEqual(['one whole']);
    expect(asked).toEqual(['one', 'two']);
  });

  test('has no bytes, and comes so', () => {
    const { blobs } = setUp();
    const empty = { hash: BlobHash.parse(createHash('sha256').digest('hex')), bytes: 0 };
    let got = -1;
    blobs.want(empty, {
      run: runId('one'),
      ask: () => blobs.take({ type: 'blob.part', run: runId('one'), hash: empty.hash, part: 0, data: '' }),
      got: (parts) => {
        got = Buffer.concat(parts).length;
      },
      failed: () => undefined,
    });
    expect(got).toBe(0);
  });

  test('is asked for by the next that waits, from the beginning, when who asked leaves', () => {
    const { asked, heard, want, part } = setUp();
    const leave = want('one');
    want('two')();
    want('three');
    part('one', 0);
    leave();
    leave();
    expect(asked).toEqual(['one', 'three']);
    part('one', 1);
    part('three', 0);
    part('three', 1);
    expect(heard).toEqual(['three whole']);
  });

  test('is asked for by the next that waits when the server has none for the first', () => {
    const { asked, heard, want, none } = setUp();
    for (const name of ['one', 'two']) want(name);
    none('two');
    none('one');
    expect([asked, heard]).toEqual([['one', 'two'], ['one failed']]);
    none('two');
    none('two');
    expect(heard).toEqual(['one failed', 'two failed']);
    want('three');
    expect(asked.at(-1)).toBe('three');
  });

  test.each([
    ['other bytes than the hash says', [0, 1], Buffer.alloc(body.length, 8)],
    ['a part that is not the next', [1], body],
    ['more bytes than the blob has', [0, 1], Buffer.alloc(body.length + 1, 7)],
  ])('is not taken from whoever sends %s', (_, parts, data) => {
    const { asked, heard, want, part } = setUp();
    for (const name of ['one', 'two']) want(name);
    for (const n of parts) part('one', n, data);
    expect([asked, heard]).toEqual([['one', 'two'], ['one failed']]);
    for (const n of [0, 1]) part('two', n);
    expect(heard.at(-1)).toBe('two whole');
  });
});

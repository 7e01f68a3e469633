import { BlobHash, type RunnerStart } from '@codesync/protocol';
import { runId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { BinaryCache, binaryKey } from '../../src/binary-cache.ts';

const binary = (size: number) => Buffer.alloc(size);

describe('the binary cache', () => {
  test('gives a room its own binaries and no other room’s', () => {
    const cache = new BinaryCache(100, 100);
    cache.put('a', 'key', binary(3));
    expect(cache.get('a', 'key')?.length).toBe(3);
    expect(cache.get('b', 'key')).toBeUndefined();
  });

  test('drops what was used least recently when it is full', () => {
    const cache = new BinaryCache(10, 10);
    cache.put('a', '1', binary(4));
    cache.put('b', '2', binary(4));
    cache.get('a', '1');
    cache.put('c', '3', binary(4));
    expect(cache.get('b', '2')).toBeUndefined();
    expect(cache.get('a', '1')).toBeDefined();
    expect(cache.bytes).toBe(8);
  });

  test('one room cannot push out the others', () => {
    const cache = new BinaryCache(100, 10);
    cache.put('quiet', 'key', binary(5));
    for (let n = 0; n < 50; n++) cache.put('loud', `${n}`, binary(5));
    expect(cache.get('quiet', 'key')).toBeDefined();
    expect(cache.bytes).toBe(15);
  });

  test('a binary larger than a room’s share is not kept', () => {
    const cache = new BinaryCache(100, 10);
    cache.put('a', 'key', binary(11));
    expect(cache.bytes).toBe(0);
  });

  test('replacing a binary counts it once', () => {
    const cache = new BinaryCache(100, 10);
    cache.put('a', 'key', binary(6));
    cache.put('a', 'key', binary(7));
    expect(cache.bytes).toBe(7);
  });
});

describe('the key of a binary', () => {
  const start = (change: Partial<RunnerStart> = {}): RunnerStart => ({
    type: 'run.start',
    run: runId('r'),
    room: 'room',
    network: 'network',
    language: 'go',
    entry: 'main.go',
    files: [
      { path: 'main.go', text: 'package main' },
      { path: 'b.go', text: 'x' },
    ],
    ...change,
  });

  test('depends on the image, the language, the entry, and every name and text', () => {
    const keys = [
      binaryKey('image', start()),
      binaryKey('other', start()),
      binaryKey('image', start({ language: 'rust' })),
      binaryKey('image', start({ entry: 'b.go' })),
      binaryKey('image', start({ files: [{ path: 'main.go', text: 'package main' }] })),
      binaryKey(
        'image',
        start({
          files: [
            { path: 'main.go', text: 'package mainx' },
            { path: 'b.go', text: '' },
          ],
        }),
      ),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('depends on which blob is in a file, and a text is no blob', () => {
    const hash = (letter: string) => BlobHash.parse(letter.repeat(64));
    const withFile = (content: { text: string } | { blob: { hash: BlobHash; bytes: number } }) =>
      binaryKey(
        'image',
        start({
          files: [
            { path: 'main.go', text: '' },
            { path: 'logo.png', ...content },
          ],
        }),
      );
    const keys = [
      withFile({ blob: { hash: hash('a'), bytes: 1 } }),
      withFile({ blob: { hash: hash('b'), bytes: 1 } }),
      withFile({ text: hash('a') }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('does not depend on the run, the arguments or the order of the files', () => {
    const files = start().files.toReversed();
    expect(binaryKey('image', start({ run: runId('other'), args: ['x'], files }))).toBe(
      binaryKey('image', start()),
    );
  });
});

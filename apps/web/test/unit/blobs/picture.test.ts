import { describe, expect, test } from 'vitest';
import { isCalledPicture, pictureType } from '../../../src/blobs/picture.ts';
import { bytesInWords } from '../../../src/blobs/size-words.ts';

const head = (...parts: (string | number)[]) => {
  const bytes = parts.flatMap((part) =>
    typeof part === 'string' ? [...part].map((unit) => unit.charCodeAt(0)) : [part],
  );
  return new Uint8Array([...bytes, ...Array<number>(32).fill(0)].slice(0, 32));
};

describe('a picture', () => {
  test('is known by what it begins with', () => {
    const heads = {
      'image/png': [head(0x89, 'PNG\r\n', 0x1a, '\n')],
      'image/jpeg': [head(0xff, 0xd8, 0xff, 0xe0)],
      'image/gif': [head('GIF89a'), head('GIF87a')],
      'image/webp': [head('RIFF', 1, 2, 3, 4, 'WEBPVP8 ')],
      'image/avif': [head(0, 0, 0, 32, 'ftypavif'), head(0, 0, 0, 28, 'ftypmif1', 0, 0, 0, 0, 'mif1avif')],
      'image/bmp': [head('BM', ...Array<number>(12).fill(1), 40)],
      'image/x-icon': [head(0, 0, 1, 0, 1, 0, 16, 16, 0, 0)],
    };
    for (const [type, each] of Object.entries(heads))
      for (const one of each) expect(pictureType(one), type).toBe(type);
  });

  test('is nothing that only looks like one', () => {
    for (const one of [
      head(),
      new Uint8Array(),
      new Uint8Array([0x89]),
      head('<svg xmlns="http://www.w3.org/2000/svg">'),
      head('RIFF', 1, 2, 3, 4, 'WAVE'),
      head(0, 0, 0, 32, 'ftypisom', 0, 0, 0, 0, 'isommp41'),
      head(0, 0, 1, 0),
      head('BMW is a name'),
      head('GIF'),
      head('%PDF-1.7'),
      head('PK', 3, 4),
    ])
      expect(pictureType(one), String.fromCharCode(...one)).toBeNull();
  });

  test('has a name that only says how it is drawn in the list', () => {
    for (const path of ['a.png', 'b/c.JPEG', 'd.x.webp', 'favicon.ico'])
      expect(isCalledPicture(path)).toBe(true);
    for (const path of ['png', 'a.svg', 'a.png.zip', 'apng']) expect(isCalledPicture(path)).toBe(false);
  });
});

test('lengths are told as people say them', () => {
  expect(
    [0, 1, 999, 1_000, 12_400, 99_949, 99_950, 999_499, 999_500, 12_400_000, 52_428_800, 2e9].map(
      bytesInWords,
    ),
  ).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '12.4 kB',
    '99.9 kB',
    '100 kB',
    '999 kB',
    '1.0 MB',
    '12.4 MB',
    '52.4 MB',
    '2.0 GB',
  ]);
});

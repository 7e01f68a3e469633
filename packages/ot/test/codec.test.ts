import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter, check, InvalidOpError, type Op } from '../src/index.ts';
import { property } from '../testing/property.ts';
import { decodeOp, encodeOp } from './support/bytes.ts';
import { randomOp, randomText } from './support/generate.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

describe('[BY1] what is decoded is what was encoded', () => {
  test.each<Op>([
    [],
    ['x'],
    [-1],
    [31, 'x'],
    [32, 'x'],
    [4095, 'x'],
    [4096, -31, 'é'],
    [2 ** 31, -(2 ** 31), 'x'],
    [2 ** 32 + 5, 'x'],
    [LARGEST, 'x'],
    [-LARGEST],
    ['\u00ff'],
    ['\u0100'],
    ['漢字'],
    ['😀'],
    ['\0'],
    ['a'.repeat(100_000), -7],
    ['漢'.repeat(100_000)],
  ])('%j', (...op) => {
    expect(decodeOp(encodeOp(op))).toEqual(op);
  });

  property('one operation', 2000, (random) => {
    const op = randomOp(random, randomText(random, 60));
    expect(decodeOp(encodeOp(op))).toEqual(op);
  });

  test('numbers and operations follow one another in one message', () => {
    const writer = new ByteWriter();
    const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, LARGEST];
    for (const number of numbers) writer.number(number);
    writer.op([3, 'x']);
    writer.op([]);
    const reader = new ByteReader(writer.take());
    expect(numbers.map(() => reader.number())).toEqual(numbers);
    expect([reader.op(), reader.op(), reader.left]).toEqual([[3, 'x'], [], 0]);
    reader.end();
    writer.number(5);
    expect(writer.take()).toEqual(new Uint8Array([5]));
  });

  test.each([31, 32, 33, 300])('an insert of %i units, of whatever width', (length) => {
    for (const unit of ['a', '\u007f', '\u0080', '\u00e9', '\u00ff', '\u0100', '\ufffd', '\ufeff']) {
      for (const at of [0, length >> 1, length - 1]) {
        const text = `${'a'.repeat(at)}${unit}${'a'.repeat(length - 1 - at)}`;
        const bytes = encodeOp([text]);
        expect(decodeOp(bytes)).toEqual([text]);
        expect(bytes.length).toBe((unit < '\u0100' ? length : 2 * length) + (length < 32 ? 2 : 3));
      }
    }
    // What would be UTF-8, or a mark of its order.
    for (const text of ['Ã©'.repeat(length), `ï»¿${'a'.repeat(length)}`]) {
      expect(decodeOp(encodeOp([text]))).toEqual([text]);
    }
  });

  test('signed numbers, bytes and texts follow one another', () => {
    const writer = new ByteWriter();
    const numbers = [0, -1, 1, -64, 63, -65, 2 ** 31, -(2 ** 31), 2 ** 52 - 1, -(2 ** 52)];
    for (const number of numbers) writer.signed(number);
    writer.byte(255);
    writer.ascii('file_12345678');
    const reader = new ByteReader(writer.take());
    expect(numbers.map(() => reader.signed())).toEqual(numbers);
    expect([reader.byte(), reader.ascii(13), reader.left]).toEqual([255, 'file_12345678', 0]);
  });

  test('an operation of which the first components are written elsewhere', () => {
    const writer = new ByteWriter();
    writer.op([9, 'x', -1], 1);
    expect(new ByteReader(writer.take()).op(LARGEST, 9)).toEqual([9, 'x', -1]);
  });

  test('a key takes five bytes', () => {
    expect([encodeOp([4095, 'x']).length, encodeOp([4095, -1]).length, encodeOp(['x']).length]).toEqual([
      5, 4, 3,
    ]);
  });
});

describe('[BY2] an operation has one encoding', () => {
  test.each<[string, number[]]>([
    ['the number of components is longer than it need be', [0x81, 0x00, 0x06, 0x78]],
    ['a length is longer than it need be', [1, 0x86, 0x00, 0x78]],
    ['two bytes a unit where one does', [1, 0x07, 0x78, 0x00]],
    ['bytes are left', [1, 0x06, 0x78, 0x00]],
  ])('%s', (_, bytes) => {
    expect(() => decodeOp(new Uint8Array(bytes))).toThrow(InvalidOpError);
  });
});

describe('[BY3] bytes from anyone', () => {
  test.each<[string, number[]]>([
    ['nothing', []],
    ['fewer components than announced', [2, 0x06, 0x78]],
    ['an insert cut short', [1, 0x0a, 0x78]],
    ['a wide insert cut short', [1, 0x07, 0x22]],
    ['a component of no length', [1, 0x02]],
    ['two inserts in a row, narrow and wide', [2, 0x06, 0x78, 0x07, 0x22, 0x6f]],
    ['two retains in a row', [3, 0x04, 0x04, 0x06, 0x78]],
    ['two deletes in a row', [2, 0x05, 0x05]],
    ['a trailing retain', [1, 0x04]],
    ['half a surrogate pair', [1, 0x07, 0x3d, 0xd8]],
    ['a number beyond 2^53 - 1', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a number that does not end', new Array(200).fill(0x80)],
    ['a number of empty bytes with something after them', [...new Array(200).fill(0x80), 1]],
    ['2^53 - 1 components', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x06]],
    ['2^52 units', [1, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x08, 0x78]],
    ['lengths beyond 2^53 - 1 together', [3, 0xfd, ...high(), 0xfc, ...high(), 0x06, 0x78]],
  ])('%s: refused', (_, bytes) => {
    expect(() => decodeOp(new Uint8Array(bytes))).toThrow(InvalidOpError);
  });

  test.each([
    ['a text that claims more than there is', [2, 0x61]],
    ['a text of too many units', [3, 0x61, 0x61, 0x61]],
    ['a text with a unit of 128', [1, 0x80]],
    ['no text', []],
  ])('%s', (_, bytes) =>
    expect(() => new ByteReader(new Uint8Array(bytes)).ascii(2)).toThrow(InvalidOpError),
  );

  test.each([
    ['keeps more', [1, 0b100]],
    ['keeps more before an insert', [2, 0b100, 0b110, 0x79]],
    ['is nothing', [0]],
  ])('what is left of an operation that has kept some %s', (_, bytes) =>
    expect(() => new ByteReader(new Uint8Array(bytes)).op(LARGEST, 9)).toThrow(InvalidOpError),
  );

  test('more components than a reader wants', () => {
    const bytes = encodeOp([1, 'x', -1]);
    expect(new ByteReader(bytes).op(3)).toEqual([1, 'x', -1]);
    expect(() => new ByteReader(bytes).op(2)).toThrow(InvalidOpError);
  });

  property('of random bytes, what is not refused is canonical and encodes to the same', 3000, (random) => {
    const bytes = Uint8Array.from({ length: random.below(12) }, () => randomByte(random.below(256)));
    expectHonest(bytes);
  });

  property('of an encoding with changes, too', 3000, (random) => {
    const bytes = encodeOp(randomOp(random, randomText(random, 30)));
    for (let left = 1 + random.below(3); left > 0; left--) {
      bytes[random.below(bytes.length)] = randomByte(random.below(256));
    }
    expectHonest(random.oneIn(3) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes);
  });
});

/** Small numbers are more often valid. */
function randomByte(byte: number): number {
  return byte < 128 ? byte >>> 3 : byte;
}

function expectHonest(bytes: Uint8Array): void {
  let op: Op;
  try {
    op = decodeOp(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOpError);
    return;
  }
  expect(check(op)).toBe(op);
  expect(encodeOp(op)).toEqual(bytes);
}

/** The bytes of the high part of 2^53 - 1, over five low bits. */
function high(): number[] {
  return [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
}

// The borders of what is written fast: widths of units, lengths of numbers, blocks of memory.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, ByteReader, ByteWriter, OpBuilder, TextBuffer } from '../src/index.ts';
import { decodeOp, encodeOp } from './support/bytes.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
/** The first and last units of one and two bytes, here and in UTF-8, and those around the halves of characters. */
const UNITS = ['\0', 'a', '\x7f', '\x80', '\xff', '\u0100', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff'];

/** Texts of `length` units, with one of `UNITS` at the start, in the middle or at the end. */
function textsOf(length: number): readonly string[] {
  const places = [...new Set([0, length >> 1, length - 1])];
  return UNITS.flatMap((unit) =>
    places.map((at) => `${'a'.repeat(at)}${unit}${'a'.repeat(length - 1 - at)}`),
  );
}

const op = fc
  .array(
    fc.oneof(
      fc.integer({ min: -9_999, max: 9_999 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .tuple(fc.constantFrom('a', 'é', '漢', '😀'), fc.nat(6_000))
        .map(([text, count]) => text.repeat(count)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => {
    const builder = new OpBuilder();
    for (const part of parts) builder.push(part);
    return builder.build();
  });

describe('[BY1] what is decoded is what was encoded', () => {
  test.each([1, 2, 12, 13, 31, 32, 33, 300])('an insert of %i units, of whatever width', (length) => {
    for (const text of textsOf(length)) {
      const bytes = encodeOp([text]);
      const wide = [...text].some((unit) => unit > '\xff');
      expect(decodeOp(bytes)).toEqual([text]);
      expect(bytes.length).toBe((length < 32 ? 2 : 3) + (wide ? 2 * length : length));
    }
    const pairs = '😀'.repeat(length);
    expect(decodeOp(encodeOp([pairs]))).toEqual([pairs]);
  });

  test('a length just below, at and above where its number takes a byte more', () => {
    for (const bits of [5, 7, 12, 14, 19, 26, 31, 32, 33, 40, 47, 52]) {
      for (const length of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]) {
        expect(decodeOp(encodeOp([length, 'x']))).toEqual([length, 'x']);
        expect(decodeOp(encodeOp([-length]))).toEqual([-length]);
        const writer = new ByteWriter();
        writer.number(length);
        expect(new ByteReader(writer.take()).number()).toBe(length);
      }
    }
  });

  test('a message that outgrows the memory at any of its bytes', () => {
    const made = [LARGEST - 5, '漢', -1, 'aé', -3, 'a'.repeat(40), 1, '漢'.repeat(40)];
    for (let before = 0; before <= 300; before++) {
      const writer = new ByteWriter();
      writer.ascii('a'.repeat(before));
      writer.take();
      writer.number(LARGEST);
      writer.op(made);
      const reader = new ByteReader(writer.take());
      expect(reader.number()).toBe(LARGEST);
      expect(reader.op()).toEqual(made);
      reader.end();
    }
  });

  test('messages stay as they are while others are written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(op, fc.nat(255), fc.boolean()), { maxLength: 60 }), (messages) => {
        const writer = new ByteWriter();
        const taken = messages.map(([op, mark, copied]) => {
          writer.byte(mark);
          writer.op(op);
          if (!copied) return writer.take();
          const bytes = new Uint8Array(writer.length + 1);
          writer.takeInto(bytes, 1);
          return bytes.subarray(1);
        });
        messages.forEach(([op, mark], i) => {
          expect(taken[i]![0]).toBe(mark);
          expect(decodeOp(taken[i]!.subarray(1))).toEqual(op);
        });
      }),
    );
  });
});

describe('[TB1] a buffer holds what it was given', () => {
  test.each([1, 31, 32, 33, 300])('a paste of %i units of whatever width, between any others', (length) => {
    for (const around of ['ab', '\xe9\xff', '漢字']) {
      for (const text of [...textsOf(length), '😀'.repeat(length)]) {
        const buffer = TextBuffer.from(around);
        buffer.apply([1, text]);
        const pasted = apply(around, [1, text]);
        expect(buffer.slice(0)).toBe(pasted);
        // Twice: the second is pasted into units that the first has made narrow or wide.
        buffer.apply([1, text, -1]);
        expect(buffer.toString()).toBe(apply(pasted, [1, text, -1]));
      }
    }
  });
});

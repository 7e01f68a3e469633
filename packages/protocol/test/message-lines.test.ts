import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageLines, parseLine } from '../src/index.ts';

/** Cuts bytes into pieces at arbitrary places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, [...places, bytes.length][index]));
}

/** What is taken of these pieces, and whether each was read without a refusal. */
function read(maxBytes: number, chunks: readonly Uint8Array[]) {
  const lines = new MessageLines(maxBytes);
  const taken: string[] = [];
  const oks = chunks.map((chunk) => lines.push(chunk, (line) => taken.push(line)));
  return { taken, oks };
}

const cuts = fc.array(fc.nat(5_000), { maxLength: 40 });
const words = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', '😀', '\r', '\uFEFF', '\u2028'),
  maxLength: 12,
});

describe('lines of messages', () => {
  test('come out whole and in order, however their bytes are cut; empty ones do not', () => {
    fc.assert(
      fc.property(fc.array(words), words, cuts, (sent, begun, places) => {
        const bytes = Buffer.from([...sent, begun].join('\n'));
        const { taken, oks } = read(1_000, pieces(bytes, places));
        expect(taken).toEqual(sent.filter((line) => line !== ''));
        expect(oks).not.toContain(false);
      }),
    );
  });

  test('come out whole when they are cut at each of their bytes', () => {
    const bytes = Buffer.from('é漢😀\n\n{"type":"hello"}\n');
    const singly = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(read(1_000, singly).taken).toEqual(['é漢😀', '{"type":"hello"}']);
    for (let at = 0; at <= bytes.length; at++) {
      const { taken } = read(1_000, [bytes.subarray(0, at), bytes.subarray(at)]);
      expect(taken).toEqual(['é漢😀', '{"type":"hello"}']);
    }
  });

  test('a line that is too long is refused at the same place, however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1 }), cuts, fc.nat(30), (sent, places, maxBytes) => {
        const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(''));
        const { taken, oks } = read(maxBytes, pieces(bytes, places));
        const long = sent.findIndex((line) => Buffer.byteLength(line) > maxBytes);
        const before = long === -1 ? sent : sent.slice(0, long);
        expect(taken).toEqual(before.filter((line) => line !== ''));
        expect(oks.includes(false)).toBe(long !== -1);
        expect(oks.slice(oks.indexOf(false)).includes(true)).toBe(long === -1);
      }),
    );
  });

  test('a line without an end is refused as soon as it is too long, and nothing is taken after it', () => {
    const chunks = ['12345', '678', '9', '\n', 'next\n'].map((text) => Buffer.from(text));
    expect(read(8, chunks)).toEqual({ taken: [], oks: [true, true, false, false, false] });
    expect(read(9, chunks)).toEqual({ taken: ['123456789', 'next'], oks: [true, true, true, true, true] });
  });

  test('whoever takes a line may fail: the lines after it in the next piece are still whole', () => {
    const lines = new MessageLines(100);
    const fail = () => {
      throw new Error('not this one');
    };
    expect(() => lines.push(Buffer.from('one\ntw'), fail)).toThrow('not this one');
    const taken: string[] = [];
    lines.push(Buffer.from('o\n'), (line) => taken.push(line));
    expect(taken).toEqual(['two']);
  });

  test('what is not JSON says nothing', () => {
    expect(parseLine('{"a":1}\r')).toEqual({ a: 1 });
    for (const line of ['', '{', '\uFEFF{}', 'undefined']) expect(parseLine(line)).toBe(undefined);
  });
});

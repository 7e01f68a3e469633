import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AttachDecoder } from '../../src/attach-stream.ts';
import { encodeFrame, FrameDecoder } from '../../src/frames.ts';
import { LineDecoder } from '../../src/lines.ts';

/** Cuts bytes into pieces at arbitrary places. */
function pieces(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, [...places, bytes.length][index]));
}

const frames = fc.array(
  fc.record({ type: fc.constantFrom('R', 'O', 'X', 'Z'), payload: fc.uint8Array({ maxLength: 300 }) }),
);
const cuts = fc.array(fc.nat(5_000), { maxLength: 40 });

describe('agent frames', () => {
  test('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(frames, cuts, (sent, places) => {
        const bytes = Buffer.concat(sent.map(({ type, payload }) => encodeFrame(type, Buffer.from(payload))));
        const decoder = new FrameDecoder();
        const got = pieces(bytes, places).flatMap((piece) => decoder.push(piece));
        expect(got.map(({ type, payload }) => ({ type, payload: [...payload] }))).toEqual(
          sent.map(({ type, payload }) => ({ type, payload: [...payload] })),
        );
      }),
    );
  });

  test('a length that no agent sends is refused', () => {
    expect(() => new FrameDecoder().push(Buffer.from([79, 255, 255, 255, 255]))).toThrow(/a frame of/);
  });

  test('a payload that looks like a frame stays a payload', () => {
    const forged = encodeFrame('Z', '{"reason":"exit","code":0}');
    const [frame, ...rest] = new FrameDecoder().push(encodeFrame('O', forged));
    expect(frame).toEqual({ type: 'O', payload: forged });
    expect(rest).toEqual([]);
  });
});

describe('the engine’s attach stream', () => {
  const piece = (stream: 1 | 2, bytes: Buffer) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(bytes.length, 4);
    return Buffer.concat([header, bytes]);
  };

  test('is told apart into its two streams, however it is cut', () => {
    const sent = fc.array(
      fc.record({ stream: fc.constantFrom<1 | 2>(1, 2), bytes: fc.uint8Array({ maxLength: 100 }) }),
    );
    fc.assert(
      fc.property(sent, cuts, (wrote, places) => {
        const bytes = Buffer.concat(wrote.map(({ stream, bytes }) => piece(stream, Buffer.from(bytes))));
        const decoder = new AttachDecoder();
        const got = { stdout: [] as number[], stderr: [] as number[] };
        for (const part of pieces(bytes, places))
          for (const { stream, bytes } of decoder.push(part)) got[stream].push(...bytes);
        const all = (stream: 1 | 2) =>
          wrote.filter((one) => one.stream === stream).flatMap((one) => [...one.bytes]);
        expect(got).toEqual({ stdout: all(1), stderr: all(2) });
      }),
    );
  });
});

describe('lines', () => {
  test('come out whole, also when a character is cut in two', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line), cuts, (lines, places) => {
        const decoder = new LineDecoder(1_000_000);
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        expect(pieces(bytes, places).flatMap((piece) => decoder.push(piece))).toEqual(lines);
      }),
    );
  });

  test('a line beyond the maximum is refused while it grows', () => {
    const decoder = new LineDecoder(10);
    expect(() => decoder.push(Buffer.from('12345678901'))).toThrow(/more than 10 bytes/);
  });
});

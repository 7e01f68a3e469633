import { OpBuilder } from '@codesync/ot';
import { fileId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameName, LIMITS, type Preview, readPreview, writePreview } from '../src/index.ts';

const op = fc
  .array(fc.oneof(fc.integer({ min: -99, max: 9_999 }), fc.string({ unit: 'binary' }).map(withoutReturns)), {
    maxLength: 6,
  })
  .map((parts) => {
    const builder = new OpBuilder();
    for (const part of parts) builder.push(part);
    return builder.build();
  });

function withoutReturns(text: string): string {
  return text.replaceAll('\r', '');
}

const preview: fc.Arbitrary<Preview> = fc.record({
  file: fc.constantFrom('file_12345678', 'another-file-345678901').map(fileId),
  stamp: fc.maxSafeNat(),
  base: fc.maxSafeNat(),
  clientSeq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  inFlight: op,
  buffer: op,
});

const key: Preview = {
  file: fileId('file_12345678'),
  stamp: 1_764_000_000_000,
  base: 300,
  clientSeq: 200,
  inFlight: [300, 'k'],
  buffer: [],
};

describe('the frame of a preview', () => {
  test('[PV1] carries a preview as it is, and there is one way to write it', () => {
    fc.assert(
      fc.property(preview, (preview) => {
        const frame = writePreview(preview)!;
        expect(frame.length).toBeLessThanOrEqual(LIMITS.previewBytes);
        expect(readPreview(frame)).toEqual(preview);
      }),
      { numRuns: 1_000 },
    );
  });

  test('[PV1] takes some thirty bytes for a key, and is no message of the server', () => {
    const frame = writePreview(key)!;
    expect(frame.length).toBe(30);
    expect(frameName(frame)).toBeNull();
  });

  test('[PV7] is not read if one byte of it is another, or reads as another preview that is as well made', () => {
    fc.assert(
      fc.property(preview, fc.nat(), fc.integer({ min: 1, max: 255 }), (preview, at, change) => {
        const frame = writePreview(preview)!;
        frame[at % frame.length]! ^= change;
        const read = readPreview(frame);
        if (read !== null) expect(writePreview(read)).toEqual(frame);
      }),
      { numRuns: 3_000 },
    );
  });

  test('[PV7] is not read from any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = readPreview(bytes);
        if (read !== null) expect(writePreview(read)).toEqual(bytes);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['too much text', { inFlight: ['x'.repeat(LIMITS.previewUnits)], buffer: ['y'] }],
    ['too much that is deleted', { inFlight: [-LIMITS.previewUnits - 1] }],
    [
      'too many components',
      { inFlight: Array.from({ length: LIMITS.previewComponents + 2 }, (_, i) => (i % 2 === 0 ? 1 : 'x')) },
    ],
    ['a line end that no text has', { buffer: ['x\r\n'] }],
  ])('[PV7] is not written with %s', (_what, change) => {
    expect(writePreview({ ...key, ...change })).toBeNull();
  });

  test('[PV7] is not read without a number', () => {
    expect(readPreview(writePreview({ ...key, clientSeq: 0 })!)).toBeNull();
  });
});

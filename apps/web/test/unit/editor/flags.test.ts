import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flagRow, type LineRoom } from '../../../src/editor/flags.ts';

const ROOM: LineRoom = { end: 200, caret: 150, from: 60, to: 800, above: true, below: true };

describe('the names of those who type in a line', () => {
  test('stand behind its text, one after the other', () => {
    expect(flagRow([40, 60], ROOM)).toEqual({ side: 'beside', lefts: [212, 256] });
  });

  test('stand above a line that leaves no room, in view', () => {
    expect(flagRow([100, 60], { ...ROOM, end: 700 })).toEqual({ side: 'above', lefts: [150, 254] });
    expect(flagRow([100, 60], { ...ROOM, end: 700, caret: 790 })).toEqual({
      side: 'above',
      lefts: [636, 740],
    });
  });

  test('never stand on a line that is read', () => {
    const full = { ...ROOM, end: Number.POSITIVE_INFINITY };
    expect(flagRow([40], { ...full, above: false })?.side).toBe('below');
    expect(flagRow([40], { ...full, above: false, below: false })).toBeNull();
  });

  test('cover neither each other nor the text, and stay in view, whatever their number', () => {
    const px = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 10, max: 140 }), { minLength: 1 }),
        px,
        px,
        px,
        (widths, end, caret, to) => {
          const room = { ...ROOM, end, caret, to };
          const row = flagRow(widths, room);
          let free = row?.side === 'beside' ? end : room.from;
          for (const [i, left] of row?.lefts.entries() ?? []) {
            expect(left).toBeGreaterThanOrEqual(free);
            free = left + widths[i]!;
            expect(free).toBeLessThanOrEqual(to);
          }
        },
      ),
    );
  });
});

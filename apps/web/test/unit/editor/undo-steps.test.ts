import { describe, expect, it } from 'vitest';
import { PAUSE_MS, UndoSteps } from '../../../src/editor/undo-steps.ts';

/** Types a story; says which of the changes began a step. */
function story(...changes: [at: number, remove: number, text: string, pause?: number][]): boolean[] {
  const steps = new UndoSteps();
  let now = 0;
  return changes.map(([rangeOffset, rangeLength, text, pause = 50]) => {
    now += pause;
    return steps.begins([{ rangeOffset, rangeLength, text }], now, false);
  });
}

describe('an undo step', () => {
  it('is a word typed in one go', () => {
    expect(story([0, 0, 'a'], [1, 0, 'b'], [2, 0, 'c'])).toEqual([true, false, false]);
  });

  it('ends with a pause', () => {
    expect(story([0, 0, 'a'], [1, 0, 'b', PAUSE_MS], [2, 0, 'c'])).toEqual([true, true, false]);
  });

  it('ends when typing goes on somewhere else', () => {
    expect(story([0, 0, 'a'], [9, 0, 'b'])).toEqual([true, true]);
  });

  it('ends at a newline, which belongs to what follows it', () => {
    expect(story([0, 0, 'a'], [1, 0, '\n  '], [4, 0, 'b'])).toEqual([true, true, false]);
  });

  it('is a paste by itself', () => {
    expect(story([0, 0, 'a'], [1, 0, 'pasted text'], [12, 0, 'b'])).toEqual([true, true, true]);
  });

  it('is a stretch of deleting, backwards or forwards', () => {
    expect(story([9, 1, ''], [8, 1, ''], [7, 1, ''])).toEqual([true, false, false]);
    expect(story([9, 1, ''], [9, 1, ''], [9, 1, ''])).toEqual([true, false, false]);
  });

  it('does not mix typing and deleting', () => {
    expect(story([0, 0, 'a'], [0, 1, ''], [0, 0, 'b'])).toEqual([true, true, true]);
  });

  it('is what is typed over a selection, with the selection', () => {
    expect(story([4, 6, 'n'], [5, 0, 'e'], [6, 0, 'w'])).toEqual([true, false, false]);
  });

  it('is what is typed, or typed over selections, at several cursors in one go', () => {
    const steps = new UndoSteps();
    /** Changes as an editor tells them: the last one first. */
    const type = (now: number, ...changes: [at: number, remove: number, text: string][]) =>
      steps.begins(
        changes.map(([rangeOffset, rangeLength, text]) => ({ rangeOffset, rangeLength, text })),
        now,
        false,
      );
    // “foo foo foo” gives way to “na na na”, key by key.
    expect(type(0, [8, 3, 'n'], [4, 3, 'n'], [0, 3, 'n'])).toBe(true);
    expect(type(50, [5, 0, 'a'], [3, 0, 'a'], [1, 0, 'a'])).toBe(false);
    steps.carry((position) => position + 10);
    expect(type(100, [18, 0, 'm'], [15, 0, 'm'], [12, 0, 'm'])).toBe(false);
    expect(type(150, [20, 1, ''], [16, 1, ''], [12, 1, ''])).toBe(true);
    expect(type(200, [17, 1, ''], [14, 1, ''], [11, 1, ''])).toBe(false);
    // One cursor fewer, other places, and several things at once.
    expect(type(250, [13, 1, ''], [10, 1, ''])).toBe(true);
    expect(type(300, [15, 1, ''], [10, 1, ''])).toBe(true);
    expect(type(350, [15, 0, 'x'], [10, 1, ''])).toBe(true);
    expect(type(400, [15, 0, 'x'], [11, 0, 'x'])).toBe(true);
  });

  it('ends when the cursor is moved by hand, even back to the same place', () => {
    const steps = new UndoSteps();
    steps.begins([{ rangeOffset: 0, rangeLength: 0, text: 'a' }], 0, false);
    steps.end();
    expect(steps.begins([{ rangeOffset: 1, rangeLength: 0, text: 'b' }], 10, false)).toBe(true);
  });

  it('goes on when others change the text before it', () => {
    const steps = new UndoSteps();
    steps.begins([{ rangeOffset: 0, rangeLength: 0, text: 'a' }], 0, false);
    steps.carry((position) => position + 5);
    expect(steps.begins([{ rangeOffset: 6, rangeLength: 0, text: 'b' }], 10, false)).toBe(false);
  });

  it('is one composition, with all that the input method tried on the way', () => {
    const steps = new UndoSteps();
    const type = (rangeOffset: number, rangeLength: number, text: string, now: number, composing: boolean) =>
      steps.begins([{ rangeOffset, rangeLength, text }], now, composing);
    expect(type(4, 0, 'に', 0, true)).toBe(true);
    expect(type(4, 1, 'にほ', 5_000, true)).toBe(false);
    expect(type(4, 2, '', 9_000, true)).toBe(false);
    expect(type(4, 0, '日本', 9_000, true)).toBe(false);
    steps.compositionEnded();
    expect(type(6, 0, 'x', 20_000, true)).toBe(true);
  });

  it('goes on from word to word of a keyboard that composes each', () => {
    const steps = new UndoSteps();
    steps.begins([{ rangeOffset: 0, rangeLength: 0, text: 'a' }], 0, true);
    steps.begins([{ rangeOffset: 0, rangeLength: 1, text: 'ab' }], 50, true);
    steps.compositionEnded();
    expect(steps.begins([{ rangeOffset: 2, rangeLength: 0, text: ' ' }], 100, false)).toBe(false);
  });
});

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

  it('is an edit at several cursors by itself', () => {
    const steps = new UndoSteps();
    const typed = [4, 0].map((rangeOffset) => ({ rangeOffset, rangeLength: 0, text: 'x' }));
    expect(steps.begins(typed, 0, false)).toBe(true);
    expect(steps.begins(typed, 10, false)).toBe(true);
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

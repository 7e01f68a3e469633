// Undo of text that took the place of other text, and of text that was moved.
import { describe, expect, test } from 'vitest';
import type { Op } from '../src/index.ts';
import { Desk } from './support/desk.ts';

describe('[UN8] a replacement is taken back as one thing', () => {
  const replaced = () => new Desk('an old word').mine([3, -3, 'new']);

  test.each<[string, Op[], string]>([
    ['all was cleared and written anew', [[-11], ['bob']], 'bob'],
    ['the word was deleted', [[3, -3]], 'an  word'],
    [
      'the word was deleted bit by bit',
      [
        [3, -1],
        [4, -1],
        [3, -1],
      ],
      'an  word',
    ],
    ['other text took its place', [[3, -3, 'their']], 'an their word'],
    [
      'only white space is left of it',
      [
        [3, ' '],
        [4, -3],
        [4, '!'],
      ],
      'an  ! word',
    ],
  ])('[UN8] where its new text is gone, its old text stays gone: %s', (_title, theirs, text) => {
    const desk = replaced();
    for (const op of theirs) desk.partner(op);
    expect(desk.undo()).toBeNull();
    expect(desk.text).toBe(text);
  });

  test.each<[string, Op, string]>([
    ['its beginning', [3, -1], 'an old word'],
    ['its end', [5, -1], 'an old word'],
    ['its middle, for other text', [4, -1, 'X'], 'an oldX word'],
  ])('[UN8] where a part is gone, the rest gives way to the old text: %s', (_title, theirs, text) => {
    const desk = replaced().partner(theirs);
    const before = desk.text;
    desk.undo();
    expect(desk.text).toBe(text);
    desk.redo();
    expect(desk.text).toBe(before);
  });

  test('[UN8] a line end that is left of a line does not bring the line back, nor goes with it', () => {
    const desk = new Desk('a\nold\nb').mine([2, -4, 'new\n']).partner([2, -3]);
    expect(desk.undo()).toBeNull();
    expect(desk.text).toBe('a\n\nb');
  });

  test('[UN8] white space for white space', () => {
    const desk = new Desk('\tx').mine([-1, '  ']).partner([1, -1]);
    desk.undo();
    expect(desk.text).toBe('\tx');
  });

  test('[UN8] what is typed over a text is one thing, whoever types in between', () => {
    const desk = new Desk('old').mine([-3, 'n']).partner(['B']).mine([2, 'e'], true).partner([3, 'C']);
    desk.mine([3, 'w'], true);
    expect(desk.text).toBe('BnewC');
    desk.partner([1, -1]);
    desk.undo();
    expect(desk.text).toBe('BoldC');
    desk.redo();
    expect(desk.text).toBe('BewC');
    desk.partner([1, -2]);
    expect(desk.undo()).toBeNull();
    expect(desk.text).toBe('BC');
  });

  test('[UN8] redo brings nothing back either', () => {
    const desk = new Desk('old').mine([-3, 'new']).partner([1, 'X']);
    desk.undo();
    expect(desk.text).toBe('oldX');
    desk.partner([-3]);
    expect(desk.redo()).toBeNull();
    expect(desk.text).toBe('X');
  });

  test('[UN8] what one deleted oneself comes back, whatever others deleted around it', () => {
    const desk = new Desk('one two three').mine([4, -4]).partner([-9]).partner(['bob']);
    desk.undo();
    expect(desk.text).toBe('two bob');
  });
});

describe('[UN9] a move is one thing', () => {
  const moved = () => new Desk('x\ny\nz\n').mine([-2, 2, 'x\n']);

  test('[UN9] what was moved and then deleted by another does not come back', () => {
    const desk = moved().partner([2, -2]);
    expect(desk.undo()).toBeNull();
    expect(desk.text).toBe('y\nz\n');
  });

  test('[UN9] with another line end and indent than before', () => {
    const desk = new Desk('  x\ny').mine([-4, 1, '\nx']).partner([2, -1]);
    expect(desk.undo()).toBeNull();
    expect(desk.text).toBe('y\n');
  });

  test('[UN9] what is left of it goes back whole, and there and back again', () => {
    const desk = new Desk('word and').mine([-5, 3, ' word']).partner([4, -2]);
    expect(desk.text).toBe('and rd');
    desk.undo();
    expect(desk.text).toBe('word and');
    desk.redo();
    expect(desk.text).toBe('and rd');
    desk.partner([3, -3]);
    expect(desk.undo()).toBeNull();
  });
});

test('[UN10] of several replacements in one step, each is a thing by itself', () => {
  const desk = new Desk('a1 a2 a3').mine([-1, 'b', 2, -1, 'b', 2, -1, 'b']).partner([3, -2]);
  desk.undo();
  expect(desk.text).toBe('a1  a3');
  desk.redo();
  expect(desk.text).toBe('b1  b3');
});

test('[UN10] replacements that touch are several', () => {
  const desk = new Desk('aaa').mine([-1, 'b', -1, 'b', -1, 'b']).partner([1, -1]);
  desk.undo();
  expect(desk.text).toBe('aa');
});

test.each<[string, Op, string, string]>([
  ['before it', [4, 'B'], '(1, Bv)', '(1, Bname)'],
  ['behind it', [8, 'B'], '(1, vB)', '(1, nameB)'],
  ['in it', [6, 'B'], '(1, vB)', '(1, naBme)'],
])('[UN11] old text takes the place of the new: others typed %s', (_title, theirs, undone, redone) => {
  const desk = new Desk('(1, v)').mine([4, -1, 'name']).partner(theirs);
  for (let times = 0; times < 2; times++) {
    desk.undo();
    expect(desk.text).toBe(undone);
    desk.redo();
    expect(desk.text).toBe(redone);
  }
});

describe('[UN12] lines that a replacement kept', () => {
  const pasted = () => new Desk('a\nb\nc\nd\n').mine([-8, 'a\nB\nc\nd\ne\n']);

  test('stay gone when others deleted them', () => {
    const desk = pasted().partner([4, -2]);
    expect(desk.text).toBe('a\nB\nd\ne\n');
    expect(desk.undo()).toEqual([2, 'b\n', -2, 2, -2]);
    expect(desk.text).toBe('a\nb\nd\n');
    desk.redo();
    expect(desk.text).toBe('a\nB\nd\ne\n');
  });

  test('and the stretches between them are things by themselves', () => {
    const desk = pasted().partner([2, -2]);
    desk.undo();
    expect(desk.text).toBe('a\nc\nd\n');
  });

  test('count for the whole: where all is gone, nothing comes back, not even what was only deleted', () => {
    const desk = new Desk('a\nb\nc\n').mine([-6, 'a\nc\n']).partner([-4, 'bob']);
    expect(desk.undo()).toBeNull();
    const other = new Desk('a\nc\n').mine([-4, 'a\nb\nc\n']);
    other.undo();
    other.partner([-4, 'bob']);
    expect(other.redo()).toBeNull();
  });
});

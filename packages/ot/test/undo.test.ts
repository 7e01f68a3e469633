import { describe, expect, test } from 'vitest';
import type { Op } from '../src/index.ts';
import { property } from '../testing/property.ts';
import { Desk } from './support/desk.ts';
import { boundary, randomOp, randomText } from './support/generate.ts';

describe('[UN1] undo takes back one’s own latest step', () => {
  test('and leaves what others wrote around it and in it', () => {
    const desk = new Desk('one three').mine([4, 'two ']).partner([5, 'X']).partner([10, '!']);
    expect(desk.text).toBe('one tXwo t!hree');
    desk.undo();
    expect(desk.text).toBe('one Xt!hree');
  });

  test('text that was deleted comes back where it was', () => {
    const desk = new Desk('one two three').mine([4, -4]).partner(['0 ']).partner([7, '!']);
    desk.undo();
    expect(desk.text).toBe('0 one two t!hree');
  });

  test('steps below one that is taken back are carried over others’ edits too', () => {
    const desk = new Desk('')
      .mine(['a'])
      .partner(['1'])
      .mine([2, 'b'])
      .partner(['2'])
      .mine([4, 'c'])
      .partner(['3']);
    expect(desk.text).toBe('321abc');
    const seen = [desk.text];
    while (desk.undo() !== null) seen.push(desk.text);
    expect(seen).toEqual(['321abc', '321ab', '321a', '321']);
    while (desk.redo() !== null) seen.push(desk.text);
    expect(seen.slice(4)).toEqual(['321a', '321ab', '321abc']);
  });

  property('[UN1] undo never deletes what others wrote', 1_500, (random) => {
    const desk = new Desk('');
    for (let step = 0; step < 25; step++) {
      const choice = random.below(10);
      if (choice < 4) desk.mine(typedIn(desk.text, 'm'), random.oneIn(2));
      else if (choice < 8)
        desk.partner(random.oneIn(3) ? randomOp(random, desk.text) : typedIn(desk.text, 'P'));
      else undoIsMine();
    }
    for (let left = 25; left > 0; left--) undoIsMine();
    expect(desk.text).not.toContain('m');

    function typedIn(text: string, letter: string): Op {
      const at = boundary(text, random.below(text.length + 1));
      return at === 0 ? [letter] : [at, letter];
    }
    function undoIsMine(): void {
      const before = desk.text;
      let at = 0;
      for (const part of desk.undo() ?? []) {
        if (typeof part === 'string') continue;
        if (part < 0) expect(before.slice(at, at - part)).toMatch(/^m+$/);
        at += Math.abs(part);
      }
    }
  });

  property('[UN1] with nobody else, undoing all gives the text of the start', 500, (random) => {
    const text = randomText(random, 10);
    const desk = new Desk(text);
    for (let step = 0; step < 12; step++) desk.mine(randomOp(random, desk.text), random.oneIn(2));
    const end = desk.text;
    while (desk.undo() !== null);
    expect(desk.text).toBe(text);
    while (desk.redo() !== null);
    expect(desk.text).toBe(end);
  });
});

describe('[UN2] redo', () => {
  property('[UN2] restores what undo took back, whatever others did before', 1_500, (random) => {
    const desk = new Desk(randomText(random, 10));
    for (let step = 0; step < 20; step++) {
      if (random.oneIn(2)) desk.mine(randomOp(random, desk.text), random.oneIn(2));
      else desk.partner(randomOp(random, desk.text));
    }
    const seen = [desk.text];
    while (desk.undo() !== null) seen.push(desk.text);
    for (const text of seen.reverse()) {
      expect(desk.text).toBe(text);
      desk.redo();
    }
  });

  property('[UN2] fits the text, whatever others do in between', 1_500, (random) => {
    const desk = new Desk(randomText(random, 10));
    for (let step = 0; step < 40; step++) {
      const choice = random.below(4);
      if (choice === 0) desk.mine(randomOp(random, desk.text), random.oneIn(2));
      else if (choice === 1) desk.partner(randomOp(random, desk.text));
      else if (choice === 2) desk.undo();
      else desk.redo();
    }
  });

  test('[UN5] a new edit forgets what could be redone', () => {
    const desk = new Desk('').mine(['a']);
    expect([desk.undo(), desk.undo()]).toEqual([[-1], null]);
    expect([desk.redo(), desk.undo()]).toEqual([['a'], [-1]]);
    desk.mine(['b']);
    expect(desk.redo()).toBeNull();
    expect(desk.undo()).toEqual([-1]);
  });
});

describe('[UN3] steps', () => {
  test('edits belong to one step until a boundary', () => {
    const desk = new Desk('').mine(['w']).mine([1, 'o'], true).mine([2, 'w'], true).mine([3, '!']);
    desk.undo();
    expect(desk.text).toBe('wow');
    desk.undo();
    expect(desk.text).toBe('');
    desk.redo();
    expect(desk.text).toBe('wow');
  });

  test('others’ edits inside a step do not cut it', () => {
    const desk = new Desk('')
      .mine(['w'])
      .partner(['>'])
      .mine([2, 'o'], true)
      .partner([2, '-'])
      .mine([4, 'w'], true);
    expect(desk.text).toBe('>w-ow');
    desk.undo();
    expect(desk.text).toBe('>-');
    desk.redo();
    expect(desk.text).toBe('>w-ow');
  });

  test('an undo ends a step', () => {
    const desk = new Desk('').mine(['a']).mine([1, 'b']);
    desk.undo();
    desk.mine([1, 'c'], true);
    desk.undo();
    expect(desk.text).toBe('a');
  });
});

test('[UN4] a step of which others left nothing is passed over', () => {
  const desk = new Desk('').mine(['a']).mine([1, 'b']).partner([1, -1]);
  desk.undo();
  expect(desk.text).toBe('');
  expect(desk.undo()).toBeNull();
});

describe('[UN6] depth', () => {
  test('the oldest steps are forgotten', () => {
    const desk = new Desk('', 2).mine(['a']).mine([1, 'b']).mine([2, 'x'], true).mine([3, 'c']);
    while (desk.undo() !== null);
    expect(desk.text).toBe('a');
  });

  test('thousands of others’ edits are carried in one', () => {
    const desk = new Desk('me').mine([2, '!']);
    for (let i = 0; i < 2_000; i++) desk.partner(['x']);
    desk.undo();
    expect(desk.text).toBe(`${'x'.repeat(2_000)}me`);
  });
});

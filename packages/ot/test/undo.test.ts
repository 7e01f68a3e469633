import { describe, expect, test } from 'vitest';
import { apply, fromEdits, type Op, type TextEdit, transformPosition, UndoHistory } from '../src/index.ts';
import { boundary, randomOp, randomText } from './support/generate.ts';
import { property } from './support/property.ts';
import type { Random } from './support/random.ts';

/** A view whose author can undo; `partner` edits it too. */
class Desk {
  text: string;
  readonly history: UndoHistory;

  constructor(text: string, depth?: number) {
    this.text = text;
    this.history = new UndoHistory(depth);
  }

  /** An edit of one's own, in a step of its own unless it `joins`. */
  mine(op: Op, joins = false): this {
    if (!joins) this.history.boundary();
    this.history.record(op, this.text);
    this.text = apply(this.text, op);
    return this;
  }

  partner(op: Op): this {
    this.history.remote(op);
    this.text = apply(this.text, op);
    return this;
  }

  undo(): Op | null {
    return this.#show(this.history.undo());
  }

  redo(): Op | null {
    return this.#show(this.history.redo());
  }

  #show(op: Op | null): Op | null {
    if (op !== null) this.text = apply(this.text, op);
    return op;
  }
}

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
    desk.undo();
    expect([desk.history.canUndo, desk.history.canRedo]).toEqual([false, true]);
    desk.mine(['b']);
    expect([desk.history.canUndo, desk.history.canRedo]).toEqual([true, false]);
    expect(desk.redo()).toBeNull();
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

/** A replacement or a move of which every unit is another one, so that its fate can be read from a text. */
type Traced = { readonly news: string; readonly old: string };

/** What undo makes of `text`: the first unit that stands of a thing gives way to the old text, the others go. */
function takenBack(text: string, things: readonly Traced[]): string {
  let after = text;
  for (const { news, old } of things) {
    const standing = [...after].filter((unit) => news.includes(unit));
    for (const [index, unit] of standing.entries()) after = after.replace(unit, index === 0 ? old : '');
  }
  return after;
}

/** Units that occur nowhere else. */
function* units(): Generator<string, never> {
  for (let code = 0x4e00; ; code++) yield String.fromCharCode(code);
}

function several(random: Random, from: Generator<string, never>): string {
  return Array.from({ length: 1 + random.below(3) }, () => from.next().value).join('');
}

property('[UN8] [UN10] [UN11] one step of replacements, typed on, while others edit', 3_000, (random) => {
  const fresh = units();
  let text = '';
  const edits: TextEdit[] = [];
  const things: Traced[] = [];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const thing = { news: several(random, fresh), old: several(random, fresh) };
    text += random.oneIn(3) ? '' : 'k'.repeat(random.below(3));
    edits.push({ at: text.length, remove: thing.old.length, insert: thing.news });
    things.push(thing);
    text += thing.old;
  }
  const desk = new Desk(`${text}k`).mine(fromEdits(edits));
  let caret = edits[0]!.at + edits[0]!.insert.length;
  const theirs = () => {
    const op = randomOp(random, desk.text, 4).map((part) => (typeof part === 'string' ? 'B' : part));
    desk.partner(op);
    caret = transformPosition(caret, op, 'left');
  };
  for (let left = random.below(4); left > 0; left--) {
    theirs();
    const goesOn = things.length === 1 && caret > 0 && things[0]!.news.includes(desk.text[caret - 1]!);
    if (!goesOn) continue;
    const key = fresh.next().value;
    desk.mine(fromEdits([{ at: caret, remove: 0, insert: key }]), true);
    caret++;
    things[0] = { ...things[0]!, news: things[0]!.news + key };
  }
  theirs();
  const before = desk.text;
  const after = takenBack(before, things);
  desk.undo();
  expect(desk.text).toBe(after);
  if (after === before) return;
  desk.redo();
  expect(desk.text).toBe(before);
  desk.undo();
  expect(desk.text).toBe(after);
  theirs();
  const stands = ({ old }: Traced) => [...old].some((unit) => desk.text.includes(unit));
  const comeBack = things.filter(stands);
  desk.redo();
  for (const thing of things) {
    const taken = [...before].filter((unit) => thing.news.includes(unit));
    for (const unit of taken) expect(desk.text.includes(unit), unit).toBe(comeBack.includes(thing));
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

property('[UN12] lines by lines, while others delete and insert lines', 2_000, (random) => {
  const fresh = units();
  const lines = (most: number) =>
    Array.from({ length: random.below(most + 1) }, () => `${fresh.next().value}\n`);
  const changes: { old: string[]; news: string[] }[] = [];
  let [old, text] = [lines(2), [] as string[]];
  text = [...old];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const change = { old: lines(3), news: lines(3) };
    const kept = [...lines(2), `${fresh.next().value}\n`];
    if (change.old.length + change.news.length > 0) changes.push(change);
    old = [...old, ...change.old, ...kept];
    text = [...text, ...change.news, ...kept];
  }
  const desk = new Desk(old.join('')).mine([-old.join('').length, text.join('')]);
  const untouched = new Set(text);
  let seen = text;
  for (let left = random.below(5); left > 0; left--) {
    const from = random.below(seen.length + 1);
    const to = random.oneIn(6) ? seen.length : Math.min(seen.length, from + random.below(4));
    const put = random.oneIn(2) ? ['B\n'] : [];
    desk.partner(fromEdits([{ at: 2 * from, remove: 2 * (to - from), insert: put.join('') }]));
    seen = [...seen.slice(0, from), ...put, ...seen.slice(to)];
  }
  const before = desk.text;
  expect(before).toBe(seen.join(''));
  desk.undo();
  const after = desk.text.split(/(?<=\n)/);
  if (!seen.some((line) => untouched.has(line))) {
    expect(desk.text).toBe(before);
    return;
  }
  const put = changes.flatMap(({ news }) => news);
  const back = changes
    .filter(
      ({ old, news }) => old.length > 0 && (news.length === 0 || news.some((line) => seen.includes(line))),
    )
    .flatMap((change) => change.old);
  const stays = changes
    .filter(({ old, news }) => old.length > 0 && !news.some((line) => seen.includes(line)))
    .flatMap(({ news }) => news);
  expect(after.filter((line) => back.includes(line))).toEqual(back);
  expect(after.filter((line) => !back.includes(line) && line !== '')).toEqual(
    seen.filter((line) => !put.includes(line) || stays.includes(line)),
  );
  if (desk.text === before) return;
  desk.redo();
  expect(desk.text).toBe(before);
});

property('[UN9] moves while others edit: nothing comes back of what they deleted', 2_000, (random) => {
  const fresh = units();
  const [word, before, between, behind] = [several(random, fresh), 'k', 'kk', 'k'];
  const forwards = random.oneIn(2);
  const desk = new Desk(forwards ? before + word + between + behind : before + between + word + behind).mine(
    forwards
      ? [before.length, -word.length, between.length, word]
      : [before.length, word, between.length, -word.length],
  );
  for (let left = random.below(4); left > 0; left--) {
    desk.partner(randomOp(random, desk.text, 4).map((part) => (typeof part === 'string' ? 'B' : part)));
  }
  const seen = desk.text;
  const stands = [...word].some((unit) => seen.includes(unit));
  desk.undo();
  if (!stands) expect(desk.text).toBe(seen);
  else {
    expect(desk.text).toContain(word);
    desk.redo();
    expect(desk.text).toBe(seen);
  }
});

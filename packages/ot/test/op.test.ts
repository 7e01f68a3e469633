import { describe, expect, test } from 'vitest';
import {
  apply,
  baseLength,
  check,
  checkAgainst,
  compose,
  composeAll,
  diff,
  fromEdits,
  invert,
  isNoop,
  lengthDelta,
  NOOP,
  type Op,
  OpBuilder,
  replace,
  TextBuffer,
  toEdits,
} from '../src/index.ts';
import { property } from '../testing/property.ts';
import { boundary, randomKey, randomOp, randomText } from './support/generate.ts';

describe('[OP1] an operation walks the text from its start', () => {
  test.each<[string, Op, string]>([
    ['abc', [], 'abc'],
    ['abc', ['x'], 'xabc'],
    ['abc', [3, 'x'], 'abcx'],
    ['abc', [1, -1], 'ac'],
    ['abc', [1, -1, 'x'], 'axc'],
    ['abc', [-3], ''],
    ['', ['😀'], '😀'],
  ])('%j by %j is %j', (text, op, result) => {
    expect(apply(text, op)).toBe(result);
    expect(result.length).toBe(text.length + lengthDelta(op));
  });

  test('its lengths are those of the shortest text that it fits', () => {
    const op: Op = [2, 'xyz', -3, 1, -1];
    expect([baseLength(op), lengthDelta(op)]).toEqual([7, -1]);
    expect([isNoop(op), isNoop(NOOP)]).toEqual([false, true]);
  });
});

describe('[OP2] check refuses what is not canonical, and says what and where', () => {
  test.each<[unknown, string]>([
    ['abc', 'an operation is an array of components'],
    [null, 'an operation is an array of components'],
    [{ length: 1, 0: 'x' }, 'an operation is an array of components'],
    [[1, null], 'component 1: neither a number nor a string'],
    [[['x']], 'component 0: neither a number nor a string'],
    [[1.5, 'x'], 'component 0: length is not an integer'],
    [[Number.NaN, 'x'], 'component 0: length is not an integer'],
    [[Number.POSITIVE_INFINITY, 'x'], 'component 0: length is not an integer'],
    [[2 ** 53, 'x'], 'component 0: length is not an integer'],
    [[0, 'x'], 'component 0: zero length'],
    [[-0, 'x'], 'component 0: zero length'],
    [[2, ''], 'component 1: empty insert'],
    [[1, 1, 'x'], 'component 1: two retains in a row must be one'],
    [[-1, -1], 'component 1: two deletes in a row must be one'],
    [['a', 'b'], 'component 1: two inserts in a row must be one'],
    [['a', 2], 'component 1: trailing retain'],
    [[3], 'component 0: trailing retain'],
    [['\ud83d'], 'component 0: insert with half a surrogate pair'],
    [[4, '\ude00x'], 'component 1: insert with half a surrogate pair'],
    [[2 ** 53 - 1, -1], 'lengths add up beyond 2^53 - 1'],
  ])('%j: %s', (op, message) => {
    expect(() => check(op)).toThrow(expect.objectContaining({ name: 'InvalidOpError', message }));
  });

  test.each<[Op]>([[[]], [['x']], [['x', -1, 'y']], [[-1, 'x', -1]], [[5, '😀', -2, 1, -1]]])(
    '%j passes',
    (op) => {
      expect(check(op)).toBe(op);
    },
  );
});

describe('[OP3] checkAgainst refuses what does not fit the text', () => {
  test.each<[string, Op, string]>([
    ['ab', [3, 'x'], 'operation reaches position 3 of a text of 2 units'],
    ['ab', [1, -2], 'operation reaches position 3 of a text of 2 units'],
    ['a😀b', [2, 'x'], 'position 2 is inside a surrogate pair'],
    ['a😀b', [1, -1], 'position 2 is inside a surrogate pair'],
    ['a😀b', [-2], 'position 2 is inside a surrogate pair'],
    ['a😀b', [2, -1], 'position 2 is inside a surrogate pair'],
  ])('%j by %j: %s', (text, op, message) => {
    expect(() => checkAgainst(op, text)).toThrow(message);
    expect(() => checkAgainst(op, TextBuffer.from(text))).toThrow(message);
  });

  test.each<[string, Op]>([
    ['a😀b', [1, -2, 1, 'x']],
    ['a😀😁b', [3, 'x']],
    ['', ['x']],
  ])('%j by %j passes', (text, op) => {
    checkAgainst(op, text);
    checkAgainst(op, TextBuffer.from(text));
  });
});

describe('[OP5] the builder gives canonical form', () => {
  test('neighbours of one kind are merged, empty parts and a trailing retain dropped', () => {
    const op = new OpBuilder();
    op.retain(1);
    op.retain(0);
    op.retain(2);
    op.insert('');
    op.insert('a');
    op.insert('b');
    op.remove(1);
    op.remove(0);
    op.remove(1);
    op.insert('c');
    op.retain(9);
    expect(op.build()).toEqual([3, 'ab', -2, 'c']);
  });
});

test('[OP6] an operation that reaches beyond the end throws', () => {
  expect(() => apply('ab', [3, 'x'])).toThrow(RangeError);
  expect(() => apply('ab', [1, -2])).toThrow(RangeError);
  expect(() => invert([-3], 'ab')).toThrow(RangeError);
});

describe('[OP7] invert takes an operation back', () => {
  test.each<[string, Op, Op]>([
    ['abc', [1, 'x'], [1, -1]],
    ['abc', [1, -2], [1, 'bc']],
    ['abc', ['x', -1], [-1, 'a']],
    ['abc', [-1, 'x'], ['a', -1]],
    ['abc', [], []],
  ])('%j by %j: %j', (text, op, inverse) => {
    expect(invert(op, text)).toEqual(inverse);
    expect(invert(op, TextBuffer.from(text))).toEqual(inverse);
  });

  property('[OP7] on random operations', 2_000, (random) => {
    const text = randomText(random, 12);
    const op = randomOp(random, text);
    const inverse = check(invert(op, text));
    expect(apply(apply(text, op), inverse)).toBe(text);
  });
});

describe('[OP8] compose does one operation after the other', () => {
  test.each<[Op, Op, Op]>([
    [
      [1, 'a'],
      [2, 'b'],
      [1, 'ab'],
    ],
    [['abc'], [1, -1], ['ac']],
    [['a'], [-1], []],
    [[2, 'a'], [-3], [-2]],
    [[-2], ['x'], [-2, 'x']],
    [
      ['a', -2],
      [1, 'x'],
      ['a', -2, 'x'],
    ],
    [
      [-1, 'a', -1],
      [1, 'x'],
      [-1, 'a', -1, 'x'],
    ],
    [[-1, 'a'], ['x'], [-1, 'xa']],
    [[-1], [-1, 'x'], [-2, 'x']],
    [[-1], ['x', -1], [-1, 'x', -1]],
  ])('%j then %j is %j', (a, b, both) => {
    expect(compose(a, b)).toEqual(both);
  });

  property('[OP8] [OP5] on random operations', 4_000, (random) => {
    const text = randomText(random, 12);
    const a = randomOp(random, text);
    const middle = apply(text, a);
    const b = randomOp(random, middle);
    expect(apply(text, check(compose(a, b)))).toBe(apply(middle, b));
  });
});

property('[OP9] composeAll does all of them, in canonical form', 1_000, (random) => {
  const text = randomText(random, 12);
  const ops: Op[] = [];
  let after = text;
  let inTurn: Op = NOOP;
  for (let left = random.below(20); left > 0; left--) {
    const op = random.oneIn(2) ? randomKey(random, after) : randomOp(random, after);
    ops.push(op);
    inTurn = compose(inTurn, op);
    after = apply(after, op);
  }
  const all = check(composeAll(ops));
  expect(apply(text, all)).toBe(after);
  expect(all).toEqual(inTurn);
});

property('[OP9] keys that one person types in a row, too', 1_000, (random) => {
  const text = randomText(random, 12);
  const ops: Op[] = [];
  let after = text;
  let at = boundary(text, random.below(text.length + 1));
  let inTurn: Op = NOOP;
  for (let left = random.below(40); left > 0; left--) {
    if (random.oneIn(10)) at = boundary(after, random.below(after.length + 1));
    let op: Op;
    if (random.oneIn(3) && at > 0) {
      const from = boundary(after, at - 1) === at - 1 ? at - 1 : at - 2;
      op = replace(from, at - from, '');
      at = from;
    } else if (random.oneIn(8) && at < after.length) {
      op = replace(at, boundary(after, at + 1) - at, '');
    } else {
      const letter = randomText(random, 2);
      op = replace(at, 0, letter);
      at += letter.length;
    }
    ops.push(op);
    inTurn = compose(inTurn, op);
    after = apply(after, op);
  }
  const all = check(composeAll(ops));
  expect(apply(text, all)).toBe(after);
  expect(all).toEqual(inTurn);
});

describe('[OP10] operations from and to replaced stretches', () => {
  test('stretches in any order make one operation', () => {
    const edits = [
      { at: 5, remove: 0, insert: '!' },
      { at: 0, remove: 2, insert: 'HE' },
      { at: 3, remove: 1, insert: '' },
    ];
    expect(apply('hello', fromEdits(edits))).toBe('HElo!');
    expect(toEdits(fromEdits(edits))).toEqual([edits[1], edits[2], edits[0]]);
  });

  test('stretches that overlap throw', () => {
    const edits = [
      { at: 0, remove: 2, insert: '' },
      { at: 1, remove: 1, insert: '' },
    ];
    expect(() => fromEdits(edits)).toThrow('edits overlap at position 1');
  });

  test('two cursors at one place each insert', () => {
    const edits = [
      { at: 1, remove: 0, insert: 'x' },
      { at: 1, remove: 0, insert: 'y' },
    ];
    expect(fromEdits(edits)).toEqual([1, 'xy']);
  });

  property('[OP10] one edit makes the canonical operation of one edit', 500, (random) => {
    const text = randomText(random, 6);
    const from = boundary(text, random.below(text.length + 1));
    const to = boundary(text, from + random.below(text.length - from + 1));
    const insert = randomText(random, 2);
    const op = check(replace(from, to - from, insert));
    expect(apply(text, op)).toBe(text.slice(0, from) + insert + text.slice(to));
    expect(fromEdits([{ at: from, remove: to - from, insert }])).toEqual(op);
  });

  property('[OP10] what goes to stretches and back does the same', 1_000, (random) => {
    const text = randomText(random, 12);
    const op = randomOp(random, text);
    expect(apply(text, check(fromEdits(toEdits(op))))).toBe(apply(text, op));
  });
});

describe('[OP11] diff replaces the shortest stretch', () => {
  test.each<[string, string, Op]>([
    ['abc', 'abc', []],
    ['abc', 'abxc', [2, 'x']],
    ['aaa', 'aaaa', [3, 'a']],
    ['hello', 'help', [3, -2, 'p']],
    ['', 'x', ['x']],
    ['x', '', [-1]],
    ['😀', '😁', [-2, '😁']],
    ['\u{1f600}', '\u{1fa00}', [-2, '\u{1fa00}']],
  ])('%j to %j: %j', (before, after, op) => {
    expect(diff(before, after)).toEqual(op);
  });

  property('[OP11] on random texts', 2_000, (random) => {
    const [start, end] = [randomText(random, 4), randomText(random, 4)];
    const before = start + randomText(random, 4) + end;
    const after = start + randomText(random, 4) + end;
    const op = check(diff(before, after));
    checkAgainst(op, before);
    expect(apply(before, op)).toBe(after);
  });
});

import { describe, expect, test } from 'vitest';
import { compose } from '../src/compose.ts';
import { apply, check, NOOP, type Op, transform, transformOverAll, transformPosition } from '../src/index.ts';
import { composeLong, rebaseLong, toOp } from '../src/long-op.ts';
import type { Side } from '../src/op.ts';
import { Pending } from '../src/pending.ts';
import { property } from '../testing/property.ts';
import { randomKey, randomOp, randomText } from './support/generate.ts';

describe('[TR1] [TR2] transform rewrites an operation for the text that another leaves', () => {
  test.each<[Op, Op, Side, Op]>([
    [[1, 'x'], ['abc'], 'left', [4, 'x']],
    [[1, 'x'], [1, 'abc'], 'left', [1, 'x']],
    [[1, 'x'], [1, 'abc'], 'right', [4, 'x']],
    [[1, 'x'], [-3], 'left', ['x']],
    [[-2], [1, -2], 'left', [-1]],
    [[-3], [1, 'x'], 'left', [-1, 1, -2]],
    [[-1], [-1], 'left', []],
    [['x', -1], [-1, 'y'], 'left', ['x']],
    [[-1, 'x'], [-1, 'y'], 'left', ['x']],
    [[-1, 'x'], ['y', -1], 'left', [1, 'x']],
    [['x', -1], [-1, 'y'], 'right', ['x']],
    [[-1, 'x'], [-1, 'y'], 'right', [1, 'x']],
    [['a', -1, 'b'], ['c', -1, 'd'], 'left', ['a', 1, 'b']],
    [['a', -1, 'b'], ['c', -1, 'd'], 'right', [1, 'a', 1, 'b']],
  ])('%j over %j as %s is %j', (op, over, side, result) => {
    expect(transform(op, over, side)).toEqual(result);
  });
});

test('[OP4] the order of an insert and a delete at one place says in which gap the insert stands', () => {
  expect(transform(['x', -1], [1, 'y'], 'left')).toEqual(['x', -1]);
  expect(transform([-1, 'x'], [1, 'y'], 'right')).toEqual([-1, 1, 'x']);
  expect(transform(['x', -1], [1, 'y'], 'right')).toEqual(['x', -1]);
});

describe('[TR4] a position moves as an insert at it would', () => {
  test.each<[number, Op, Side, number]>([
    [2, [2, 'x'], 'left', 2],
    [2, [2, 'x'], 'right', 3],
    [2, ['x'], 'left', 3],
    [2, [3, 'x'], 'right', 2],
    [2, [1, -3], 'left', 1],
    [2, [2, -3], 'right', 2],
    [1, [-1, 'y', -1], 'left', 0],
    [1, [-1, 'y', -1], 'right', 1],
    [0, [-1, 'y', -1], 'right', 0],
    [2, [-1, 'y', -1], 'left', 1],
    [1, ['a', -1, 'b'], 'left', 1],
    [9, [1, 'x'], 'left', 10],
  ])('%i by %j as %s is %i', (position, op, side, result) => {
    expect(transformPosition(position, op, side)).toBe(result);
  });

  property('[TR4] on random operations', 4_000, (random) => {
    const text = randomText(random, 10);
    const op = randomOp(random, text);
    const position = random.below(text.length + 1);
    const side = random.pick<Side>(['left', 'right']);
    const marked = transform(position === 0 ? ['|'] : [position, '|'], op, side);
    const at = typeof marked[0] === 'number' ? marked[0] : 0;
    expect(transformPosition(position, op, side)).toBe(at);
  });
});

property('[TR5] an operation carried over a history meets each edit in turn', 2_000, (random) => {
  const text = randomText(random, 10);
  const op = randomOp(random, text);
  const history: Op[] = [];
  let after = text;
  let inTurn = op;
  for (let left = random.below(30); left > 0; left--) {
    const edit = randomKey(random, after);
    history.push(edit);
    after = apply(after, edit);
    inTurn = transform(inTurn, edit, 'left');
  }
  expect(transformOverAll(op, history)).toEqual(inTurn);
});

describe('[TR6] a long operation in pieces', () => {
  property('[TR6] composes and rebases as the plain one', 150, (random) => {
    let text = randomText(random, 10);
    while (text.length < 1_500) text += randomText(random, 40);
    let plain: Op = NOOP;
    for (let i = random.below(6); i >= 0; i--)
      plain = compose(plain, randomOp(random, apply(text, plain), 900));
    let long = composeLong([], plain);
    let view = apply(text, plain);
    for (let step = 0; step < 12; step++) {
      if (random.oneIn(3)) {
        const mine = random.oneIn(3) ? randomOp(random, view, 900) : randomKey(random, view);
        plain = compose(plain, mine);
        long = composeLong(long, mine);
        view = apply(view, mine);
      } else {
        const theirs = random.oneIn(3) ? randomOp(random, text, 900) : randomKey(random, text);
        const [rebased, shown] = rebaseLong(long, theirs);
        expect(check(shown)).toEqual(transform(theirs, plain, 'right'));
        plain = transform(plain, theirs, 'left');
        long = rebased;
        text = apply(text, theirs);
        view = apply(view, shown);
      }
      expect(check(toOp(long))).toEqual(plain);
      expect(apply(text, plain)).toBe(view);
    }
  });
});

property('[TR6] a run of pending edits does, in whatever form it is held', 60, (random) => {
  let text = randomText(random, 10);
  while (text.length < 1_500) text += randomText(random, 40);
  let plain = random.oneIn(2) ? randomOp(random, text, 900) : randomKey(random, text);
  let pending = Pending.of(plain);
  let view = apply(text, plain);
  for (let step = 0; step < 30; step++) {
    const what = random.below(4);
    if (what < 2) {
      const mine = random.oneIn(6) ? randomOp(random, view, 900) : randomKey(random, view);
      plain = compose(plain, mine);
      pending = pending.add(mine);
      view = apply(view, mine);
    } else if (what === 2) {
      const theirs = random.oneIn(6) ? randomOp(random, text, 900) : randomKey(random, text);
      const before = pending;
      const [rebased, shown] = pending.rebase(theirs);
      expect(check(shown)).toEqual(transform(theirs, plain, 'right'));
      expect(before.toOp()).toEqual(plain);
      plain = transform(plain, theirs, 'left');
      pending = rebased;
      text = apply(text, theirs);
      view = apply(view, shown);
    } else {
      expect(check(pending.toOp())).toEqual(plain);
    }
    expect(apply(text, plain)).toBe(view);
  }
});

import { describe, expect, test } from 'vitest';
import { Authority, apply, type Op, transform } from '../src/index.ts';
import { property } from '../testing/property.ts';
import { randomKey, randomOp, randomText } from './support/generate.ts';

describe('order', () => {
  test('[AU1] [AU2] an edit gets the next version, carried over what came before', () => {
    const authority = new Authority(0, 3);
    expect(authority.receive(0, [1, 'x'])).toEqual({ accepted: true, version: 1, op: [1, 'x'] });
    expect(authority.receive(0, [3, '!'])).toEqual({ accepted: true, version: 2, op: [4, '!'] });
    expect(authority.receive(1, [1, 'y'])).toEqual({ accepted: true, version: 3, op: [1, 'y'] });
    expect([authority.version, authority.length]).toEqual([3, 6]);
  });

  test('[AU2] beside an insert of the log at the same place, the arriving one goes left', () => {
    const authority = new Authority(0, 0);
    authority.receive(0, ['logged']);
    expect(authority.receive(0, ['arriving'])).toMatchObject({ op: ['arriving'] });
  });

  test('an edit that others have left nothing of still gets a version', () => {
    const authority = new Authority(0, 1);
    authority.receive(0, [-1]);
    expect(authority.receive(0, [-1])).toEqual({ accepted: true, version: 2, op: [] });
  });

  test('[AU5] a proposal changes nothing', () => {
    const authority = new Authority(0, 3);
    expect(authority.propose(0, ['x'])).toEqual({ accepted: true, version: 1, op: ['x'] });
    expect([authority.version, authority.length]).toEqual([0, 3]);
  });
});

describe('refusals', () => {
  test('[AU4] a base that does not exist', () => {
    const authority = new Authority(5, 3);
    for (const base of [6, -1, 4.5, Number.NaN]) {
      expect(authority.receive(base, ['x'])).toEqual({ accepted: false, code: 'base-unknown' });
    }
  });

  test('[AU4] an edit beyond the text of its base, whatever the text is by now', () => {
    const authority = new Authority(0, 3);
    authority.receive(0, [3, 'long enough now']);
    expect(authority.receive(0, [4, 'x'])).toEqual({ accepted: false, code: 'out-of-range' });
    expect(authority.receive(0, [3, -1])).toEqual({ accepted: false, code: 'out-of-range' });
    expect(authority.version).toBe(1);
  });

  test('[AU3] a base before the window: the missing versions are named', () => {
    const authority = new Authority(0, 0, { count: 2, size: 100 });
    for (let i = 0; i < 5; i++) authority.receive(i, ['x']);
    expect(authority.oldestBase).toBe(3);
    expect(authority.receive(1, ['y'])).toEqual({ accepted: false, code: 'base-too-old', from: 2, to: 3 });
    expect(authority.receive(1, ['y'], [['x'], ['x']])).toEqual({ accepted: true, version: 6, op: ['y'] });
  });

  test('[AU3] older edits that the window holds as well are not counted twice', () => {
    const authority = new Authority(0, 0, { count: 2, size: 100 });
    for (const letter of 'abcde') authority.receive(authority.version, [letter]);
    const older = [['b'], ['c'], ['d'], ['e']];
    expect(authority.receive(1, [1, 'y'], older)).toEqual({ accepted: true, version: 6, op: [5, 'y'] });
  });

  test('[AU3] a server that has just started has no window', () => {
    const authority = new Authority(9, 9);
    expect(authority.receive(8, ['y'])).toEqual({ accepted: false, code: 'base-too-old', from: 9, to: 9 });
    expect(authority.receive(9, ['y'])).toMatchObject({ accepted: true, version: 10 });
  });
});

describe('[AU3] the window', () => {
  test('is bounded in size too', () => {
    const authority = new Authority(0, 0, { count: 100, size: 15 });
    authority.append(['12345']);
    authority.append(['123']);
    expect(authority.oldestBase).toBe(0);
    authority.append(['123']);
    expect(authority.oldestBase).toBe(1);
    authority.append(['longer than the window']);
    expect(authority.oldestBase).toBe(4);
    authority.append(['1']);
    expect(authority.editsSince(4)).toEqual([['1']]);
  });

  test('gives the edits since a version, as far as it reaches', () => {
    const authority = new Authority(0, 0, { count: 2, size: 100 });
    for (const letter of 'abc') authority.append([letter]);
    expect(authority.editsSince(1)).toEqual([['b'], ['c']]);
    expect(authority.editsSince(3)).toEqual([]);
    expect(authority.editsSince(0)).toBeNull();
    expect(authority.editsSince(4)).toBeNull();
  });

  property('[AU2] [AU3] the result does not depend on how much of it is left', 500, (random) => {
    const text = randomText(random, 10);
    const limits = { count: 1 + random.below(6), size: 1 + random.below(60) };
    const small = new Authority(0, text.length, limits);
    const texts = [text];
    const log: Op[] = [];
    for (let step = 0; step < 30; step++) {
      const base = Math.max(0, log.length - random.below(12));
      const op = random.oneIn(3) ? randomOp(random, texts[base]!) : randomKey(random, texts[base]!);
      let result = small.receive(base, op);
      if (!result.accepted) {
        if (result.code !== 'base-too-old') throw new Error(result.code);
        result = small.receive(base, op, log.slice(result.from - 1, result.to));
      }
      const inTurn = log.slice(base).reduce((carried, logged) => transform(carried, logged, 'left'), op);
      expect(result).toEqual({ accepted: true, version: log.length + 1, op: inTurn });
      texts.push(apply(texts.at(-1)!, inTurn));
      log.push(inTurn);
      expect(small.length).toBe(texts.at(-1)!.length);
    }
  });
});

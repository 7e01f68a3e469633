import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { apply, hashText, type Op, replace, TextBuffer } from '../src/index.ts';
import { property } from '../testing/property.ts';
import { Random } from '../testing/random.ts';
import { boundary, randomOp, randomText } from './support/generate.ts';

describe('[TB1] a buffer holds what apply makes', () => {
  test.each<[string, Op[], string]>([
    ['', [], ''],
    ['', [['abc']], 'abc'],
    ['abc', [[-3], ['x']], 'x'],
    ['abc', [[1, 'x', -1, 'y']], 'axyc'],
    ['aé', [[2, '漢']], 'aé漢'],
    ['😀', [[2, '😁'], [-2]], '😁'],
  ])('%j after %j is %j', (text, ops, result) => {
    const buffer = TextBuffer.from(text);
    for (const op of ops) buffer.apply(op);
    expect(buffer.toString()).toBe(result);
    expect(buffer.length).toBe(result.length);
  });

  property('[TB1] small texts, operations of any shape', 1_000, (random) => {
    let text = randomText(random, 20);
    const buffer = TextBuffer.from(text);
    for (let step = random.below(10); step >= 0; step--) {
      const op = randomOp(random, text);
      text = apply(text, op);
      buffer.apply(op);
      expectSame(buffer, text, random);
    }
  });

  property('[TB1] one leaf: edits beside, across and away from the place of the first', 500, (random) => {
    let text = randomText(random, 10).repeat(1 + random.below(100));
    const buffer = TextBuffer.from(text);
    let place = boundary(text, random.below(text.length + 1));
    for (let step = 0; step < 12; step++) {
      const near = Math.max(0, Math.min(text.length, place + random.below(5) - 2));
      const at = boundary(text, random.oneIn(8) ? random.below(text.length + 1) : near);
      const reach = random.oneIn(10) ? random.below(500) : random.below(4);
      const end = boundary(text, Math.min(text.length, at + (random.oneIn(2) ? reach : 0)));
      const op = replace(at, Math.max(0, end - at), random.oneIn(3) ? '' : randomText(random, 3));
      place = at;
      text = apply(text, op);
      buffer.apply(op);
      expectSame(buffer, text, random);
    }
  });

  property('[TB1] large texts: typing, jumps, pastes and cuts over many leaves', 25, (random) => {
    let text = randomText(random, 10).repeat(random.below(12_000));
    const buffer = TextBuffer.from(text);
    let cursor = 0;
    for (let step = 0; step < 400; step++) {
      const op = session(random, text, cursor);
      cursor = typeof op[0] === 'number' ? Math.abs(op[0]) : 0;
      text = apply(text, op);
      buffer.apply(op);
      if (step % 20 === 0) expectSame(buffer, text, random);
    }
    expectSame(buffer, text, random);
    expect(buffer.toString()).toBe(text);
  });
});

/** What a person at `cursor` does next: mostly small things nearby. */
function session(random: Random, text: string, cursor: number): Op {
  const near = Math.max(0, Math.min(text.length, cursor + random.below(80) - 40));
  const at = boundary(text, random.oneIn(4) ? random.below(text.length + 1) : near);
  const reach = random.oneIn(30) ? random.below(60_000) : random.below(40);
  const removed = random.oneIn(3) ? boundary(text, Math.min(text.length, at + reach)) - at : 0;
  const letters = random.oneIn(40)
    ? randomText(random, 6).repeat(random.below(9_000))
    : randomText(random, 3);
  return [at, -removed, letters].filter((part) => part !== 0 && part !== '' && !Object.is(part, -0));
}

function expectSame(buffer: TextBuffer, text: string, random: Random): void {
  expect(buffer.length).toBe(text.length);
  expect(buffer.hash()).toBe(hashText(text));
  const from = random.below(text.length + 1);
  const to = from + random.below(text.length - from + 1);
  expect(buffer.slice(from, to) === text.slice(from, to), `slice ${from} to ${to}`).toBe(true);
  if (from < text.length) expect(buffer.charCodeAt(from)).toBe(text.charCodeAt(from));
  if (random.oneIn(5)) expect(buffer.toString() === text, 'toString').toBe(true);
}

test('[TB2] an operation that reaches beyond the end changes nothing', () => {
  const buffer = TextBuffer.from('abc');
  expect(() => buffer.apply(['x', 2, -2])).toThrow(RangeError);
  expect(buffer.toString()).toBe('abc');
});

test('[TB3] ranges outside the text throw', () => {
  for (const buffer of [TextBuffer.from('abc'), edited('ab', [2, 'c'])]) {
    expect(() => buffer.slice(2, 4)).toThrow(RangeError);
    expect(() => buffer.slice(2, 1)).toThrow(RangeError);
    expect(() => buffer.slice(-1)).toThrow(RangeError);
    expect(() => buffer.charCodeAt(3)).toThrow(RangeError);
    expect(buffer.slice(3)).toBe('');
    expect(buffer.slice(1)).toBe('bc');
  }
});

test('[TB5] memory is the text plus about an eighth, while its units are below 256', () => {
  const random = new Random(1);
  const buffer = TextBuffer.from('');
  while (buffer.length < 300_000) {
    const at = random.below(buffer.length + 1);
    buffer.apply(at === 0 ? ['typed é'] : [at, 'typed é']);
  }
  expect(buffer.byteSize / buffer.length).toBeLessThan(1.2);
  buffer.apply([100_000, -150_000]);
  while (buffer.length > 10_000) buffer.apply([random.below(buffer.length - 20), -20].filter(Boolean));
  expect(buffer.byteSize / buffer.length).toBeLessThan(4);
});

test('[TB5] what is left of a large text does not keep all of it in memory', async () => {
  const UNITS = 1_000_000;
  const largeText = () => Buffer.alloc(UNITS, 'a line of text\n').toString();
  const before = heapBytes();
  const lefts = Array.from({ length: 20 }, () => {
    const buffer = TextBuffer.from(largeText());
    buffer.apply([20, 20 - UNITS]);
    return buffer;
  });
  const readOften = Array.from({ length: 20 }, () => {
    const buffer = TextBuffer.from(largeText());
    while (buffer.length > 100) {
      buffer.apply([20, -Math.ceil(0.45 * (buffer.length - 20))]);
      buffer.toString();
    }
    return buffer;
  });
  const pasted = Array.from({ length: 20 }, () => {
    const buffer = TextBuffer.from('short');
    buffer.apply([largeText()]);
    buffer.apply([20, 20 - UNITS]);
    return buffer;
  });
  // Each of the three ways would keep 20 texts. Half of that is far above what the test runner itself takes meanwhile.
  // The engine frees array buffers on a thread of its own, and counts them as freed later.
  await expect.poll(() => heapBytes() - before, { timeout: 30_000 }).toBeLessThan(10 * UNITS);
  for (const buffer of [...lefts, ...readOften, ...pasted]) expect(buffer.length).toBeLessThan(200);
});

/** What lives on the heap and in array buffers. */
function heapBytes(): number {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('[TB4] the hash', () => {
  test('is the published one: cyrb53 with seed 0', () => {
    expect(hashText('a')).toBe(7929297801672961);
    expect(hashText('b')).toBe(8684336938537663);
    expect(hashText('revenge')).toBe(4051478007546757);
    expect(hashText('revenue')).toBe(8309097637345594);
  });

  test('is a safe integer, and differs for texts that differ by one unit or by order', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'a\n', '😀', '😁', 'x'.repeat(1000), 'x'.repeat(1001)];
    const hashes = texts.map(hashText);
    expect(new Set(hashes).size).toBe(texts.length);
    for (const hash of hashes) expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
  });

  test('does not depend on how the text came about', () => {
    expect(edited('ac', [1, '漢'], [1, -1, 'b']).hash()).toBe(hashText('abc'));
  });
});

function edited(text: string, ...ops: Op[]): TextBuffer {
  const buffer = TextBuffer.from(text);
  for (const op of ops) buffer.apply(op);
  return buffer;
}

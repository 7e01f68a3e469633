import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reader } from './far-shell.ts';
import { Typist } from './typist.ts';

const LEFT = '\x1b[D';
const RIGHT = '\x1b[C';
const BACKSPACE = '\x7f';
/** Longer than any way there and back. */
const LONG = 2_000;

/** Somebody at a prompt whose keys are known to be shown. */
function warm(): Typist {
  const typist = new Typist();
  typist.key('l');
  typist.shell.pass(LONG);
  return typist;
}

describe('predicted keys', () => {
  test('are seen at once when one of their line has come true, and not before', () => {
    const typist = new Typist();
    typist.key('l');
    expect(typist.line).toBe('$');
    typist.shell.pass(LONG);
    expect(typist.line).toBe('$ l');
    typist.key('s');
    expect([typist.line, typist.cursor]).toEqual(['$ ls', 4]);
    expect(typist.shell.here.text).toBe('$ l');
    typist.shell.pass(LONG);
    expect(typist.predictor.shown(typist.shell.here)).toBeNull();
    expect(typist.shell.here.text).toBe('$ ls');
  });

  test('are nothing more to be seen as soon as the shell shows them', () => {
    const typist = warm();
    typist.key('s');
    typist.shell.pass(103);
    expect(typist.shell.here.text).toBe('$ ls');
    expect(typist.predictor.shown(typist.shell.here)).toBeNull();
  });

  test('are changed by Backspace and by keys within the line, as far as it was typed', () => {
    const typist = warm();
    for (const key of ['s', 'x', BACKSPACE, LEFT, 'a', '中']) typist.key(key);
    expect([typist.line, typist.cursor]).toEqual(['$ la中s', 6]);
    for (const key of [BACKSPACE, RIGHT]) typist.key(key);
    expect([typist.line, typist.cursor]).toEqual(['$ las', 5]);
    typist.shell.pass(LONG);
    expect(typist.shell.here.text).toBe('$ las');
    for (const key of [BACKSPACE, BACKSPACE, BACKSPACE, BACKSPACE]) typist.key(key);
    expect(typist.line).toBe('$');
    typist.shell.pass(LONG);
    expect([typist.line, typist.cursor]).toEqual(['$', 2]);
    expect([...typist.wrong]).toEqual([]);
  });

  test('end before the last column', () => {
    const typist = warm();
    for (const key of 'abcdefghijklmnop') typist.key(key);
    expect(typist.line).toBe('$ labcdefghijklmnop');
    typist.key('q');
    typist.key('r');
    expect(typist.line).toBe('$ labcdefghijklmnop');
    typist.shell.pass(LONG);
    expect(typist.line).toBe('r');
    expect([...typist.wrong]).toEqual([]);
  });

  test.each(['\r', '\t', '\x03', '\x1bb', '\x1b[A', 'e\u0301', 'a pasted line of words'])(
    'nothing of what follows %j is seen before something of it has come true',
    (barrier) => {
      const typist = warm();
      typist.key(barrier);
      const { line } = typist;
      typist.key('x');
      expect(typist.line).toBe(line);
    },
  );

  test('after Enter, type-ahead is taken up where the shell is', () => {
    const typist = warm();
    typist.type('s\recho', 40);
    typist.shell.pass(60);
    expect(typist.shell.here.text).toBe('$ ech');
    typist.shell.pass(LONG);
    typist.key('!');
    expect(typist.line).toBe('$ echo!');
    expect([...typist.wrong]).toEqual([]);
  });

  test('keys that are all alike are told apart from those that are on their way', () => {
    const typist = new Typist();
    typist.key('x');
    // The terminal has got another size.
    typist.predictor.drop();
    typist.shell.pass(100);
    typist.type('xxxxpq', 55);
    typist.shell.pass(LONG);
    expect(typist.seen).toMatch(/q/);
    expect([...typist.wrong]).toEqual([]);
  });

  test('a password is never seen, neither after Enter nor on the line of a question', () => {
    const typist = warm();
    typist.shell.next.push('silent');
    typist.type('s\rSECRET\r');
    typist.shell.pass(LONG);
    expect(typist.seen).not.toMatch(/[A-Z]/);
    expect(typist.shell.here.text).toBe('$');

    typist.type('go');
    typist.shell.pass(LONG);
    typist.shell.reader = 'silent';
    typist.shell.say(' Password: ');
    typist.shell.pass(LONG);
    typist.type('SECRET\r');
    expect(typist.seen).not.toMatch(/[A-Z]/);
  });

  test('a password is not seen that begins before the key of a question counts as taken', () => {
    const typist = warm();
    typist.key('y');
    typist.shell.pass(53);
    typist.shell.reader = 'silent';
    typist.shell.say(' Password: ');
    typist.shell.pass(53);
    expect(typist.shell.here.text).toBe('$ ly Password:');
    typist.key('S');
    expect(typist.line).toBe('$ ly Password:');
  });

  test('a character that was taken back earns nothing', () => {
    const typist = warm();
    typist.shell.next.push('silent');
    typist.key('\r');
    typist.shell.pass(LONG);
    typist.key('A');
    typist.key(BACKSPACE);
    typist.shell.pass(LONG);
    typist.key('S');
    expect(typist.line).toBe('Password:');
  });

  test('are given up when what stands ahead of them changes, or another screen comes', () => {
    for (const text of ['\r# l', '⇄']) {
      const typist = warm();
      typist.key('s');
      expect(typist.line).toBe('$ ls');
      typist.shell.say(text);
      typist.shell.pass(60);
      expect(typist.predictor.shown(typist.shell.here)).toBeNull();
    }
  });

  test('the first wrong one takes all away', () => {
    const typist = warm();
    typist.shell.reader = 'silent';
    for (const key of 'abc') typist.key(key);
    expect(typist.line).toBe('$ labc');
    typist.shell.pass(155);
    expect(typist.line).toBe('$ l');
    typist.key('d');
    expect(typist.line).toBe('$ l');
  });

  test('are not made on the other screen, nor over a resize or another screen', () => {
    const typist = warm();
    typist.shell.next.push('full');
    typist.type('\rx');
    typist.shell.pass(LONG);
    typist.type('xyz');
    expect(typist.predictor.shown(typist.shell.here)).toBeNull();
    expect(typist.seen).toBe('');
    const other = warm();
    other.key('s');
    expect(other.line).toBe('$ ls');
    other.predictor.drop();
    expect(other.line).toBe('$ l');
  });

  test('begin with a round trip of 30 ms, and end with one of 20 ms', () => {
    const typist = warm();
    const seen = (ms: number | null) => {
      typist.predictor.roundTrip(ms);
      typist.shell.pass(LONG);
      typist.key('a');
      typist.shell.pass(LONG);
      typist.key('b');
      const { line } = typist;
      typist.shell.pass(LONG);
      typist.key(BACKSPACE);
      typist.key(BACKSPACE);
      typist.shell.pass(LONG);
      return line === '$ lab';
    };
    expect([null, 29, 30, 21, 20, 29, 31].map(seen)).toEqual([false, false, true, true, false, false, true]);
  });

  test('show four of five keys of commands at once, and none wrong, with 100 ms there and back', () => {
    const typist = new Typist();
    let keys = 0;
    for (const command of ['git status', 'cd src', 'ls -la', 'make check', 'vim a.txt']) {
      typist.type(`${command}\r`, 150);
      keys += command.length;
    }
    typist.shell.pass(LONG);
    expect([...typist.wrong]).toEqual([]);
    expect(typist.atOnce.size / keys).toBeGreaterThan(0.8);
  });

  // What is typed at once is answered within the time after which keys count as taken.
  const delays = fc.record({ way: fc.integer({ min: 0, max: 150 }), work: fc.integer({ min: 0, max: 1 }) });
  const gap = fc.integer({ min: 0, max: 400 });
  const keyOf = (alphabet: string[]) => fc.record({ key: fc.constantFrom(...alphabet), gap });
  const lower = ['a', 'b', 'c', 'a', ' ', 'x', '中', BACKSPACE, LEFT, RIGHT, '\t'];
  const part = fc.record({
    line: fc.array(keyOf(lower), { maxLength: 14 }),
    reader: fc.constantFrom<Reader>('line', 'silent', 'raw', 'full'),
    // What programs other than the shell are given is told from the rest by its capitals.
    program: fc.array(keyOf(['A', 'B', 'C', BACKSPACE]), { maxLength: 6 }),
  });

  test('of programs that show no keys are never seen, whatever the delays', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.infiniteStream(delays), (parts, times) => {
        const typist = new Typist(() => times.next().value!);
        for (const { line, reader, program } of parts) {
          typist.shell.next.push(reader);
          const keys = [...line, { key: '\r', gap: 100 }];
          if (reader !== 'line') keys.push(...program, { key: '\r', gap: 100 });
          for (const { key, gap } of keys) {
            typist.key(key);
            typist.shell.pass(gap);
          }
        }
        typist.shell.pass(100_000);
        expect(typist.seen).not.toMatch(/[A-Z]/);
        expect(typist.predictor.shown(typist.shell.here)).toBeNull();
        expect(typist.shell.here.text).toBe(typist.shell.there.text);
      }),
      { numRuns: 500 },
    );
  });

  const few = ['a', 'a', 'b', LEFT, '\t'];
  test.each([
    { what: 'what is typed', keys: keyOf(lower), numRuns: 500 },
    {
      what: 'keys that are much alike, and typed fast',
      keys: fc.record({ key: fc.constantFrom(...few), gap: fc.integer({ min: 0, max: 120 }) }),
      numRuns: 2_000,
    },
  ])('are all right where the shell shows $what, whatever the delays', ({ keys, numRuns }) => {
    fc.assert(
      fc.property(fc.array(fc.array(keys, { maxLength: 12 })), fc.infiniteStream(delays), (lines, times) => {
        const typist = new Typist(() => times.next().value!);
        for (const line of lines) {
          for (const { key, gap } of [...line, { key: '\r', gap: 100 }]) {
            typist.key(key);
            typist.shell.pass(gap);
          }
        }
        typist.shell.pass(100_000);
        expect([...typist.wrong]).toEqual([]);
      }),
      { numRuns },
    );
  });
});

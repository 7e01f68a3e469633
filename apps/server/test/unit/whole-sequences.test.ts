import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_SEQUENCE, WholeSequences } from '../../src/terminals/whole-sequences.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const latin1 = (bytes: string) => Uint8Array.from(Buffer.from(bytes, 'latin1'));

/** Things that are whole, as they are written. */
const THINGS = [
  'a',
  ' ',
  '\r\n',
  'é',
  '中',
  '😀',
  '\x1b[1;31m',
  '\x1b[?25l',
  '\x1b(0',
  '\x1b7',
  '\x1bM',
  '\x1b]0;a title\x07',
  '\x1b]8;;http://x\x1b\\',
  '\x1bP$q"p\x1b\\',
  '\x1b[38:2::1:2:3m',
].map((thing) => Buffer.from(thing).toString('latin1'));

test('what is handed on ends between two things, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...THINGS), { maxLength: 30 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (things, lengths) => {
        const all = things.join('');
        const ends = new Set([0]);
        for (const thing of things) ends.add(Math.max(...ends) + thing.length);
        // A line’s end is two things.
        for (let at = all.indexOf('\r'); at >= 0; at = all.indexOf('\r', at + 1)) ends.add(at + 1);
        const sequences = new WholeSequences();
        let handedOn = '';
        for (let at = 0; at < all.length; ) {
          const piece = all.slice(at, at + lengths.next().value!);
          at += piece.length;
          handedOn += text(sequences.push(latin1(piece)));
          expect(ends).toContain(handedOn.length);
          expect(handedOn + text(sequences.held)).toBe(all.slice(0, at));
          // Nothing that is whole is held back.
          expect([...ends].filter((end) => end <= at).reduce((a, b) => Math.max(a, b))).toBe(handedOn.length);
        }
        expect(handedOn).toBe(all);
      },
    ),
  );
});

test.each([
  ['an escape that another one breaks off', '\x1b[1\x1b[0mx'],
  ['a string that an escape breaks off', '\x1b]0;title\x1b[0mx'],
  ['a sequence that is called off', '\x1b[12\x18x'],
  ['a byte that begins a character, and no more of it', '\xe4x'],
  ['bytes that no character has', '\xff\xfe\x80x'],
])('%s does not hold up what follows', (_, bytes) => {
  const sequences = new WholeSequences();
  expect(text(sequences.push(latin1(bytes)))).toBe(bytes);
});

test('a string without an end is handed on all the same, and never held whole', () => {
  const sequences = new WholeSequences();
  let handedOn = 0;
  sequences.push(latin1('\x1b]0;'));
  for (let i = 0; i < 300; i++) {
    handedOn += sequences.push(latin1('x'.repeat(1_000))).length;
    expect(sequences.held.length).toBeLessThanOrEqual(LONGEST_SEQUENCE);
  }
  expect(handedOn + sequences.held.length).toBe(300_004);
});

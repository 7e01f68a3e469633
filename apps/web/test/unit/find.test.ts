import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIn, piecesOf } from '../../src/features/runs/find.ts';
import { Transcript } from '../../src/features/runs/transcript.ts';

function blocksOf(text: string) {
  const transcript = new Transcript();
  transcript.take([{ stream: 'stdout', text }]);
  return transcript.blocks();
}

describe('finding in output', () => {
  test('finds words whatever their case, across changes of style, with no mark of theirs meant as a pattern', () => {
    const blocks = blocksOf('Total\nsub\u001b[31mtot\u001b[0mal (a.b)\naxb\n');
    expect(findIn(blocks, 'total').map(({ line, from, to }) => [line, from, to])).toEqual([
      [0, 0, 5],
      [1, 3, 8],
    ]);
    expect(findIn(blocks, '(a.b)').length).toBe(1);
    expect(findIn(blocks, '')).toEqual([]);
  });

  test('marks each place whole, and the one that is looked at by itself', () => {
    const [block] = blocksOf('a\u001b[31mab\u001b[0mba ab\n');
    const found = findIn([block!], 'ab');
    const pieces = piecesOf(block!.lines[0]!, found, found[1]!);
    expect(pieces.map(({ text, found: kind }) => `${kind} ${text}`)).toEqual([
      'no a',
      'other ab',
      'no ba ',
      'current ab',
    ]);
  });

  test('cuts nothing out of a line, and nothing into it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u001b[1m', '\u001b[0m', ' ') });
    const words = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(text, words, (printed, sought) => {
        for (const line of blocksOf(printed).flatMap(({ lines }) => lines)) {
          const blocks = [{ id: 0, version: 0, lines: [line] }];
          const found = findIn(blocks, sought);
          const pieces = piecesOf(line, found, found[0] ?? null);
          expect(pieces.map((piece) => piece.text).join('')).toBe(
            line.spans.map((span) => span.text).join(''),
          );
          const marked = pieces.filter((piece) => piece.found !== 'no').map((piece) => piece.text);
          expect(marked.join('').toLowerCase()).toBe(sought.repeat(found.length));
        }
      }),
    );
  });
});

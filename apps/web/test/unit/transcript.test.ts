import { joinedWords, type RunWords } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { AnsiReader } from '../../src/features/runs/ansi.ts';
import { partsOf, pathReader } from '../../src/features/runs/references.ts';
import { plainText, SHOWN_LINES, Transcript } from '../../src/features/runs/transcript.ts';
import { ran } from '../support/ran.ts';

type Piece = { stream: 'stdout' | 'stderr' | 'stdin'; text: string };

/** The lines as text, stderr marked with `!` and what was typed in angle brackets. */
function lines(...pieces: Piece[]): string[] {
  const transcript = new Transcript();
  transcript.take(pieces);
  return shown(transcript);
}

function shown(transcript: Transcript): string[] {
  return transcript
    .blocks()
    .flatMap((block) => block.lines)
    .map(
      (line) =>
        (line.stream === 'stderr' ? '!' : '') +
        line.spans.map((span) => (span.typed ? `<${span.text}>` : span.text)).join(''),
    );
}

const out = (text: string): Piece => ({ stream: 'stdout', text });
const err = (text: string): Piece => ({ stream: 'stderr', text });
const typed = (text: string): Piece => ({ stream: 'stdin', text });

describe('lines', () => {
  test('end where the program ended them, and empty ones are kept', () => {
    expect(lines(out('a\n\nb\n'))).toEqual(['a', '', 'b']);
  });

  test('that are not ended yet are shown too', () => {
    expect(lines(out('a\nName? '))).toEqual(['a', 'Name? ']);
  });

  test('of stdout and stderr are never mixed into one', () => {
    expect(lines(out('working'), err('oops\n'), out('done\n'))).toEqual(['working', '!oops', 'done']);
  });

  test('of streams that take turns in one piece are told apart, however much of it is there', () => {
    const stretches = [out('a\nb'), err('E1\nE'), out('c\n'), err('2\n')];
    const mixed = ['a', 'b', '!E1', '!E', 'c', '!2'];
    expect(lines(...stretches)).toEqual(mixed);
    const transcript = new Transcript();
    for (let n = 1; n <= stretches.length; n++) {
      const piece = joinedWords(stretches.slice(0, n) as RunWords[])!;
      const follows = transcript.follows([piece]);
      transcript.take([piece]);
      expect([follows, shown(transcript)]).toEqual([true, lines(...stretches.slice(0, n))]);
    }
    const whole = joinedWords(stretches as RunWords[])!;
    expect(plainText([whole])).toBe('a\nbE1\nEc\n2\n');
    expect(transcript.follows([{ ...whole, turns: [1, ...whole.turns!.slice(1)] }])).toBe(false);
  });

  test('go on with what was typed at their prompt', () => {
    expect(lines(out('Name? '), typed('Ada\n'), out('Hello\n'))).toEqual(['Name? <Ada>', 'Hello']);
  });

  test('are written over after a carriage return, as progress bars do', () => {
    expect(lines(out('10 %\r20 %\r100 %\n'))).toEqual(['100 %']);
    expect(lines(out('abcdef\rXY\n'))).toEqual(['XYcdef']);
    expect(lines(out('abcdef\r\u001b[Kxy\n'))).toEqual(['xy']);
    expect(lines(out('a\r\nb\r\n'))).toEqual(['a', 'b']);
  });

  test('without an end are broken, so that no box grows without end', () => {
    const long = lines(out('x'.repeat(20_000)));
    expect(long.length).toBe(3);
    expect(long.join('')).toBe('x'.repeat(20_000));
  });

  test('beyond what is shown fall out at the top, in full blocks', () => {
    const transcript = new Transcript();
    transcript.take([out(Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join(''))]);
    const kept = shown(transcript);
    expect(kept.length).toBeLessThanOrEqual(SHOWN_LINES);
    expect(kept.at(-1)).toBe('49999');
    expect(kept[0]).toBe(String(transcript.dropped));
  });
});

test('a transcript takes only what is new, whether a piece grew or another came', () => {
  const transcript = new Transcript();
  expect(transcript.take([out('a')])).toBe(true);
  expect(transcript.take([out('a')])).toBe(false);
  expect(transcript.take([out('ab\n')])).toBe(true);
  expect(transcript.take([out('ab\n'), err('c\n'), out('d')])).toBe(true);
  expect(shown(transcript)).toEqual(['ab', '!c', 'd']);
});

test('a transcript follows only a list that goes on where it stopped', () => {
  const transcript = new Transcript();
  const first = out('Name? ');
  transcript.take([first, typed('Ada\n')]);
  expect(transcript.follows([first, typed('Ada\n'), out('Hello\n')])).toBe(true);
  expect(transcript.follows([first, typed('Ada\nLovelace\n')])).toBe(true);
  expect(transcript.follows([out('What? '), typed('Ada\n')])).toBe(false);
  expect(transcript.follows([first, out('Hello\n')])).toBe(false);
  expect(transcript.follows([first])).toBe(false);
});

test('blocks that are full stay the same object, so that they are not drawn again', () => {
  const transcript = new Transcript();
  const text = 'line\n'.repeat(500);
  transcript.take([out(text)]);
  const before = transcript.blocks();
  transcript.take([out(text), err('more\n')]);
  const after = transcript.blocks();
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

describe('escape sequences', () => {
  const read = (text: string) => new AnsiReader().push(text);

  test('set colours and weights, and reset them', () => {
    expect(read('\u001b[1;31mred\u001b[0m plain')).toEqual([
      { kind: 'text', text: 'red', style: { bold: true, fg: 'var(--ansi-1)' } },
      { kind: 'text', text: ' plain', style: null },
    ]);
    expect(read('\u001b[38;5;208mx')).toEqual([{ kind: 'text', text: 'x', style: { fg: 'rgb(255 135 0)' } }]);
    expect(read('\u001b[48;2;1;2;3mx')).toEqual([{ kind: 'text', text: 'x', style: { bg: 'rgb(1 2 3)' } }]);
  });

  test('may come in pieces', () => {
    const reader = new AnsiReader();
    expect(reader.push('a\u001b[3')).toEqual([{ kind: 'text', text: 'a', style: null }]);
    expect(reader.push('2mb')).toEqual([{ kind: 'text', text: 'b', style: { fg: 'var(--ansi-2)' } }]);
  });

  test.each([
    ['a clipboard write', '\u001b]52;c;c2VjcmV0\u0007'],
    ['a title', '\u001b]0;title\u001b\\'],
    ['a link with a scheme of its own', '\u001b]8;;javascript:alert(1)\u0007'],
    ['a device query', '\u001b[c\u001b[6n\u001b[>0q'],
    ['a device control string', '\u001bP$qm\u001b\\'],
    ['a screen clear and cursor moves', '\u001b[2J\u001b[H\u001b[10;10H'],
    ['an eight-bit control string', '\u009d52;c;eA==\u009c'],
    ['a bell and other controls', '\u0007\u0000\u000b\u007f'],
    ['a character set', '\u001b(B'],
  ])('[A9] [A10] that are %s have no effect', (_, sequence) => {
    expect(read(`a${sequence}b`).map((token) => (token.kind === 'text' ? token.text : token.kind))).toEqual([
      'a',
      'b',
    ]);
  });

  test('that never end do not swallow the output for ever', () => {
    expect(read(`\u001b[${'1'.repeat(300)}text`).some((token) => token.kind === 'text')).toBe(true);
  });
});

test('copying takes all the text and none of the escapes', () => {
  expect(plainText([out('\u001b[31mred\u001b[0m\nName? '), typed('Ada\n'), err('x\n')])).toBe(
    'red\nName? Ada\nx\n',
  );
});

describe('what can be followed in a line', () => {
  const files = new Set(['main.py', 'lib/util.py', 'util.py', 'src/main.rs', 'main.go']);
  const fileOf = pathReader(ran('main.py'), files);
  const found = (text: string) =>
    partsOf(text, fileOf).flatMap((part) => {
      if (part.kind === 'place') return [`${part.path}:${part.line}`];
      return part.kind === 'link' ? [part.url] : [];
    });

  test.each([
    ['  File "/w/main.py", line 15, in <module>', ['main.py:15']],
    ['  File "/w/lib/util.py", line 3, in twice', ['lib/util.py:3']],
    ['./main.go:5:2: undefined: x', ['main.go:5']],
    ['  --> src/main.rs:2:5', ['src/main.rs:2']],
    ['  File "/usr/lib/python3.13/json/decoder.py", line 355', []],
    ['see https://example.org/a?b=1, then go', ['https://example.org/a?b=1']],
    ['javascript:alert(1) file:///etc/passwd', []],
  ])('%s', (line, expected) => {
    expect(found(line)).toEqual(expected);
  });

  test('loses nothing of the line', () => {
    const line = 'a https://x.y/z b "main.py:3" c';
    expect(
      partsOf(line, fileOf)
        .map((part) => part.text)
        .join(''),
    ).toBe(line);
  });
});

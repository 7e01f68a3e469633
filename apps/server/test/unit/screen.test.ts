// A screen that somebody comes to late is the one that the others have.
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Screen } from '../../src/terminals/screen.ts';

const SIZE = { cols: 40, rows: 8 };

/** What a terminal looks like and how it will go on. */
async function looks(terminal: Terminal): Promise<unknown> {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, i) => {
    const line = active.getLine(i)!;
    const cells = Array.from({ length: terminal.cols }, (_, x) => {
      const cell = line.getCell(x)!;
      // What is erased has a background only, but for one thing: half of a wide character that is overwritten keeps the
      // style of the whole in the other half. The serializer does not know that, and hardly anybody sees it.
      if (cell.getChars() === '') return `/${cell.getWidth()}/-1/${cell.getBgColor()}/0/0`;
      return `${cell.getChars()}/${cell.getWidth()}/${cell.getFgColor()}/${cell.getBgColor()}/${cell.isBold()}/${cell.isInverse()}`;
    });
    return cells.join(' ').replace(/( \/1\/-1\/-1\/0\/0)+$/, '');
  });
  while (lines.at(-1) === '' || lines.at(-1) === '/1/-1/-1/0/0') lines.pop();
  return {
    lines,
    cursor: [active.cursorX, active.cursorY],
    kind: active.type,
    modes: terminal.modes,
  };
}

function write(terminal: Terminal, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}

function terminalOf({ cols, rows }: typeof SIZE): Terminal {
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  return terminal;
}

/** What a program writes, piece by piece: text, colours, moves, regions, modes, the alternate screen. */
const written = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'hello ',
        'x',
        'a long word that may wrap ',
        '中文',
        'é',
        '😀',
        '\r\n',
        '\n',
        '\t',
        '\b',
      ),
    },
    fc.constantFrom('\x1b[31m', '\x1b[1;44m', '\x1b[7m', '\x1b[0m', '\x1b[38;5;200m', '\x1b[48;2;1;2;3m'),
    fc.constantFrom(
      '\x1b[H',
      '\x1b[3;5H',
      '\x1b[A',
      '\x1b[2C',
      '\x1b[K',
      '\x1b[2J',
      '\x1b[L',
      '\x1b[M',
      '\x1b[2@',
      '\x1b[P',
      '\x1bM',
    ),
    fc.constantFrom('\x1b[2;6r', '\x1b[r', '\x1b[?6h', '\x1b[?6l'),
    fc.constantFrom(
      '\x1b[?1049h',
      '\x1b[?1049l',
      '\x1b[?2004h',
      '\x1b[?1h',
      '\x1b[?25l',
      '\x1b[?25h',
      '\x1b[?1000h\x1b[?1006h',
      '\x1b[4h',
      '\x1b[4l',
    ),
  ),
  { maxLength: 60 },
);

/** What shows the rest: how the terminal scrolls, wraps and places what comes after. */
const AFTER = 'more\r\n\x1b[Sand\n\n\n\n\n\n\n\n\n\x1b[2;3Hhere\x1b[Tend';

describe('a snapshot', () => {
  test('draws what all others see, and what comes next has the same effect on it', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.double({ min: 0, max: 1, noNaN: true }), async (parts, share) => {
        const bytes = Buffer.from(parts.join(''));
        const cut = Math.floor(bytes.length * share);
        const early = terminalOf(SIZE);
        await write(early, bytes);
        const screen = new Screen(SIZE, () => undefined);
        void screen.write(bytes.subarray(0, cut));
        const { screen: drawn, at, rest } = (await screen.snapshot(10_000))!;
        expect(at + rest.length).toBe(cut);
        const late = terminalOf(SIZE);
        await write(late, drawn);
        await write(late, rest);
        await write(late, bytes.subarray(cut));
        expect(await looks(late)).toEqual(await looks(early));
        await write(early, AFTER);
        await write(late, AFTER);
        expect(await looks(late)).toEqual(await looks(early));
        screen.close();
      }),
      { numRuns: 200 },
    );
  });
});

/** Goes to the alternate screen in one style, sets another there, and goes back. */
const [THERE, BACK] = ['\x1b[35;1m\x1b[?1049h\x1b[H', '\x1b[?1049lx'];

test.each([
  ['rows that have a background alone', '\x1b[1;44mhello\x1b[2J\x1b[H', 'x'],
  ['those below what is written', 'hello\x1b[48;2;1;2;3m\x1b[J', 'x'],
  ['a background in a part of a row', '\x1b[48;5;200m\x1b[3;5H\x1b[4X\x1b[m', 'x'],
  ['those of the screen below the alternate one', `\x1b[44m\x1b[2J${THERE}\x1b[mhello`, BACK],
  ['an alternate screen without the style that is set', `${THERE}\x1b[mhello\x1b[31;44m`, BACK],
  ['a blank line that wraps', `\x1b[1;40H中文`, 'x'],
])('a snapshot has %s', async (_, bytes, next) => {
  const screen = new Screen(SIZE, () => undefined);
  void screen.write(Buffer.from(bytes));
  const [early, late] = [terminalOf(SIZE), terminalOf(SIZE)];
  await write(early, bytes);
  await write(late, (await screen.snapshot(10_000))!.screen);
  expect(await looks(late)).toEqual(await looks(early));
  for (const terminal of [early, late]) await write(terminal, next);
  expect(await looks(late)).toEqual(await looks(early));
  screen.close();
});

test('answers what a program asks of the terminal', async () => {
  let answer = '';
  const screen = new Screen(SIZE, (text) => {
    answer += text;
  });
  await screen.write(Buffer.from('ab\x1b[6n\x1b[c'));
  expect(answer).toBe('\x1b[1;3R\x1b[?1;2c');
  screen.close();
});

test('a resize comes where it was said, between what was written before and after', async () => {
  const screen = new Screen({ cols: 10, rows: 4 }, () => undefined);
  void screen.write(Buffer.from('1234567890abc\r\n'));
  screen.resize({ cols: 20, rows: 4 });
  void screen.write(Buffer.from('1234567890abc'));
  const { screen: drawn } = (await screen.snapshot(0))!;
  const late = terminalOf({ cols: 20, rows: 4 });
  await write(late, drawn);
  const line = (y: number) => late.buffer.active.getLine(y)!.translateToString(true);
  expect([line(0), line(1)]).toEqual(['1234567890abc', '1234567890abc']);
  screen.close();
});

// What every keeper of screens promises. Run on each implementation.
import { expect, test } from 'vitest';
import type { Screens } from '../../src/ports.ts';

const SIZE = { cols: 20, rows: 4 };

export function screensContract(name: string, screens: () => Screens): void {
  const open = (heard: { drawn?: (upTo: number) => void; answer?: (text: string) => void } = {}) =>
    screens().open(SIZE, {
      drawn: heard.drawn ?? (() => undefined),
      answer: heard.answer ?? (() => undefined),
      lost: () => expect.unreachable('the screen was lost'),
    });

  test(`screens ${name}: a snapshot is of a moment after it was asked for, and says of which`, async () => {
    const screen = open();
    screen.write(Buffer.from('one é two'));
    const first = screen.snapshot(100);
    screen.write(Buffer.from(' three'));
    const { screen: drawn, at, rest, size } = (await first)!;
    expect(at).toBeGreaterThanOrEqual(10);
    expect(Buffer.from('one é two three').subarray(0, at).toString()).toBe(drawn);
    expect([rest.length, size]).toEqual([0, SIZE]);
    expect(await screen.snapshot(100)).toMatchObject({ screen: 'one é two three', at: 16 });
    screen.close();
  });

  test(`screens ${name}: many who ask at once are all answered, those of a closed screen with nothing`, async () => {
    const [one, other] = [open(), open()];
    one.write(Buffer.from('one'));
    const asked = Array.from({ length: 20 }, () => [one.snapshot(0), other.snapshot(10)]).flat();
    other.close();
    const texts = (await Promise.all(asked)).map((snapshot) => snapshot?.screen);
    expect(new Set(texts.filter((_, i) => i % 2 === 0))).toEqual(new Set(['one']));
    expect(await other.snapshot(0)).toBeNull();
    one.close();
  });

  test(`screens ${name}: what is not whole yet comes beside it`, async () => {
    const screen = open();
    screen.write(Buffer.from('ab\x1b[3'));
    const snapshot = (await screen.snapshot(100))!;
    expect([snapshot.screen, snapshot.at]).toEqual(['ab', 2]);
    expect(Buffer.from(snapshot.rest).toString()).toBe('\x1b[3');
    screen.close();
  });

  test(`screens ${name}: every byte is told as drawn, once it is`, async () => {
    let upTo = 0;
    const screen = open({
      drawn: (to) => {
        expect(to).toBeGreaterThan(upTo);
        upTo = to;
      },
    });
    for (let i = 0; i < 50; i++) screen.write(Buffer.from('x'.repeat(1_000)));
    screen.write(Buffer.from('\x1b['));
    await expect.poll(() => upTo).toBe(50_002);
    screen.close();
  });

  test(`screens ${name}: they keep apart, each in its order of writes and sizes`, async () => {
    const [one, other] = [open(), open()];
    one.write(Buffer.from('1234567890'));
    other.write(Buffer.from('other'));
    one.resize({ cols: 5, rows: 4 });
    one.write(Buffer.from('abc'));
    expect((await one.snapshot(0))!.screen).toContain('abc');
    expect((await other.snapshot(0))!.screen).toBe('other');
    one.close();
    other.close();
  });

  test(`screens ${name}: what a program asks of the terminal is answered`, async () => {
    let answer = '';
    const screen = open({
      answer: (text) => {
        answer += text;
      },
    });
    screen.write(Buffer.from('\x1b[6n'));
    await expect.poll(() => answer).toBe('\x1b[1;1R');
    screen.close();
  });
}

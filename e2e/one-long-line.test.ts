import { expect, test } from 'vitest';
import { describeWithSandbox, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** Keys pressed before and after the flood, and at least during it. */
const KEYS = 25;
const KEYS_DURING = 5;

/** The flood wants processors too, and a machine that tests in parallel is no quiet one. */
const RATIO = 8;
const SLACK_MS = 250;

describeWithSandbox('a program that floods its output', () => {
  const world = useWorld();

  test('[A7] one line of 100 MB: the page of who watches takes keys and draws on', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await room.replaceText('import sys\nsys.stdout.write("x" * 100_000_000)\n');
    await room.press('Control+End');
    await room.untilSaved();
    let typed = 0;

    /** Milliseconds from a key to the frame after it. */
    const key = async (): Promise<number> => {
      const began = performance.now();
      await room.press('#');
      typed += 1;
      await ada.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      return performance.now() - began;
    };
    const keys = async (until: () => Promise<boolean>, least: number): Promise<number[]> => {
      const times: number[] = [];
      while (times.length < least || !(await until())) times.push(await key());
      return times;
    };
    const atOnce = () => Promise.resolve(true);

    const calm = await keys(atOnce, KEYS);
    await room.run.click();
    await room.focusEditor();
    await room.press('Control+End');
    const ended = room.ended('Stopped: output limit');
    const during = await keys(() => ended.isVisible(), KEYS_DURING);
    await ended.waitFor();
    const after = await keys(atOnce, KEYS);

    const figures = `frames after keys, in ms: ${words(calm)} before, ${words(during)} during, ${words(after)} after`;
    expect(median(during), figures).toBeLessThan(RATIO * median(calm) + SLACK_MS);
    expect(median(after), figures).toBeLessThan(RATIO * median(calm) + SLACK_MS);
    expect(Math.max(...during, ...after), figures).toBeLessThan(RATIO * (Math.max(...calm) + SLACK_MS));
    // Every key is there, and what is shown of the line is as long as what is kept of it.
    await room.untilShown((text) => text.split('#').length - 1 === typed);
    await room.untilSaved();
    const shown = await room.output.evaluate((box) => (box.textContent ?? '').split('x').length - 1);
    expect(shown).toBeGreaterThan(500_000);
  });
});

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1]!;
}

function words(times: readonly number[]): string {
  return `${Math.round(median(times))}, at most ${Math.round(Math.max(...times))} (${times.length} keys)`;
}

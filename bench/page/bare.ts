/** Monaco as the page has it, with a text and without a room. */

import { Scenes } from '../../e2e/harness/scenes.ts';
import type { Browser, Page } from './browser.ts';
import { type Keys, typeKeys, untilDrawn, workedMs } from './measure.ts';
import { type Place, places, putCursor } from './places.ts';
import { type Clocked, startClock } from './screen-clock.ts';
import { firstLine, linesOf } from './texts.ts';

/** What apps/web/test/harness/bare.ts leaves in the page. */
type Bare = { readonly bare: { readonly show: (text: string) => void } };

export type BareFigures = {
  /** From the call that shows the text until it is drawn. */
  readonly openMs: number;
  /** Processor time of the page's main thread for it. */
  readonly openWorkMs: number;
  readonly keys: Readonly<Record<Place, Keys>>;
};

export async function inBareEditor(browser: Browser, text: string): Promise<BareFigures> {
  const scenes = await Scenes.serve();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(startClock);
    await page.goto(scenes.bare);
    await page.waitForFunction(() => 'bare' in globalThis);
    await show(page, 'print(1)\n');
    await untilDrawn(page, 'print(1)');
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await workedMs(session);
    const openMs = await show(page, text);
    const openWorkMs = (await workedMs(session)) - before;
    const keys = {} as Record<Place, Keys>;
    for (const place of places) {
      await putCursor(page, place, linesOf(text));
      keys[place] = await typeKeys(page, session);
    }
    return { openMs, openWorkMs, keys };
  } finally {
    await context.close();
  }
}

/** Milliseconds until its first line is drawn. */
function show(page: Page, text: string): Promise<number> {
  return page.evaluate(
    async ([all, line]) => {
      const { bare, clock } = globalThis as unknown as Bare & Clocked;
      const began = performance.now();
      bare.show(all!);
      await clock.until(line!);
      return performance.now() - began;
    },
    [text, firstLine(text)],
  );
}

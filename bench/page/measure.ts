/** What is measured of a page in which somebody opens a text and types into it. */

import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from './browser.ts';
import type { Clocked } from './screen-clock.ts';

/** Keys of one stretch, those that warm up beside, and the pause between them in milliseconds: a quick typist. */
const KEYS = 120;
const WARM_UP = 20;
const GAP_MS = 45;

export type Keys = {
  /** Of each key, milliseconds until the frame that shows it has ended. A frame may be 16 ms away. */
  readonly seenMs: readonly number[];
  /** Processor time of the page's main thread for a key, all that follows from it included. */
  readonly workMs: number;
};

/** Milliseconds from the last click, or the page's navigation, to the frame that shows `text`. */
export function untilDrawn(page: Page, text: string): Promise<number> {
  return page.evaluate((wanted) => (globalThis as unknown as Clocked).clock.until(wanted), text);
}

/** Types letters where the cursor is. */
export async function typeKeys(page: Page, session: CDPSession): Promise<Keys> {
  await press(page, WARM_UP);
  await page.evaluate(() => (globalThis as unknown as Clocked).clock.clear());
  const before = await workedMs(session);
  await press(page, KEYS);
  // What a key sets off, such as writing it down, may come after its frame.
  await pause(300);
  const workMs = ((await workedMs(session)) - before) / KEYS;
  return { seenMs: await page.evaluate(() => [...(globalThis as unknown as Clocked).clock.keysMs]), workMs };
}

/** Processor time of the page's main thread so far, in milliseconds. */
export async function workedMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

async function press(page: Page, keys: number): Promise<void> {
  for (let n = 0; n < keys; n++) {
    await page.keyboard.press('x');
    await pause(GAP_MS);
  }
}

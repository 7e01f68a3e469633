/** Where somebody types in a text. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from './browser.ts';

export const places = ['start', 'middle', 'end'] as const;
export type Place = (typeof places)[number];

/** What the page does by itself after a jump, such as colouring what is seen. */
const SETTLE_MS = 1_500;

/**
 * Puts the cursor of the editor that has the focus there, in a text of so many lines: at its start and in its middle on a
 * new line.
 */
export async function putCursor(page: Page, place: Place, lines: number): Promise<void> {
  if (place === 'middle') {
    await page.keyboard.press('Control+g');
    await page.keyboard.type(String(lines >> 1));
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
  } else {
    await page.keyboard.press(place === 'start' ? 'Control+Home' : 'Control+End');
  }
  if (place !== 'end') await page.keyboard.press('Enter');
  await pause(SETTLE_MS);
}

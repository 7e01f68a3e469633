import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { settled } from './layout.ts';

/** What axe finds on a page, serious or critical: rule, places, and what is wrong there. */
export async function violations(page: Page): Promise<string[]> {
  // What fades in has less contrast while it does.
  await settled(page);
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
    );
}

/** The timer of a pair, by the server's clock: it takes a minute. */
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import type { RoomPage } from './pages/room-page.ts';

describeInBrowser('the timer of a pair', () => {
  const world = useWorld({ engine: 'none' });

  test('is seen by both, pauses, and ends for both with a swap', async () => {
    const { ada, hers, theirs } = await twoInARoom(world);
    const timers = (page: RoomPage) => page.page.getByRole('contentinfo').getByRole('timer');
    await hers.command('Take the driver’s seat');
    await theirs.page.getByRole('contentinfo').getByText('Ada drives').waitFor();
    await hers.command('Start a timer…');
    const dialog = hers.page.getByRole('dialog', { name: 'Start a timer' });
    await dialog.getByRole('textbox', { name: 'Minutes' }).fill('121');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByText('from 1 to 120').waitFor();
    await dialog.getByRole('textbox', { name: 'Minutes' }).fill('1');
    const began = performance.now();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await timers(theirs)
      .filter({ hasText: /^0:[45]\d$/ })
      .waitFor();
    await theirs.command('Pause the timer');
    await timers(hers).filter({ hasText: 'paused' }).waitFor();
    const paused = await timers(hers).textContent();
    await hers.command('Go on with the timer');
    await timers(theirs)
      .filter({ hasText: /^0:\d\d$/ })
      .waitFor();
    console.log(`paused at ${paused}`);

    const over = theirs.page
      .getByRole('status')
      .filter({ hasText: 'Time is up after 1 minute. It is your turn to drive.' });
    await over.waitFor({ timeout: 90_000 });
    expect(performance.now() - began).toBeGreaterThan(59_000);
    await hers.page.getByRole('status').filter({ hasText: 'Grace drives next' }).waitFor();
    expect(await violations(ada.page)).toEqual([]);
    await over.getByRole('button', { name: 'Swap' }).click();
    await theirs.page.getByRole('contentinfo').getByText('You drive').waitFor();
    await hers.page.getByRole('contentinfo').getByText('Grace drives').waitFor();
    await timers(hers)
      .filter({ hasText: /^(1:00|0:5\d)$/ })
      .waitFor();
    await over.waitFor({ state: 'detached' });
    await hers.command('Stop the timer');
    await timers(theirs).waitFor({ state: 'detached' });
  });
});

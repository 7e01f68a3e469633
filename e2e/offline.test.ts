import { expect, test } from 'vitest';
import { faultsAtEachWidth, resize } from './harness/layout.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('a browser without a network', () => {
  const world = useSharedWorld();

  test('says so, goes on editing, and catches up both ways', async () => {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    ada.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const [hers, theirs] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    await ada.context.setOffline(true);
    await hers.page.getByText(/^Offline for/).waitFor();
    await hers.page.getByText('You can keep typing.').first().waitFor();
    await hers.page.evaluate(() => {
      const said: string[] = [];
      const isLive = (node: Element) =>
        node.getAttribute('aria-live') ??
        (node.matches('[role="status"], [role="alert"], [role="log"]') ? 'on' : null);
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const near = target instanceof Element ? target : target.parentElement;
          const region = near?.closest('[aria-live], [role="status"], [role="alert"], [role="log"]');
          if (region != null && isLive(region) !== 'off') said.push(region.textContent ?? '');
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      Object.assign(window, { said });
    });
    // Long enough for a clock to be heard ticking.
    await hers.page.getByText(/^Offline for ([6-9]|\d\d) s/).waitFor();
    await hers.typeAtStart('# offline, Ada\n');
    await hers.page
      .getByText(/Your last \d+ changes are kept/)
      .first()
      .waitFor();
    const said = await hers.page.evaluate(() => (window as unknown as { said: string[] }).said);
    const steady = said.map((words) => words.replace(/\d+/g, '#'));
    expect(steady.length, said.join('\n')).toBe(new Set(steady).size);
    expect(await faultsAtEachWidth(hers.page, 'offline')).toEqual([]);
    await resize(hers.page, { width: 1280, height: 800 });
    await theirs.typeAtEnd('# online, Grace');
    await theirs.untilSaved();
    await hers.page.getByRole('button', { name: /^On this device\./ }).waitFor();
    expect(await theirs.shown()).not.toContain('# offline, Ada');

    await ada.context.setOffline(false);
    await hers.untilShown('# online, Grace');
    await theirs.untilShown('# offline, Ada');
    await hers.untilSaved();
    await hers.page.getByText(/^Offline for/).waitFor({ state: 'detached' });
  });
});

import { expect, test } from 'vitest';
import { faultsAtEachWidth } from './harness/layout.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('a browser without a network', () => {
  const world = useWorld({ engine: 'none' });

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
    await hers.page.getByText('You can keep typing.').waitFor();
    expect(await faultsAtEachWidth(hers.page, 'offline')).toEqual([]);
    await hers.page.setViewportSize({ width: 1280, height: 800 });
    await hers.typeAtStart('# offline, Ada\n');
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

import { expect, test } from 'vitest';
import { LOST_CONNECTION } from './harness/person.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('a reload with unsaved edits', () => {
  const world = useWorld({ engine: 'none' });

  test('keeps them, and sends them when the server is back', async () => {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    for (const person of [ada, grace]) person.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const [hers, theirs] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    await world.server.kill();
    await hers.typeAtStart('# typed into the void\n');
    await hers.page.getByRole('button', { name: /^On this device\./ }).waitFor();
    // The server is away: this reload finds nobody, as a person's would.
    await ada.page.reload().catch(() => undefined);
    await theirs.typeAtEnd('# and Grace too');

    await world.server.start();
    await ada.page.goto(`/r/${id}`);
    const again = await RoomPage.arrived(ada);
    for (const page of [again, theirs]) {
      await page.untilShown('# typed into the void');
      await page.untilShown('# and Grace too');
      await page.untilSaved();
    }
    const witness = await ada.witness(id);
    expect(witness.text('main.py').match(/typed into the void/g)).toHaveLength(1);
  });

  test('right after typing loses nothing', async () => {
    const ada = await world.person('Ada');
    ada.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const room = await RoomPage.open(ada, id);
    await room.replaceText('');
    await room.type('the last words before the reload');
    await room.page.reload();
    const again = await RoomPage.arrived(ada);
    await again.untilShown('the last words before the reload');
    await again.untilSaved();
    expect((await ada.witness(id)).text('main.py')).toBe('the last words before the reload');
  });
});

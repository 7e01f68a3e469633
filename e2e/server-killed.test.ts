import { expect, test } from 'vitest';
import { LOST_CONNECTION } from './harness/person.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('the server is killed', () => {
  const world = useWorld({ engine: 'none' });

  async function twoInARoom() {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    for (const person of [ada, grace]) person.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const [hers, theirs] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    return { ada, id, hers, theirs };
  }

  test('and comes back: what was saved is there, and what was typed meanwhile arrives', async () => {
    const { ada, id, hers, theirs } = await twoInARoom();
    await hers.typeAtStart('# saved before\n');
    await hers.untilSaved();

    await world.server.kill();
    await hers.page
      .getByText(/^Connection lost .* ago/)
      .first()
      .waitFor();
    await hers.typeAtStart('# Ada, meanwhile\n');
    await theirs.typeAtEnd('# Grace, meanwhile');
    await hers.page.getByRole('button', { name: /^On this device\./ }).waitFor();

    await world.server.start();
    for (const page of [hers, theirs]) {
      for (const line of ['# saved before', '# Ada, meanwhile', '# Grace, meanwhile'])
        await page.untilShown(line);
      await page.untilSaved();
      await page.page.getByText(/^Connection lost .* ago/).waitFor({ state: 'detached' });
    }
    const witness = await ada.witness(id);
    expect(witness.text('main.py').trimEnd()).toBe((await hers.shown()).trimEnd());
  });

  test('in the middle of typing: nothing is lost and nothing comes twice', async () => {
    const { ada, id, hers, theirs } = await twoInARoom();
    await hers.replaceText('');
    await theirs.untilShown((text) => text === '');
    const numbers = Array.from({ length: 60 }, (_, n) => `n${n} `);
    const typing = hers.type(numbers.join(''));
    await hers.page.waitForTimeout(250);
    await world.server.kill();
    await world.server.start();
    await typing;
    await hers.untilSaved();
    const witness = await ada.witness(id);
    expect(witness.text('main.py')).toBe(numbers.join(''));
    await theirs.untilShown(numbers.join('').trimEnd());
  });

  test('a stop is a good end: exit code 0', async () => {
    expect(await world.server.stop()).toBe(0);
    await world.server.start();
  });
});

import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('typing together', () => {
  const world = useWorld({ engine: 'none' });

  async function twoInARoom() {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const link = await ada.link(id, 'editor');
    const [hers, theirs] = await Promise.all([RoomPage.open(ada, id), RoomPage.open(grace, link)]);
    return { ada, id, hers, theirs, witness: await ada.witness(id) };
  }

  test('two people type at once, and both see all of it', async () => {
    const { hers, theirs, witness } = await twoInARoom();
    await Promise.all([
      hers.typeAtStart('# Ada was here, at the very start\n'),
      theirs.typeAtEnd('# Grace was here, at the very end'),
    ]);
    for (const page of [hers, theirs]) {
      await page.untilShown('# Ada was here, at the very start');
      await page.untilShown('# Grace was here, at the very end');
      await page.untilSaved();
    }
    await eventually('both show the same', async () => (await hers.shown()) === (await theirs.shown()));
    const saved = witness.text('main.py');
    expect(saved.startsWith('# Ada was here, at the very start\n')).toBe(true);
    expect(saved.trimEnd().endsWith('# Grace was here, at the very end')).toBe(true);
    expect((await hers.shown()).trimEnd()).toBe(saved.trimEnd());
  });

  test('words typed at one place at once stay whole', async () => {
    const { hers, theirs, witness } = await twoInARoom();
    await hers.replaceText('');
    await theirs.untilShown((text) => text === '');
    await Promise.all([hers.type('one two three four '), theirs.type('five six seven eight ')]);
    await Promise.all([hers.untilSaved(), theirs.untilSaved()]);
    await eventually('both show the same', async () => (await hers.shown()) === (await theirs.shown()));
    const words = witness.text('main.py').trim().split(/\s+/).sort();
    expect(words).toEqual(['eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two']);
  });

  test('each sees the other by name: in the people panel, in the file list, and at the cursor', async () => {
    const { hers, theirs } = await twoInARoom();
    const people = await hers.showPeople();
    await people.getByText('Grace').waitFor();
    await theirs.typeAtEnd('x');
    await hers.files.getByRole('treeitem', { name: 'main.py, here: Grace' }).waitFor();
    await hers.editor.getByText('Grace').waitFor();
    await hers.typeAtStart('y');
    await theirs.editor.getByText('Ada').waitFor();
  });

  test('someone who comes later sees what was typed before', async () => {
    const { ada, id, hers, witness } = await twoInARoom();
    await hers.typeAtStart('# before you came\n');
    await hers.untilSaved();
    const linus = await world.person('Linus');
    const page = await RoomPage.open(linus, await ada.link(id, 'viewer'));
    await page.untilShown('# before you came');
    expect(witness.members.map(({ name }) => name)).toContain('Linus');
  });
});

import { expect, test } from 'vitest';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('files', () => {
  const world = useWorld({ engine: 'none' });

  async function twoInARoom() {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const [hers, theirs] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    return { hers, theirs, witness: await ada.witness(id) };
  }

  test('a new file opens for its maker, and is listed for the other', async () => {
    const { hers, theirs, witness } = await twoInARoom();
    await hers.createFile('notes.py');
    await hers.type('made = "together"');
    await theirs.openFile('notes.py');
    await theirs.untilShown('made = "together"');
    await theirs.typeAtEnd('  # yes');
    await hers.untilShown('# yes');
    await theirs.untilSaved();
    expect(witness.paths).toEqual(['main.py', 'notes.py']);
    expect(witness.text('notes.py')).toBe('made = "together"  # yes');
  });

  test('each tab keeps its own text', async () => {
    const { hers } = await twoInARoom();
    await hers.createFile('other.py');
    await hers.type('other = 1');
    await hers.openFile('main.py');
    await hers.untilShown('def greet');
    await hers.tab('other.py').click();
    await hers.untilShown('other = 1');
  });

  test('a file is renamed from the keyboard, for both', async () => {
    const { hers, theirs, witness } = await twoInARoom();
    await hers.file('main.py').focus();
    await hers.press('F2');
    const name = hers.page.getByRole('textbox', { name: 'New name of main.py' });
    await name.fill('app/start.py');
    await name.press('Enter');
    await theirs.file('start.py').waitFor();
    await theirs.untilShown('def greet');
    expect(witness.paths).toEqual(['app/start.py']);
  });

  test('a file is deleted after a question, for both', async () => {
    const { hers, theirs, witness } = await twoInARoom();
    await hers.createFile('scratch.py');
    await theirs.openFile('scratch.py');
    await hers.file('scratch.py').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await theirs.file('scratch.py').waitFor({ state: 'detached' });
    await theirs.tab('scratch.py').waitFor({ state: 'detached' });
    expect(witness.paths).toEqual(['main.py']);
  });

  test('a name that cannot be is refused in words, in its place', async () => {
    const { hers, witness } = await twoInARoom();
    await hers.page.getByRole('button', { name: 'New file' }).click();
    const name = hers.page.getByRole('textbox', { name: 'Name of the new file' });
    await name.fill('../escape.py');
    await name.press('Enter');
    await hers.page.getByRole('alert').getByText('cannot be used').waitFor();
    await name.fill('main.py');
    await name.press('Enter');
    await hers.page.getByRole('alert').getByText('already a file with that name').waitFor();
    expect(witness.paths).toEqual(['main.py']);
  });
});

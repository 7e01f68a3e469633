import { fileId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('files', () => {
  const world = useSharedWorld();

  test('a new file opens for its maker, and is listed for the other', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('notes.py');
    await hers.type('made = "together"');
    await theirs.openFile('notes.py');
    await theirs.untilShown('made = "together"');
    await theirs.typeAtEnd('  # yes');
    await hers.untilShown('# yes');
    await witness.untilText('notes.py', (text) => text === 'made = "together"  # yes');
    expect(witness.paths).toEqual(['main.py', 'notes.py']);
    await theirs.untilSaved();
  });

  test('each tab keeps its own text, and where the cursor was in it', async () => {
    const { hers, witness } = await twoInARoom(world);
    await hers.typeAtEnd('# here');
    await hers.createFile('other.py');
    await hers.type('other = 1');
    await hers.openFile('main.py');
    await hers.untilShown('def greet');
    await hers.type('!');
    await witness.untilText('main.py', (text) => text.endsWith('# here!'));
    await hers.tab('other.py').click();
    await hers.untilShown('other = 1');
  });

  test('a file that is clicked is a preview until it is edited, clicked twice or kept by its menu', async () => {
    const ada = await world.regular('Ada');
    const hers = await RoomPage.open(ada, await ada.createRoom('python'));
    for (const path of ['a.py', 'b.py', 'c.py']) await hers.createFile(path);
    const tabs = hers.page.getByRole('navigation', { name: 'Open files' });
    const open = () => tabs.locator('[title]').allTextContents();
    for (const path of ['a.py', 'b.py', 'c.py'])
      await tabs.getByRole('button', { name: `Close ${path}` }).click({ force: true });
    expect(await open()).toEqual(['main.py']);

    await hers.openFile('a.py');
    await hers.openFile('b.py');
    expect(await open()).toEqual(['main.py', 'b.py']);
    await hers.type('edited');
    await hers.openFile('a.py');
    expect(await open()).toEqual(['main.py', 'b.py', 'a.py']);
    await hers.file('a.py').dblclick();
    await hers.openFile('c.py');
    await hers.tab('c.py').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Keep open' }).click();
    await hers.openFile('main.py');
    await hers.file('b.py').focus();
    await hers.press('Enter');
    await hers.seenTab('b.py').waitFor();
    expect(await open()).toEqual(['main.py', 'b.py', 'a.py', 'c.py']);
    expect(await tabs.getByRole('button', { description: 'Preview' }).count()).toBe(0);
  });

  test('files that are dropped on the code come into its folder, and elsewhere the page stays', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('lib/seen.py');
    const drop = (room: RoomPage, on: string) =>
      room.page
        .locator(on)
        .first()
        .evaluate((target) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['dropped = 1\n'], 'dropped.py'));
          const give = (kind: string) =>
            target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
          // Both are taken from the browser, which would show the file instead of the page.
          return [give('dragover'), give('drop')];
        });
    expect(await drop(theirs, 'header')).toEqual([false, false]);
    await theirs.showPeople();
    expect(await drop(theirs, '[aria-label="People"]')).toEqual([false, false]);
    expect(await drop(hers, '.monaco-editor')).toEqual([false, false]);
    await witness.untilText('lib/dropped.py', (text) => text === 'dropped = 1\n');
    expect(witness.paths.toSorted()).toEqual(['lib/dropped.py', 'lib/seen.py', 'main.py']);
    await theirs.file('dropped.py').waitFor();
  });

  test('a file that is pinned is what Run starts for both, whatever they have open, until it is not', async () => {
    const { hers, theirs } = await twoInARoom(world);
    const named = (room: RoomPage, name: string) => room.page.getByRole('button', { name, exact: true });
    await hers.createFile('other.py');
    await named(hers, 'Entry file: other.py').waitFor();
    await named(theirs, 'Entry file: main.py').click();
    await theirs.page.getByRole('menuitem', { name: 'Always run main.py' }).click();
    await Promise.all([hers, theirs].map((room) => named(room, 'Entry file: main.py, pinned').waitFor()));
    await hers.page.reload();
    await named(hers, 'Entry file: main.py, pinned').click();
    await hers.page.getByRole('menuitem', { name: 'Run what is open' }).click();
    await named(hers, 'Entry file: other.py').waitFor();
    await named(theirs, 'Entry file: main.py').waitFor();
  });

  test('a file is renamed from the keyboard, for both', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.file('main.py').focus();
    await hers.press('F2');
    const name = hers.page.getByRole('textbox', { name: 'New name of main.py' });
    await name.fill('app/start.py');
    await name.press('Enter');
    await theirs.file('start.py').waitFor();
    await theirs.untilShown('def greet');
    await expect.poll(() => witness.paths).toEqual(['app/start.py']);
  });

  test('a file is deleted after a question, for both', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('scratch.py');
    await theirs.openFile('scratch.py');
    await hers.file('scratch.py').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await theirs.file('scratch.py').waitFor({ state: 'detached' });
    await theirs.tab('scratch.py').waitFor({ state: 'detached' });
    await expect.poll(() => witness.paths).toEqual(['main.py']);
  });

  test('a deleted file comes back as it was, for both, and counts on from there', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('notes.py');
    await hers.type('kept = 1');
    await hers.untilSaved();
    await theirs.openFile('notes.py');
    await theirs.untilShown('kept = 1');
    const id = witness.fileId('notes.py');
    await hers.file('notes.py').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await theirs.tab('notes.py').waitFor({ state: 'detached' });
    await theirs.page.getByRole('status').getByText('Ada deleted notes.py.').waitFor();

    await hers.page.getByRole('button', { name: 'Undo' }).click();
    await hers.untilShown('kept = 1');
    await theirs.tab('notes.py').click();
    await theirs.typeAtEnd('  # and more');
    await hers.untilShown('kept = 1  # and more');
    await theirs.untilSaved();
    await witness.untilText('notes.py', (text) => text === 'kept = 1  # and more');
    expect(witness.fileId('notes.py')).toBe(id);
    expect(await hers.page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  test.each([
    ['wide', {}],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ] as const)('a choice in the menu of a file is no click on the file, %s', async (_, options) => {
    const ada = await world.regular('Ada', options);
    const { page } = ada;
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const phone = 'hasTouch' in options;
    const showFiles = async () => {
      if (phone) await page.getByRole('button', { name: 'Files', exact: true }).click();
    };
    await showFiles();
    await page.getByRole('button', { name: 'New file' }).click();
    await page.getByRole('textbox', { name: 'Name of the new file' }).fill('other.py');
    await room.press('Enter');
    await room.tab('other.py').waitFor();
    await room.tab('main.py').click();
    await showFiles();

    const chooseFor = async (item: string, by: 'pointer' | 'keys') => {
      await room.file('other.py').hover();
      await page.getByRole('button', { name: 'More for other.py' }).click();
      const choice = page.getByRole('menuitem', { name: item });
      if (by === 'pointer') return choice.click();
      await choice.focus();
      await room.press('Enter');
    };
    const active = room.page.locator('[aria-current="page"][title]');

    for (const by of ['pointer', 'keys'] as const) {
      await chooseFor('Rename', by);
      const field = page.getByRole('textbox', { name: 'New name of other.py' });
      await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
      await room.press('Escape');
      await field.waitFor({ state: 'detached' });

      await chooseFor('Delete', by);
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
      await room.file('other.py').waitFor();
    }
    expect(await active.getAttribute('title')).toBe('main.py');
  });

  test('a phone chooses the language of a file by its menu, and a copy of the file keeps it', async () => {
    const ada = await world.person('Ada', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const witness = await ada.witness(room.id);
    const { page } = room;
    await witness.send({ kind: 'file.create', file: fileId('file-script'), path: 'script', text: 'x = 1' });
    const act = async (item: string) => {
      await page.getByRole('button', { name: 'Files', exact: true }).tap();
      await page.getByRole('button', { name: 'More for script', exact: true }).tap();
      await page.getByRole('menuitem', { name: item }).tap();
    };
    await act('Language…');
    const picker = page.getByRole('dialog', { name: 'Language of script' });
    await picker.getByRole('option', { name: 'By its name' }).waitFor();
    await picker.getByRole('option', { name: 'Rust' }).tap();
    await picker.waitFor({ state: 'detached' });
    await expect.poll(() => witness.languages).toEqual({ 'main.py': null, script: 'rust' });
    await act('Duplicate');
    await expect
      .poll(() => witness.languages)
      .toEqual({ 'main.py': null, script: 'rust', 'script copy': 'rust' });
  });

  test('a name that cannot be is refused in words, in its place', async () => {
    const { hers, witness } = await twoInARoom(world);
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

import { readFile } from 'node:fs/promises';
import { fileId } from '@codesync/protocol/testing';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('folders', () => {
  const world = useSharedWorld();

  const choose = async ({ page }: RoomPage, of: string, item: string | RegExp) => {
    await page.getByRole('tree').getByRole('treeitem', { name: of, exact: true }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };

  const rename = async (room: RoomPage, from: string, to: string) => {
    await choose(room, from.split('/').at(-1)!, 'Rename');
    const field = room.page.getByRole('textbox', { name: `New name of ${from}` });
    await field.fill(to);
    await field.press('Enter');
    return field;
  };

  const agreeToDelete = (room: RoomPage) =>
    room.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();

  test('are there when they are empty, take files in by drag and by keys, and keep what is typed in them', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.page.getByRole('button', { name: 'New folder' }).click();
    await hers.page.getByRole('textbox', { name: 'Name of the new folder' }).fill('lib/deep');
    await hers.press('Enter');
    await Promise.all([theirs.file('lib').waitFor(), theirs.file('deep').waitFor()]);

    await hers.createFile('one.py');
    await hers.createFile('two.py');
    await hers.type('two = 2');
    await theirs.openFile('two.py');
    await hers.file('one.py').dragTo(hers.file('deep'));
    await witness.untilPaths((paths) => paths.includes('lib/deep/one.py'));

    await hers.file('two.py').focus();
    await hers.press('Control+x');
    await hers.file('lib').focus();
    await hers.press('Control+v');
    await witness.untilPaths((paths) => paths.includes('lib/two.py'));
    await theirs.typeAtEnd('  # typed by Grace');
    await rename(hers, 'lib', 'src');
    await theirs.type(' and more');
    await hers.openFile('two.py', 'src/two.py');
    await hers.untilShown('two = 2  # typed by Grace and more');
    await theirs.untilSaved();
    expect(witness.paths.toSorted()).toEqual(['main.py', 'src/deep/one.py', 'src/two.py']);
    await theirs.tab('src/two.py').waitFor();
  });

  test('the name of the next one can be typed while the one before is still on its way to the server', async () => {
    const way = await world.way(TcpProxy.before(world.server.url, 300));
    const ada = await world.person('Ada', { at: way.url });
    const hers = await RoomPage.open(ada, await ada.createRoom('python'));
    await hers.page.getByRole('button', { name: 'New folder' }).click();
    await hers.page.getByRole('textbox', { name: 'Name of the new folder' }).fill('lib');
    await hers.press('Enter');
    await hers.page.getByRole('button', { name: 'New file' }).click();
    const field = hers.page.getByRole('textbox', { name: 'Name of the new file' });
    await hers.file('lib').waitFor();
    expect(await field.inputValue()).toBe('');
    await field.fill('one.py');
    await hers.press('Enter');
    await hers.seenTab('one.py').waitFor();
    await field.waitFor({ state: 'detached' });
  });

  test('deleted while somebody types in them are announced to all, and come back as they were', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('lib/a.py');
    await hers.type('a = 1');
    await hers.createFile('lib/b.py');
    await theirs.openFile('a.py', 'lib/a.py');
    await theirs.typeAtEnd('  # Grace');
    await theirs.untilSaved();

    await hers.file('lib').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog', { name: 'Delete lib?' }).waitFor();
    await agreeToDelete(hers);
    await theirs.page.getByRole('status').getByText('Ada deleted lib.').waitFor();
    await theirs.tab('lib/a.py').waitFor({ state: 'detached' });
    await witness.untilPaths((paths) => paths.length === 1);

    await theirs.page.getByRole('button', { name: 'Undo' }).click();
    await hers.openFile('a.py', 'lib/a.py');
    await hers.untilShown('a = 1  # Grace');
    await theirs.openFile('a.py', 'lib/a.py');
    await theirs.typeAtEnd(' again');
    await hers.untilShown('a = 1  # Grace again');
    await theirs.untilSaved();
    expect(witness.text('lib/a.py')).toBe('a = 1  # Grace again');
    expect(witness.paths.toSorted()).toEqual(['lib/a.py', 'lib/b.py', 'main.py']);
    // The folder stays when the last file in it goes.
    for (const name of ['a.py', 'b.py']) {
      await hers.file(name).focus();
      await hers.press('Delete');
      await agreeToDelete(hers);
      await theirs.file(name).waitFor({ state: 'detached' });
    }
    await theirs.file('lib').waitFor();
  });

  test('several things are selected by keys and pointer, and go and come back together', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    // Whoever makes a file chooses its id.
    for (const name of ['constructor', '__proto__'])
      await witness.send({ kind: 'file.create', file: fileId(name), path: name, text: '' });
    for (const path of ['a.py', 'b.py', 'c/d.py']) await hers.createFile(path);
    await hers.file('a.py').focus();
    await hers.press('Shift+ArrowDown');
    await hers.file('c').click({ modifiers: ['ControlOrMeta'] });
    const selected = hers.page.getByRole('treeitem', { selected: true });
    await expect
      .poll(() => selected.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-path'))))
      .toEqual(['c', 'a.py', 'b.py']);
    await hers.file('a.py').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog', { name: 'Delete 2 files and 1 folder?' }).waitFor();
    await agreeToDelete(hers);
    await theirs.page.getByRole('status').getByText('Ada deleted 2 files and 1 folder.').waitFor();
    await witness.untilPaths((paths) => paths.length === 3);
    await hers.page.getByRole('button', { name: 'Undo' }).click();
    await witness.untilPaths((paths) => paths.length === 6);
    await theirs.file('d.py').waitFor();
  });

  test('are duplicated with all that lies in them, and names that differ only in capitals are refused', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('lib/a.py');
    await hers.type('a = 1');
    await hers.untilSaved();
    await choose(hers, 'lib', 'Duplicate');
    await theirs.file('lib copy').waitFor();
    await witness.untilText('lib copy/a.py', (text) => text === 'a = 1');

    const field = await rename(hers, 'lib copy', 'LIB');
    await hers.page
      .getByRole('alert')
      .getByText(/There is “lib” already. It differs .* only in capitals/)
      .waitFor();
    await field.press('Escape');
    await hers.page.getByRole('button', { name: 'New file' }).click();
    await hers.page.getByRole('textbox', { name: 'Name of the new file' }).fill('Main.py');
    await hers.press('Enter');
    await hers.page
      .getByRole('alert')
      .getByText(/There is “main.py” already/)
      .waitFor();
  });

  test('two who rename, move and delete the same at once end with the same tree, and nothing is lost', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    for (const path of ['lib/a.py', 'lib/b.py']) await hers.createFile(path);
    await theirs.file('b.py').waitFor();
    await Promise.all(
      [hers, theirs].map(async (room, i) => {
        await choose(room, 'lib', 'Rename');
        await room.page.getByRole('textbox', { name: 'New name of lib' }).fill(`lib${i}`);
      }),
    );
    // Who is later may find the field gone, with a sentence in its place: the key goes wherever the focus is.
    await Promise.all([hers, theirs].map((room) => room.page.keyboard.press('Enter')));
    await Promise.any(
      [hers, theirs].map((room) =>
        room.page
          .getByText(/^That folder no longer exists/)
          .first()
          .waitFor(),
      ),
    );
    await witness.untilPaths((paths) => paths.every((path) => !path.startsWith('lib/')));
    const [winner] = witness.paths.filter((path) => path !== 'main.py')[0]!.split('/');
    expect(witness.paths.toSorted()).toEqual([`${winner}/a.py`, `${winner}/b.py`, 'main.py']);
    await Promise.all([hers, theirs].map((room) => room.file(winner!).waitFor()));
    await Promise.all([hers, theirs].map((room) => room.page.keyboard.press('Escape')));
  });

  test('come from this computer and go to it: files by choice, the room as a zip', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    const chosen = hers.page.waitForEvent('filechooser');
    await hers.page.getByRole('button', { name: 'Upload files' }).click();
    await (await chosen).setFiles([
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('\uFEFFone\r\ntwo\rthree\n') },
      { name: 'main.py', mimeType: 'text/plain', buffer: Buffer.from('mine') },
      { name: 'why?.txt', mimeType: 'text/plain', buffer: Buffer.from('no such name') },
    ]);
    await hers.page.getByText('2 of 3 uploaded.').waitFor();
    await hers.page.getByText('why?.txt: “why?.txt” has a character that file names cannot have.').waitFor();
    await hers.page.getByRole('region', { name: 'Upload' }).getByRole('button', { name: 'Close' }).click();
    await witness.untilText('notes.txt', (text) => text === 'one\ntwo\nthree\n');
    await witness.untilText('main copy.py', (text) => text === 'mine');
    await theirs.file('notes.txt').waitFor();

    /** What is saved may not be known to the page yet, which takes one upload after the other. */
    const arrives = async (path: string, text: string) => {
      await witness.untilText(path, (saved) => saved === text);
      await hers.page.getByRole('region', { name: 'Upload' }).waitFor({ state: 'detached' });
    };
    await drop(hers.files, 'dropped.txt', 'at the top');
    await arrives('dropped.txt', 'at the top');
    await hers.createFile('lib/a.py');
    await drop(hers.file('lib'), 'b.txt', 'in a folder');
    await arrives('lib/b.txt', 'in a folder');
    await drop(hers.file('a.py'), 'c.txt', 'beside a file');
    await arrives('lib/c.txt', 'beside a file');

    await witness.send({ kind: 'file.create', file: fileId('toString'), path: '__proto__', text: 'odd' });
    await hers.file('__proto__').waitFor();
    const started = hers.page.waitForEvent('download');
    await hers.command('Download all files as a zip');
    const download = await started;
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const names: string[] = [];
    const zip = unzipSync(await readFile(await download.path()), {
      filter: ({ name }) => names.push(name) > 0,
    });
    expect(names.toSorted()).toEqual(witness.paths.toSorted());
    for (const path of witness.paths.filter((each) => each !== '__proto__'))
      expect(strFromU8(zip[path]!), path).toBe(witness.text(path));
  });

  /** Drops a file of this computer somewhere, as a browser tells of it. */
  async function drop(target: Locator, name: string, text: string): Promise<void> {
    const dataTransfer = await target.page().evaluateHandle(
      ([fileName, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content!], fileName!, { type: 'text/plain' }));
        return data;
      },
      [name, text],
    );
    for (const kind of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(kind, { dataTransfer });
  }
});

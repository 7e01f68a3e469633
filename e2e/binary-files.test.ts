/** Files that are no text: brought in, shown to all, changed like other files, and given back byte for byte. */
import { readFile } from 'node:fs/promises';
import { BLOB_PART_BYTES } from '@codesync/protocol';
import { unzipSync } from 'fflate';
import type { Download } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { drop } from './harness/drop.ts';
import { eventually } from './harness/eventually.ts';
import { faultsAtEachWidth } from './harness/layout.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { png } from './harness/png.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const LOGO = png(300, 200, (x, y) => [x % 256, y, 128, 255]);
const OTHER_LOGO = png(64, 48, () => [200, 30, 30, 120]);
/** More than one part. */
const DATA = someBytes(BLOB_PART_BYTES + 400_321);

function someBytes(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => i * 31 + (i >>> 8)));
}

async function bytesOf(download: Promise<Download>): Promise<Buffer> {
  return readFile(await (await download).path());
}

describeInBrowser('files that are no text', () => {
  const world = useSharedWorld();

  const choose = async ({ page }: RoomPage, of: string, item: string | RegExp) => {
    await page.getByRole('tree').getByRole('treeitem', { name: of, exact: true }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };

  /** Resolves when the page shows a picture of that many pixels. */
  const untilSeen = async ({ page }: RoomPage, name: string, width: number, height: number) => {
    const picture = page.getByRole('img', { name, exact: true });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]))
      .toEqual([width, height]);
    await page.getByText(`${width} × ${height} px`).waitFor();
  };

  test('are seen by all, and are renamed, copied, deleted and brought back like others', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.type('text = 1');
    await drop(hers.files, { 'logo.png': LOGO, 'data.bin': DATA });
    await theirs.file('data.bin').waitFor();
    for (const room of [hers, theirs]) {
      await room.openFile('logo.png');
      await untilSeen(room, 'logo.png', 300, 200);
      const pane = room.page.getByRole('region', { name: 'Picture logo.png' });
      await expect.poll(() => pane.evaluate((seen) => seen === document.activeElement)).toBe(true);
      const foot = room.page.getByRole('contentinfo');
      expect(await foot.getByRole('button', { name: /^(Language|Indentation)/ }).count()).toBe(0);
      expect(await foot.getByText(/^Ln \d/).count()).toBe(0);
    }
    await hers.press('Shift+Alt+f');
    await hers.page.getByText('logo.png is no text, so there is nothing to format.').waitFor();

    await choose(hers, 'logo.png', 'Duplicate');
    await theirs.file('logo copy.png').waitFor();
    await choose(hers, 'logo copy.png', 'Rename');
    const field = hers.page.getByRole('textbox', { name: 'New name of logo copy.png' });
    await field.fill('img/mark.png');
    await field.press('Enter');
    await theirs.openFile('mark.png', 'img/mark.png');
    await untilSeen(theirs, 'mark.png', 300, 200);

    await theirs.openFile('data.bin');
    await theirs.page.getByText('1.4 MB, no text').waitFor();
    await hers.file('data.bin').focus();
    await hers.press('Delete');
    await hers.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await theirs.page.getByRole('status').getByText('Ada deleted data.bin.').waitFor();
    await theirs.tab('data.bin').waitFor({ state: 'detached' });
    await theirs.page.getByRole('button', { name: 'Undo' }).click();
    await theirs.seenTab('data.bin').waitFor();
    await hers.file('data.bin').waitFor();

    const started = theirs.page.waitForEvent('download');
    await theirs.page.getByRole('region', { name: 'File data.bin' }).getByRole('button').click();
    expect((await bytesOf(started)).equals(DATA)).toBe(true);
    const zipped = theirs.page.waitForEvent('download');
    await theirs.command('Download all files as a zip');
    const zip = unzipSync(await bytesOf(zipped));
    expect(Object.keys(zip).toSorted()).toEqual(witness.paths.toSorted());
    expect(DATA.equals(zip['data.bin']!)).toBe(true);
    expect(LOGO.equals(zip['img/mark.png']!)).toBe(true);

    // The editor is as it was left.
    await hers.openFile('main.py');
    await hers.type(' + 2');
    await hers.untilShown('text = 1 + 2');
  });

  test('are replaced by others of the same name, and all see the new ones', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await drop(hers.files, { 'logo.png': LOGO });
    for (const room of [hers, theirs]) {
      await room.openFile('logo.png');
      await untilSeen(room, 'logo.png', 300, 200);
    }
    await drop(theirs.page.getByRole('region', { name: 'Picture logo.png' }), { 'logo.png': OTHER_LOGO });
    for (const room of [hers, theirs]) await untilSeen(room, 'logo.png', 64, 48);
    expect(await violations(hers.page)).toEqual([]);
    expect(await faultsAtEachWidth(theirs.page, 'a picture')).toEqual([]);
    expect(witness.paths).toEqual(['logo.png', 'main.py']);
  });

  test('are what they are by their content, whatever they are called', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await drop(hers.files, {
      'picture.dat': LOGO,
      'broken.png': Buffer.concat([LOGO.subarray(0, 8), DATA.subarray(0, 500)]),
      'other.png': DATA.subarray(0, 812),
      'image.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    });
    await theirs.openFile('picture.dat');
    await untilSeen(theirs, 'picture.dat', 300, 200);
    await theirs.openFile('broken.png');
    await theirs.page.getByText('The browser cannot show this picture. It may be damaged.').waitFor();
    await theirs.openFile('other.png');
    await theirs.page.getByText('812 bytes, no text').waitFor();
    await theirs.openFile('image.svg');
    await theirs.untilShown('<svg xmlns');
  });

  test('are seen by viewers, who bring none in', async () => {
    const [ada, grace] = await Promise.all([world.regular('Ada'), world.regular('Grace')]);
    const id = await ada.createRoom('python');
    const [host, viewer] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'viewer')),
    ]);
    await drop(host.files, { 'logo.png': LOGO });
    await viewer.openFile('logo.png');
    await untilSeen(viewer, 'logo.png', 300, 200);
    expect(await viewer.page.getByRole('button', { name: 'Upload files' }).count()).toBe(0);
    await drop(viewer.page.getByRole('region', { name: 'Picture logo.png' }), { 'more.png': OTHER_LOGO });
    const started = viewer.page.waitForEvent('download');
    await viewer.page.getByRole('button', { name: 'Download' }).click();
    expect((await bytesOf(started)).equals(LOGO)).toBe(true);
    expect(await viewer.page.getByRole('region', { name: 'Upload' }).count()).toBe(0);
    expect((await ada.witness(id)).paths).toEqual(['logo.png', 'main.py']);
  });

  test('come in over plain http, too, where the browser computes no hash', async () => {
    const ada = await world.person('Ada');
    await ada.context.addInitScript(`Object.defineProperty(crypto, 'subtle', { value: undefined });`);
    const id = await ada.createRoom('python');
    const room = await RoomPage.open(ada, id);
    await drop(room.files, { 'data.bin': DATA });
    await room.openFile('data.bin');
    await room.page.getByText('1.4 MB, no text').waitFor();
  });

  test('go on by themselves on their way here when the connection was cut', async () => {
    const way = await world.way(TcpProxy.before(world.server.url, 100));
    const ada = await world.person('Ada', { at: way.url });
    ada.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const room = await RoomPage.open(ada, id);
    const grace = await world.regular('Grace');
    const witness = await grace.witness(id, (await ada.link(id, 'editor')).split('#')[1]!);
    const large = someBytes(9 * BLOB_PART_BYTES);
    await drop(room.files, { 'large.bin': large });
    const bar = room.page.getByRole('progressbar', { name: 'Upload' });
    await eventually('some of it has arrived', async () => Number(await bar.getAttribute('value')) > 0);
    way.cut();
    await room.page.getByText('The connection is lost. The upload goes on when it is back.').waitFor();
    expect(witness.paths).toEqual(['main.py']);
    way.mend('dead');
    await witness.untilPaths((paths) => paths.includes('large.bin'));
    await room.openFile('large.bin');
    const started = room.page.waitForEvent('download');
    await room.page.getByRole('region', { name: 'File large.bin' }).getByRole('button').click();
    expect((await bytesOf(started)).equals(large)).toBe(true);
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { launchChromium } from './harness/chromium.ts';
import { faultsAtEachWidth } from './harness/layout.ts';
import { ReactWork } from './harness/react-work.ts';
import { Scenes } from './harness/scenes.ts';
import { describeInBrowser } from './harness/world.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const WIDE = { viewport: { width: 1440, height: 900 } };

describeInBrowser('a room made of features', () => {
  let scenes: Scenes;
  let browser: Browser;
  let pages: Page[] = [];
  const troubles: string[] = [];

  beforeAll(async () => {
    [scenes, browser] = await Promise.all([Scenes.serve(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.context().close()));
    pages = [];
    expect(troubles.splice(0), 'errors in the pages').toEqual([]);
  });

  async function blank(look: typeof WIDE = WIDE): Promise<Page> {
    const page = await (await browser.newContext(look)).newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    pages.push(page);
    return page;
  }

  async function open(scene: string, more: string, look?: typeof WIDE): Promise<Page> {
    const page = await blank(look);
    await page.goto(scenes.at(scene, more));
    await page.locator('.view-line').first().waitFor();
    return page;
  }

  test('one that is put into the list is on the page with panel, fact, command and dialog', async () => {
    const page = await open('three', '&probe');
    const panel = page.getByRole('region', { name: 'Probe' });
    // It shares its place with the people, who are seen first.
    await page.getByRole('button', { name: 'Probe', exact: true }).click();
    await panel.getByRole('button', { name: 'Probe the room' }).click();
    await page.getByText('Probed Binary search.').waitFor();
    await page.getByRole('separator', { name: 'Width of the probe panel' }).waitFor();
    await page.getByRole('contentinfo').getByText('4 probed').waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'What did the probe find?' }).click();
    const dialog = page.getByRole('dialog', { name: 'What the probe found' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+Shift+o');
    await dialog.waitFor();
    await page.keyboard.press('Escape');

    await panel.getByRole('button', { name: 'Close probe' }).click();
    await panel.waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+Shift+p');
    await panel.waitFor();
    await page.keyboard.press('Control+Shift+/');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('What did the probe find?').waitFor();
    await sheet.getByText('Toggle probe').waitFor();
  });

  test('one that is put into the list is a pane of a phone', async () => {
    const page = await open('three', '&probe', PHONE);
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Probe' }).click();
    await page.getByRole('button', { name: 'Probe the room' }).waitFor();
  });

  test('is shown to somebody who can only read it: files, text, cursors and output', async () => {
    const page = await open('failed', '&read');
    const tree = page.getByRole('tree', { name: 'Files of the room' });
    await tree.getByRole('treeitem', { name: 'main.py, here: Grace Hopper' }).waitFor();
    const code = page.getByRole('region', { name: 'Code' });
    await code.getByText('bisect_left').first().waitFor();
    await code.getByText('Grace Hopper').waitFor({ state: 'attached' });
    await page.getByRole('log', { name: 'Output' }).getByText("TypeError: '<' not supported").waitFor();

    const before = await code.locator('.view-lines').textContent();
    await code.locator('.view-line').first().click();
    await page.keyboard.type('nothing of this');
    await page.keyboard.press('Control+z');
    expect(await code.locator('.view-lines').textContent()).toBe(before);

    await tree.getByRole('treeitem', { name: 'util.py, here: linus' }).click();
    await code.getByText('twice').waitFor();
    await tree.press('F2');
    await tree.press('Delete');
    expect(await page.getByRole('textbox', { name: /New name/ }).count()).toBe(0);
  });

  test.each([
    ['a desk', WIDE],
    ['a phone', PHONE],
  ])('tells on %s what is only on the disk of the workspace', async (_, look) => {
    const page = await open('apart', '', look);
    await page.getByRole('button', { name: 'Terminal', exact: true }).click();
    const button = page.getByRole('button', { name: '1,204 only on the disk' });
    await button.click();
    const told = page.getByRole('dialog', { name: '1,204 only on the disk' });
    await told.getByText('a name that is \\u{202e} turned around.png').waitFor();
    expect(await violations(page)).toEqual([]);
    const { x, y, width, height } = (await told.boundingBox())!;
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(look.viewport.width);
    expect(y + height).toBeLessThanOrEqual(look.viewport.height);
    const all = told.getByRole('region', { name: 'What is only on the disk' });
    await all.focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => all.evaluate((part) => part.scrollTop + part.clientHeight >= part.scrollHeight - 1))
      .toBe(true);
    await told.getByText('And 1,199 more.').waitFor();
    await page.keyboard.press('Escape');
    await told.waitFor({ state: 'detached' });
    expect(await faultsAtEachWidth(page, 'apart')).toEqual([]);
  });

  test('calls no component of a panel for a key', async () => {
    const page = await blank();
    const work = await ReactWork.of(page.context(), page);
    await page.goto(scenes.at('three'));
    await page.locator('.view-line').first().click();
    await page.keyboard.type('x');
    const frames = () =>
      page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    await frames();
    const before = await work.called();
    expect(before, 'components that the room is made of').toBeGreaterThan(100);
    for (let i = 0; i < 10; i++) {
      await page.keyboard.type('x');
      await frames();
    }
    // What tells where the cursor is.
    expect((await work.called()) - before).toBeLessThanOrEqual(10);
  });

  test('asks for no frame for a key of somebody who is alone, but to draw it and to say that it is saved', async () => {
    const page = await blank();
    await page.addInitScript(() => {
      const ask = window.requestAnimationFrame.bind(window);
      Object.assign(window, { asked: 0 });
      window.requestAnimationFrame = (callback) => {
        Object.assign(window, { asked: (window as unknown as { asked: number }).asked + 1 });
        return ask(callback);
      };
    });
    await page.goto(scenes.at('alone'));
    await page.locator('.view-line').first().click();
    await page.keyboard.type('x'.repeat(10));
    const asked = () => page.evaluate(() => (window as unknown as { asked: number }).asked);
    // A timer, since to wait for a frame would ask for one.
    const settled = () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    await settled();
    const before = await asked();
    for (let i = 0; i < 20; i++) {
      await page.keyboard.type('x');
      await settled();
    }
    const perKey = ((await asked()) - before) / 20;
    console.log(`${perKey} frames asked for by a key`);
    expect(perKey).toBeLessThanOrEqual(2);
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { launchChromium } from './harness/chromium.ts';
import { Scenes } from './harness/scenes.ts';
import { describeInBrowser } from './harness/world.ts';

/** Far fewer than there are, and more than a screen has. */
const FEW = 100;

describeInBrowser('a room with 1,500 files', () => {
  let scenes: Scenes;
  let browser: Browser;

  beforeAll(async () => {
    [scenes, browser] = await Promise.all([Scenes.serve(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
  });

  const open = async (viewport: { width: number; height: number }): Promise<Page> => {
    const page = await (await browser.newContext({ viewport })).newPage();
    await page.goto(scenes.at('many'));
    await page.locator('.view-line').first().waitFor();
    return page;
  };
  const drawn = (page: Page) => page.getByRole('tree').getByRole('treeitem').count();
  /** What a screen reader says of the row that has the focus, and whether it is in sight. */
  const focused = (page: Page) =>
    page.evaluate(() => {
      const row = document.activeElement!;
      const said = ['data-path', 'aria-level', 'aria-posinset', 'aria-setsize'];
      const { top, bottom } = row.getBoundingClientRect();
      const sight = row.closest('[role="tree"]')!.parentElement!.getBoundingClientRect();
      const isInSight = top >= sight.top - 1 && bottom <= sight.bottom + 1;
      return [...said.map((name) => row.getAttribute(name)), isInSight];
    });
  const scrollTo = (page: Page, top: number) =>
    page.getByRole('tree').evaluate((tree, to) => {
      tree.parentElement!.scrollTop = to;
    }, top);

  test('draws the rows in sight, and keys lead to all the others', async () => {
    const page = await open({ width: 1440, height: 900 });
    expect(await drawn(page)).toBeLessThan(FEW);
    const { scroll, sight } = await page.getByRole('tree').evaluate((tree) => ({
      scroll: tree.parentElement!.scrollHeight,
      sight: tree.parentElement!.clientHeight,
    }));
    expect(scroll, 'as high as all rows').toBeGreaterThan(30 * sight);

    await page.locator('[role="treeitem"][tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => focused(page)).toEqual(['folder-00', '1', '1', '33', true]);
    for (let i = 0; i < 55; i++) await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toEqual(['folder-01/file-0091.py', '2', '4', '50', true]);
    await page.keyboard.press('End');
    await expect.poll(() => focused(page)).toEqual(['main.py', '1', '33', '33', true]);
    await page.keyboard.press('l');
    await expect.poll(() => focused(page)).toEqual(['lib', '1', '31', '33', true]);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('treeitem', { name: 'util.py' }).waitFor({ state: 'detached' });
    expect(await violations(page)).toEqual([]);

    // The focus does not go with what is scrolled away.
    await scrollTo(page, 0);
    await page.getByRole('treeitem', { name: 'folder-00' }).waitFor();
    expect((await focused(page))[0]).toBe('lib');
    expect(await drawn(page)).toBeLessThan(FEW);
    await page.context().close();
  });

  test('selects rows that are not drawn, and keeps a half-typed name that is scrolled away', async () => {
    const page = await open({ width: 1440, height: 900 });
    await page.locator('[role="treeitem"][tabindex="0"]').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog', { name: 'Delete 2 files and 31 folders?' }).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('treeitem', { name: 'main.py' }).press('F2');
    const field = page.getByRole('textbox', { name: 'New name of main.py' });
    await field.fill('other.py');
    await scrollTo(page, 0);
    await page.getByRole('treeitem', { name: 'folder-00' }).waitFor();
    await page.keyboard.type('x');
    await field.press('Enter');
    const renamed = page.getByRole('treeitem', { name: 'other.pyx' });
    await renamed.waitFor();
    await renamed.click();
    await page.getByRole('navigation', { name: 'Open files' }).getByTitle('other.pyx').waitFor();
    await page.context().close();
  });

  test('leaves the rows in sight where they are when files come above them', async () => {
    const page = await open({ width: 1440, height: 900 });
    await scrollTo(page, 14_000);
    const first = () =>
      page.getByRole('tree').evaluate((tree) => {
        const { top } = tree.parentElement!.getBoundingClientRect();
        const rows = [...tree.querySelectorAll('[role="treeitem"]')];
        const row = rows.find((each) => each.getBoundingClientRect().bottom > top)!;
        return [row.getAttribute('data-path'), Math.round(row.getBoundingClientRect().top - top)];
      });
    await expect.poll(async () => (await first())[0]).toMatch(/^folder-09\//);
    const before = await first();
    await page.getByRole('button', { name: 'New file' }).click();
    const field = page.getByRole('textbox', { name: 'Name of the new file' });
    await field.fill('above/new.py');
    await field.press('Enter');
    await page.getByRole('navigation', { name: 'Open files' }).getByTitle('above/new.py').waitFor();
    await field.waitFor({ state: 'detached' });
    await expect.poll(first).toEqual(before);
    await scrollTo(page, 0);
    await page.getByRole('treeitem', { name: 'new.py' }).waitFor();
    await page.context().close();
  });

  test('drags a row to a folder that was far out of sight', async () => {
    const page = await open({ width: 1440, height: 900 });
    await page.locator('[role="treeitem"][tabindex="0"]').focus();
    await page.getByRole('treeitem', { name: 'README.md' }).hover();
    await page.mouse.down();
    await page.getByRole('treeitem', { name: 'main.py' }).hover();
    await scrollTo(page, 0);
    const folder = page.getByRole('treeitem', { name: 'folder-00' });
    await folder.hover();
    await folder.hover();
    await page.mouse.up();
    await expect.poll(async () => (await focused(page)).slice(0, 2)).toEqual(['folder-00/README.md', '2']);
    await page.context().close();
  });

  test('draws the rows in sight on a phone, where they are higher', async () => {
    const page = await open({ width: 390, height: 844 });
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Files' }).click();
    await page.getByRole('treeitem', { name: 'folder-00' }).waitFor();
    expect(await drawn(page)).toBeLessThan(FEW);
    const tops = await page
      .getByRole('tree')
      .getByRole('treeitem')
      .evaluateAll((rows) => rows.slice(0, 3).map((row) => row.getBoundingClientRect().top));
    expect([tops[1]! - tops[0]!, tops[2]! - tops[1]!]).toEqual([44, 44]);
    await page.context().close();
  });
});

import { fileId } from '@codesync/protocol/testing';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { faultsAtEachWidth, resize } from './harness/layout.ts';
import { faultsOfSurface, undefinedSizes } from './harness/surfaces.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { LandingPage } from './pages/landing-page.ts';
import { RoomPage } from './pages/room-page.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** How light what stands at a point of the page is behind its text: 0 black, 1 white. */
function lightness(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      let at: Element | null = element;
      const canvas = document.createElement('canvas').getContext('2d')!;
      while (at !== null) {
        const color = getComputedStyle(at).backgroundColor;
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
        if (alpha > 200) return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
        at = at.parentElement;
      }
      return 1;
    });
}

/** Whether all of an element's width is in sight. */
function inView(element: Element): boolean {
  const { left, right } = element.getBoundingClientRect();
  const around = element.closest('ul')!.getBoundingClientRect();
  return left >= around.left - 1 && right <= around.right + 1;
}

/** Pixels by which the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

describeInBrowser('themes', () => {
  const world = useSharedWorld();

  test.each([
    ['light', 0.85, 1],
    ['dark', 0, 0.25],
  ] as const)('the page and the code follow the system: %s', async (colorScheme, least, most) => {
    const ada = await world.person('Ada', { colorScheme });
    await LandingPage.open(ada);
    const landing = await lightness(ada.page, 'main');
    await RoomPage.open(ada, await ada.createRoom('python'));
    const [header, code] = [await lightness(ada.page, 'header'), await lightness(ada.page, '[role=code]')];
    for (const value of [landing, header, code]) {
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
    }
  });

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
  ] as const)(
    "the editor's own surfaces are dressed as the page is, and cover nothing of it: %s, %i wide",
    async (colorScheme, width) => {
      const ada = await world.person('Ada', { colorScheme, viewport: { width, height: 844 } });
      const grace = await world.person('Grace', { colorScheme, viewport: { width, height: 844 } });
      const id = await ada.createRoom('python');
      const room = await RoomPage.open(ada, id);
      const faults = await undefinedSizes(room.page);
      const look = async (at: RoomPage, selector: string) => {
        await at.page.locator(selector).first().waitFor();
        faults.push(...(await faultsOfSurface(at.page, selector)));
      };
      // The first letter of the string is a Cyrillic one.
      await room.replaceText('primes = "аdmin"\nprint(primes)\n');
      await room.untilSaved();
      await room.focusEditor();

      // A phone has no mouse.
      if (width > 390) {
        const letter = (await room.page.locator('.unicode-highlight').boundingBox())!;
        const hover = room.page.locator('.monaco-hover:visible').first();
        let step = 0;
        await eventually('the mouse rests on the letter, and its hover shows', async () => {
          step = (step + 1) % 40;
          if (step % 20 === 0) await room.page.mouse.move(letter.x + 2 + step / 20, letter.y + 8);
          return hover.isVisible();
        });
        await look(room, '.monaco-hover:visible');
        await room.page.mouse.move(0, 0);
      }

      await room.editor.getByText('primes').first().click({ button: 'right' });
      await look(room, '.monaco-menu-container');
      await room.press('Escape');

      await room.focusEditor();
      await room.press('Control+f');
      await look(room, '.find-widget.visible');
      await room.press('Control+h');
      await look(room, '.find-widget.visible.replaceToggled');
      await room.press('Escape');

      await room.focusEditor();
      await room.press('Control+g');
      await look(room, '.quick-input-widget');
      await room.press('Escape');

      await room.typeAtEnd('pri');
      await room.press('Control+Space');
      await look(room, '.suggest-widget.visible');
      await room.press('Escape');

      const viewing = await RoomPage.open(grace, await ada.link(id, 'viewer'));
      await viewing.focusEditor();
      await viewing.type('x');
      await viewing.page.getByText('goes nowhere until the host lets you edit').waitFor();
      await viewing.press('Control+f');
      await look(viewing, '.find-widget.visible');
      expect(faults).toEqual([]);
    },
  );

  test('the switch changes both at once, and is remembered', async () => {
    const ada = await world.person('Ada', { colorScheme: 'light' });
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await ada.page.getByRole('button', { name: 'Switch to dark theme' }).click();
    await expect.poll(() => lightness(ada.page, 'header')).toBeLessThan(0.25);
    await expect.poll(() => lightness(ada.page, '[role=code]')).toBeLessThan(0.25);
    await ada.page.reload();
    await RoomPage.arrived(ada);
    expect(await lightness(ada.page, 'header')).toBeLessThan(0.25);
    await room.page.getByRole('button', { name: 'Switch to light theme' }).waitFor();
  });

  test('the code is shown as it was set, and indented as the status bar says', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const { page } = room;
    await page.getByRole('button', { name: 'Indentation: Spaces 4' }).click();
    await page.getByRole('menuitemradio', { name: '2', exact: true }).click();
    await page.getByRole('button', { name: 'Indentation: Spaces 2' }).click();
    await page.getByRole('menuitemradio', { name: 'Tabs', exact: true }).click();
    await page.getByRole('button', { name: 'Indentation: Tabs 2' }).waitFor();
    await room.replaceText('');
    await room.press('Tab');
    await room.type(`x = "${'long '.repeat(60)}"`);
    await room.untilSaved();
    expect((await ada.witness(room.id)).text('main.py')).toMatch(/^\tx = /);

    const wrapped = () =>
      room.editor
        .locator('.view-line')
        .count()
        .then((lines) => lines > 1);
    expect(await wrapped()).toBe(false);
    await room.press('Alt+z');
    await expect.poll(wrapped).toBe(true);
    await room.command('Show the minimap');
    await room.editor.locator('.minimap').waitFor();

    await page.reload();
    await page.getByRole('button', { name: 'Indentation: Tabs 2' }).waitFor();
    await room.editor.locator('.view-line').first().waitFor();
    await expect.poll(wrapped).toBe(true);
    await room.editor.locator('.minimap').waitFor();
  });
});

describeInBrowser('sizes', () => {
  const world = useSharedWorld();

  test.each([360, 390, 768, 1024, 1280, 1920])(
    'nothing is wider than the window at %i pixels',
    async (width) => {
      const ada = await world.regular('Ada');
      await resize(ada.page, { width, height: 800 });
      await LandingPage.open(ada);
      expect(await overflow(ada.page)).toBeLessThanOrEqual(0);
      const room = await RoomPage.open(ada, await ada.createRoom('python'));
      expect(await overflow(ada.page)).toBeLessThanOrEqual(0);
      const run = (await room.run.boundingBox())!;
      expect(run.x).toBeGreaterThanOrEqual(0);
      expect(run.x + run.width).toBeLessThanOrEqual(width);
      expect(run.y + run.height).toBeLessThanOrEqual(800);
    },
  );

  test('nothing lies over anything or is cut off: start page, empty room, its dialogs', async () => {
    const ada = await world.regular('Ada');
    const landing = await LandingPage.open(ada);
    const faults = await faultsAtEachWidth(ada.page, 'start page');
    await landing.join('nowhere');
    await ada.page.getByText('This is not a link to a room').waitFor();
    faults.push(...(await faultsAtEachWidth(ada.page, 'a bad link')));
    await resize(ada.page, { width: 1280, height: 800 });
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    faults.push(...(await faultsAtEachWidth(ada.page, 'empty')));
    await resize(ada.page, { width: 1280, height: 800 });
    await (await room.openShare()).getByRole('textbox', { name: 'Link for editing' }).waitFor();
    faults.push(...(await faultsAtEachWidth(ada.page, 'share')));
    for (const dialog of ['Settings', 'Status', 'Keyboard shortcuts']) {
      await room.press('Escape');
      await resize(ada.page, { width: 1280, height: 800 });
      await room.command(new RegExp(`^${dialog}`));
      await ada.page.getByRole('dialog', { name: dialog }).waitFor();
      faults.push(...(await faultsAtEachWidth(ada.page, dialog)));
    }
    expect(faults).toEqual([]);
  });

  test('nothing lies over anything or is cut off: a crowd, long names, many tabs', async () => {
    const ada = await world.person('Ada');
    const id = await ada.createRoom('python');
    const host = await ada.witness(id);
    const secret = (await ada.link(id, 'editor')).split('#')[1]!;
    const names = [
      'A person whose name is of forty letters!',
      ...Array.from({ length: 11 }, (_, i) => `Guest ${i}`),
    ];
    await Promise.all(names.map(async (name) => (await world.person(name)).witness(id, secret)));
    await host.send({ kind: 'room.rename', name: 'The room of long names '.padEnd(80, 'abcd ').trim() });
    const files = Array.from(
      { length: 9 },
      (_, i) => `a folder/of others/a file with a long name, number ${i}.py`,
    );
    for (const [i, path] of files.entries())
      await host.send({ kind: 'file.create', file: fileId(`long-file-${i}`), path, text: '' });
    const room = await RoomPage.open(ada, id);
    const faults = await faultsAtEachWidth(ada.page, 'a crowd');

    await resize(ada.page, { width: 1280, height: 800 });
    const before = await room.run.boundingBox();
    for (const path of files) await room.keepFile(path.split('/').at(-1)!, path);
    expect(await room.run.boundingBox(), 'Run stays where it is').toEqual(before);
    faults.push(...(await faultsAtEachWidth(ada.page, 'many tabs')));
    expect(faults).toEqual([]);

    // The active tab is in view however narrow the strip has become; the list leads to the others.
    const last = room.tab(files.at(-1)!);
    await expect.poll(() => last.evaluate(inView)).toBe(true);
    await ada.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Code' }).click();
    await ada.page.getByRole('button', { name: `All ${files.length + 1} open files` }).click();
    await ada.page.getByRole('menuitemradio', { name: files[0]! }).click();
    await expect.poll(() => room.tab(files[0]!).evaluate(inView)).toBe(true);
  });

  test('a window too narrow for two side panels has one, and both again when it is wide', async () => {
    const ada = await world.person('Ada', { viewport: { width: 1440, height: 800 } });
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await Promise.all([room.people.waitFor(), room.files.waitFor()]);
    await resize(ada.page, { width: 1024, height: 800 });
    await room.people.waitFor({ state: 'detached' });
    await room.showPeople();
    await room.files.waitFor({ state: 'detached' });
    await room.press('Control+b');
    await room.files.waitFor();
    await room.people.waitFor({ state: 'detached' });
    await resize(ada.page, { width: 1440, height: 800 });
    await Promise.all([room.people.waitFor(), room.files.waitFor()]);
  });

  test('a phone shows one pane at a time, with Run in reach in each', async () => {
    const [ada, grace] = await Promise.all([world.person('Ada', PHONE), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const [hers, theirs] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    const panes = ada.page.getByRole('navigation', { name: 'Panes' });
    const show = (pane: string) => panes.getByRole('button', { name: pane }).tap();

    await show('People');
    await hers.people.getByText('Grace').waitFor();
    expect(await hers.editor.isVisible()).toBe(false);
    expect(await hers.run.isVisible()).toBe(true);

    await show('Output');
    await hers.outputPanel.waitFor();
    expect(await hers.run.isVisible()).toBe(true);

    await show('Files');
    await hers.file('main.py').tap();
    await hers.editor.waitFor();
    await hers.typeAtStart('# from a phone\n');
    await theirs.untilShown('# from a phone');
  });
});

import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { describeInBrowser, describeWithSandbox, useSharedSandbox, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** What has the focus, in a word or two. */
function focused(room: RoomPage): Promise<string> {
  return room.page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return 'nothing';
    if (at.closest('.monaco-editor') !== null) return 'editor';
    return at.getAttribute('aria-label') ?? at.textContent ?? at.tagName;
  });
}

function isFocused(at: Locator): Promise<boolean> {
  return at.evaluate((element) => element === document.activeElement);
}

async function untilFocused(room: RoomPage, where: string): Promise<void> {
  let last = '';
  await eventually(
    `the focus is at ${where}`,
    async () => {
      last = await focused(room);
      return last === where;
    },
    () => last,
  );
}

const LAYER = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Presses Escape, and has the editor take the focus as soon as the layer is gone. Resolves when all is at rest. */
async function takeFocusAsItCloses(layer: string): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    const watch = new MutationObserver(() => {
      if (document.querySelector(layer) !== null) return;
      watch.disconnect();
      document.querySelector<HTMLElement>('.monaco-editor [role="textbox"]')!.focus();
      resolve();
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
  const pressed = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
  document.activeElement!.dispatchEvent(pressed);
  await gone;
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)));
  }
}

describeInBrowser('the focus', () => {
  const world = useSharedWorld();

  test('is in the editor on arrival, and after a file was opened or made', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await untilFocused(room, 'editor');
    await room.press('Control+Home');
    await room.page.keyboard.type('# first');
    await room.untilShown('# first');
    await room.createFile('other.py');
    await untilFocused(room, 'editor');
    await room.file('main.py').click();
    await untilFocused(room, 'editor');
  });

  test('comes back from everything that the palette opens', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const { page } = room;
    await room.createFile('other.py');
    await untilFocused(room, 'editor');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const layer = page.locator('[role="dialog"], [role="alertdialog"]');
    await room.press('Control+k');
    await page.getByRole('option').first().waitFor();
    const titles = await page.getByRole('option').allTextContents();
    await room.press('Escape');
    await layer.waitFor({ state: 'detached' });
    await untilFocused(room, 'editor');

    const opened: string[] = [];
    for (const title of titles.map((text) => text.replace(/(Ctrl|Alt|Shift|F\d).*$/, ''))) {
      if (/^(Leave room|Command palette)/.test(title)) continue;
      await room.press('Control+k');
      await palette.waitFor();
      await page.keyboard.type(title);
      // Some do not apply any more after those before them.
      const there = (await page.getByRole('option').count()) > 0;
      await room.press(there ? 'Enter' : 'Escape');
      await palette.waitFor({ state: 'detached' });
      // What a command opens is there a moment after the palette is gone.
      await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve))));
      const field = page.getByRole('textbox', { name: /name/i }).and(page.locator('[aria-label]'));
      if ((await layer.count()) > 0 || (await field.count()) > 0) {
        opened.push(title);
        await room.press('Escape');
        await layer.waitFor({ state: 'detached' });
      }
      // A field of a panel keeps the focus until it is left.
      if (/^(Search|Replace|Comment|Write|Send) /.test(title)) await room.press('Escape');
      await untilFocused(room, 'editor');
    }
    expect(opened.length).toBeGreaterThanOrEqual(6);
  });

  test('comes back to the button from what a button opens', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const { page } = room;
    const layer = page.locator(LAYER);

    for (const button of [
      room.share,
      room.menu,
      room.saveLight,
      page.getByRole('button', { name: /^Entry file/ }),
    ]) {
      await button.click();
      await layer.waitFor();
      await room.press('Escape');
      await layer.waitFor({ state: 'detached' });
      await eventually('the button has the focus again', () => isFocused(button));
    }

    for (const item of ['Copy a link…', 'Rename room…', 'Settings…', 'Keyboard shortcuts', 'Status…']) {
      await room.menu.click();
      await page.getByRole('menuitem', { name: item }).click();
      await page.getByRole('dialog').waitFor();
      await room.press('Escape');
      await layer.waitFor({ state: 'detached' });
      await eventually(`the menu has the focus again after ${item}`, () => isFocused(room.menu));
    }

    await room.createFile('other.py');
    await room.file('other.py').focus();
    const question = page.getByRole('alertdialog');
    await room.press('Delete');
    await question.waitFor();
    await room.press('Escape');
    await layer.waitFor({ state: 'detached' });
    await untilFocused(room, 'other.py');
    await room.press('Delete');
    await question.getByRole('button', { name: 'Delete' }).click();
    await room.file('other.py').waitFor({ state: 'detached' });
    await untilFocused(room, 'editor');
  });

  test('stays in the code when somebody goes there as a layer closes', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const { page } = room;
    for (const button of [
      page.getByRole('button', { name: /^Sandbox:/ }),
      room.saveLight,
      page.getByRole('button', { name: /^Entry file/ }),
      room.share,
      room.menu,
    ]) {
      await button.click();
      await page.locator(LAYER).waitFor();
      await page.evaluate(takeFocusAsItCloses, LAYER);
      await untilFocused(room, 'editor');
      await room.type('x');
      await room.untilShown('x');
      await untilFocused(room, 'editor');
    }
  });

  test('goes to the code from a panel that closes', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    for (const panel of ['Close files', 'Close output', 'Close people']) {
      await room.page.getByRole('button', { name: panel }).click();
      await untilFocused(room, 'editor');
    }
    await room.press('Control+b');
    await room.file('main.py').focus();
    await room.press('Control+b');
    await untilFocused(room, 'editor');
    await room.press('Control+b');
    await room.page.getByRole('button', { name: 'Close main.py' }).click();
    await untilFocused(room, 'main.py');
  });
});

describeWithSandbox('the focus, while a program runs,', () => {
  const world = useSharedSandbox();

  test('is at the question that the program asks, and never at the button that ends it', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const input = 'Input for main.py';
    await room.replaceText('a = input("First? ")\nprint("next")\nb = input()\nprint(a + b)\n');
    await room.run.click();
    await untilFocused(room, input);
    await room.page.keyboard.type('one');
    await room.press('Enter');
    await room.output.getByText('next').waitFor();
    await untilFocused(room, input);
    await room.page.keyboard.type('two');
    await room.press('Enter');
    await room.output.getByText('onetwo').waitFor();
    await room.ended('Exit 0').waitFor();
    await untilFocused(room, 'editor');

    // By keys, with the output closed: the input line is brought into view.
    await room.press('Control+j');
    await room.press('Control+Enter');
    await untilFocused(room, input);
    await room.press('Escape');
    await room.stop.click();
    await room.run.waitFor();
    await untilFocused(room, 'editor');
  });

  test('stays in the code of whoever goes on to type there', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await room.replaceText('name = input("Who? ")\n');
    await room.untilSaved();
    await room.press('Control+Enter');
    await room.page.keyboard.type('# more');
    await room.output.getByText('Who?').waitFor();
    await room.page.getByPlaceholder('The program waits').waitFor();
    expect(await focused(room)).toBe('editor');
    await room.stop.click();
  });
});

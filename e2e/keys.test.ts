import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

type Press = Pick<KeyboardEventInit, 'altKey' | 'ctrlKey' | 'shiftKey' | 'modifierAltGraph'> & {
  readonly key: string;
  readonly code: string;
};

/**
 * Waits until the word is offered, and chosen in the list: a key takes the chosen one. The editor offers words by itself,
 * but not when its worker was still busy with the keys before. Then it is asked.
 */
async function offered(room: RoomPage, word: string): Promise<void> {
  const chosen = room.page.locator('.suggest-widget.visible .monaco-list-row.focused');
  await eventually(`${word} is offered`, async () => {
    const seen = await chosen
      .getByText(word)
      .waitFor({ timeout: 2_000 })
      .then(
        () => true,
        () => false,
      );
    if (!seen) for (const key of ['Escape', 'Control+Space']) await room.press(key);
    return seen;
  });
}

describeInBrowser('keys that people have in their fingers', () => {
  const world = useSharedWorld();

  test('open files, the palette and the output, and say that all is saved', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const { page } = room;
    await room.createFile('lib/other.py');

    await room.press('Control+p');
    await page.getByRole('dialog', { name: 'Go to file' }).waitFor();
    const offered = () => page.getByRole('option').allTextContents();
    await expect.poll(offered).toEqual(['lib/other.py', 'main.py']);
    await page.keyboard.type('main');
    await expect.poll(offered).toEqual(['main.py']);
    await room.press('Enter');
    await room.seenTab('main.py').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('.monaco-editor') != null))
      .toBe(true);

    for (const keys of ['F1', 'Control+Shift+P', 'Control+k']) {
      await room.press(keys);
      await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
      expect(await page.locator('.quick-input-widget:visible').count(), 'a palette of Monaco’s').toBe(0);
      await room.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }

    await room.typeAtEnd('# said');
    await room.press('Control+s');
    await page.getByRole('status').getByText('Everything you typed is in the room’s database.').waitFor();
    await room.press('Control+j');
    await room.outputPanel.waitFor({ state: 'detached' });
    await room.press('Alt+Shift+F');
    // Whether there is a sandbox to format in is another matter.
    await page
      .getByRole('status')
      .getByText(/^(Formatt(ing|ed) main\.py|main\.py: )/)
      .waitFor();

    await room.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await page.keyboard.type('shortcuts');
    await page.getByRole('option', { name: 'Keyboard shortcuts', selected: true }).waitFor();
    await room.press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const group of ['Run', 'Files', 'In the code'])
      await sheet.getByRole('region', { name: group }).waitFor();
  });

  test('while words of the text are offered, Enter makes a new line, and Tab takes a word', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const witness = await ada.witness(room.id);
    await room.replaceText('alphabet zebra\n');
    await room.typeAtEnd('alp');
    await offered(room, 'alphabet');
    await room.press('Enter');
    await room.type('zeb');
    await offered(room, 'zebra');
    await room.press('Tab');
    await witness.untilText('main.py', (text) => text === 'alphabet zebra\nalp\nzebra');
  });

  test('go on to work while words are offered, and after that', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const palette = room.page.getByRole('dialog', { name: 'Command palette' });
    await room.replaceText('alphabet\n');
    await room.typeAtEnd('alp');
    await offered(room, 'alphabet');
    for (const keys of ['Control+k', 'F1']) {
      await room.press(keys);
      await palette.waitFor();
      await room.press('Escape');
      await palette.waitFor({ state: 'detached' });
    }
  });

  test.each([
    [
      'Option on a Mac',
      'MacIntel',
      [
        { key: 'Dead', code: 'KeyN', altKey: true },
        { key: '∑', code: 'KeyW', altKey: true },
        { key: 'π', code: 'KeyP', altKey: true },
        { key: '–', code: 'Minus', altKey: true },
        { key: '≠', code: 'Equal', altKey: true },
        { key: 'Ï', code: 'KeyF', altKey: true, shiftKey: true },
      ],
    ],
    [
      'AltGr, told as Control with Alt',
      'Win32',
      [
        { key: 'ń', code: 'KeyN', altKey: true, ctrlKey: true, modifierAltGraph: true },
        { key: '?', code: 'Slash', altKey: true, ctrlKey: true, modifierAltGraph: true },
        { key: 'þ', code: 'KeyP', modifierAltGraph: true },
      ],
    ],
  ] as const)('that type characters by %s are left to the text', async (_, platform, presses) => {
    const ada = await world.person('Ada');
    await ada.context.addInitScript((name) => {
      Object.defineProperty(navigator, 'platform', { get: () => name });
    }, platform);
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const press = (at: 'text' | 'page', init: Press) =>
      room.page.evaluate(
        ([where, how]) => {
          const target = where === 'page' ? document.body : document.activeElement!;
          const event = new KeyboardEvent('keydown', { ...how, bubbles: true, cancelable: true });
          target.dispatchEvent(event);
          return event.defaultPrevented;
        },
        [at, init] as const,
      );

    await room.focusEditor();
    for (const init of presses) expect(await press('text', init), `${init.code} in the code`).toBe(false);
    await room.press('Control+k', 'Meta+k');
    await room.page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    for (const init of presses) expect(await press('text', init), `${init.code} in a field`).toBe(false);
    await room.press('Escape');
    await room.page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(await room.tab('main.py').count()).toBe(1);
    expect(await room.page.getByRole('textbox', { name: 'Name of the new file' }).count()).toBe(0);
    if (platform !== 'MacIntel') return;
    await press('page', { key: 'Dead', code: 'KeyN', altKey: true });
    await room.page.getByRole('textbox', { name: 'Name of the new file' }).waitFor();
  });
});

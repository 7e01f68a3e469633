import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { ChatPane } from './pages/chat-pane.ts';
import { LandingPage } from './pages/landing-page.ts';
import { RoomPage } from './pages/room-page.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describeInBrowser('accessibility', () => {
  const world = useSharedWorld();

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious on the start page, %s',
    async (colorScheme) => {
      const ada = await world.stranger('Ada', { colorScheme });
      const landing = await LandingPage.open(ada);
      await landing.name.waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await landing.giveName('Ada');
      await landing.createRoom('python');
      await LandingPage.open(ada);
      expect(await violations(ada.page)).toEqual([]);
    },
  );

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious in a room of two, %s',
    async (colorScheme) => {
      const [ada, grace] = await Promise.all([world.regular('Ada', { colorScheme }), world.regular('Grace')]);
      const id = await ada.createRoom('python');
      const [hers, theirs] = await Promise.all([
        RoomPage.open(ada, id),
        RoomPage.open(grace, await ada.link(id, 'viewer')),
      ]);
      await hers.createFile('lib/other.py');
      await theirs.page.getByRole('button', { name: 'Ask to edit' }).click();
      await (await hers.showPeople()).getByText('asks to edit').waitFor();
      expect(await violations(ada.page)).toEqual([]);
      expect(await violations(grace.page)).toEqual([]);
    },
  );

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious in dialogs and menus, %s',
    async (colorScheme) => {
      const ada = await world.regular('Ada', { colorScheme });
      const room = await RoomPage.open(ada, await ada.createRoom('go'));
      const share = await room.openShare();
      await share.getByRole('textbox', { name: 'Link for editing' }).waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await room.press('Escape');

      await room.press('Control+k');
      await ada.page.getByRole('option').first().waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await room.press('Escape');

      await ada.page.getByRole('button', { name: 'Language: Go' }).click();
      await ada.page.getByRole('option', { name: 'Rust' }).waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await room.press('Escape');

      await room.command('Settings…');
      await ada.page.getByRole('dialog', { name: 'Settings' }).waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await room.press('Escape');

      await room.command('Status…');
      await ada.page.getByRole('button', { name: 'Details' }).click();
      await ada.page.getByRole('region', { name: 'Versions' }).waitFor();
      expect(await violations(ada.page)).toEqual([]);
      await room.press('Escape');

      await room.menu.click();
      await ada.page.getByRole('menu').waitFor();
      expect(await violations(ada.page)).toEqual([]);
    },
  );

  test.each(['light', 'dark'] as const)('axe finds nothing serious on a phone, %s', async (colorScheme) => {
    const ada = await world.person('Ada', { ...PHONE, colorScheme });
    await RoomPage.open(ada, await ada.createRoom('python'));
    for (const pane of ['Code', 'Output', 'Terminal', 'People', 'Files']) {
      await ada.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: pane }).click();
      expect(await violations(ada.page), pane).toEqual([]);
    }
  });

  test('a refusal page too', async () => {
    const [ada, mallory] = await Promise.all([world.person('Ada'), world.person('Mallory')]);
    await mallory.page.goto(`/r/${await ada.createRoom('python')}`);
    await mallory.page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
    expect(await violations(mallory.page)).toEqual([]);
  });

  test('the keyboard is enough: palette, panels, and back to the code', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    const code = room.editor.getByRole('textbox');
    const hasFocus = () => code.evaluate((field) => field === document.activeElement);

    await room.focusEditor();
    await room.press('Control+b');
    await room.files.waitFor({ state: 'detached' });
    await room.press('Control+b');
    await room.files.waitFor();
    await room.press('Control+j');
    await room.outputPanel.waitFor({ state: 'detached' });
    await room.press('Control+j');
    await room.outputPanel.waitFor();

    await room.press('Control+k');
    await ada.page.keyboard.type('new file');
    await room.press('Enter');
    await ada.page.getByRole('textbox', { name: 'Name of the new file' }).waitFor();
    await ada.page.keyboard.type('typed.py');
    await room.press('Enter');
    await room.tab('typed.py').waitFor();

    await room.file('typed.py').focus();
    await room.press('Escape');
    await expect.poll(hasFocus).toBe(true);
    await room.press('Control+m', 'Tab');
    await expect.poll(hasFocus).toBe(false);
  });

  test('says aloud who comes, who edits close by and what is said in the chat, until it is turned down', async () => {
    // She has set nothing yet, and no chat is open.
    const [ada, bea] = await Promise.all([world.person('Ada'), world.regular('Bea')]);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const heard = hers.page.getByRole('log', { name: 'Announcements' });
    const said = () => heard.getByRole('paragraph').allTextContents();
    expect(await said()).toEqual([]);
    await hers.press('Control+Home');

    const theirs = await RoomPage.open(bea, await ada.link(id, 'editor'));
    await expect.poll(said).toEqual(['Bea joined.']);
    await theirs.press('Control+Home', 'ArrowDown');
    await theirs.page.keyboard.type('x');
    await expect.poll(said).toEqual(['Bea joined.', 'Bea edits line 2, 1 below yours.']);
    const chat = await new ChatPane(theirs).show();
    await chat.say('look at **this**');
    await expect.poll(said).toContain('Bea: look at this');

    for (const [list, option] of [
      ['People who come and go', 'Off'],
      ['Edits near the cursor', 'Off'],
      ['Messages', 'None'],
    ] as const) {
      await hers.command('Settings');
      await hers.choose(list, option);
      await hers.press('Escape');
      await hers.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const before = await said();
    await chat.say('and that');
    await hers.page.getByRole('button', { name: 'Chat: 2 unread' }).waitFor();
    expect(await said()).toEqual(before);
  });
});

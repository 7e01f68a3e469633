/** The chat, by two people: what they say, change and point at, once and only once whatever the network does. */
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { ChatPane } from './pages/chat-pane.ts';
import { RoomPage } from './pages/room-page.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describeInBrowser('the chat', () => {
  const world = useSharedWorld();

  async function twoTalking() {
    const two = await twoInARoom(world);
    const [hers, theirs] = await Promise.all([
      new ChatPane(two.hers).show(),
      new ChatPane(two.theirs).show(),
    ]);
    return { ...two, hers, theirs };
  }

  test('has Markdown, code in colours, and people who are named', async () => {
    const { hers, theirs } = await twoTalking();
    await hers.field.pressSequentially('Hi @gra');
    await hers.region.getByRole('option', { name: 'Grace' }).waitFor();
    await hers.field.press('Enter');
    await hers.field.pressSequentially('**look** at https://example.org/a');
    await hers.field.press('Shift+Enter');
    await hers.field.pressSequentially('please');
    await hers.field.press('Enter');
    const message = theirs.message('please');
    await message.waitFor();
    expect(await hers.field.inputValue()).toBe('');
    expect(await message.locator('strong').textContent()).toBe('look');
    const link = message.getByRole('link', { name: 'https://example.org/a' });
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    await message.getByText('@Grace', { exact: true }).waitFor();

    await hers.paste('def f(x):\n    return "a" + x');
    expect(await hers.field.inputValue()).toBe('```\ndef f(x):\n    return "a" + x\n```\n');
    await hers.say('```python\nreturn "a"\n```');
    const word = theirs.message('return').locator('span', { hasText: /^return$/ });
    await expect.poll(() => word.getAttribute('style')).toMatch(/^color: var\(--/);
  });

  test('has reactions of all, and only the author changes or deletes a message', async () => {
    const { hers, theirs } = await twoTalking();
    await hers.say('a first word');
    await theirs.message('a first word').waitFor();
    await theirs.choose('a first word', 'Add a reaction', 'Hooray');
    const reaction = hers.region.getByRole('button', { name: /Hooray: Grace$/ });
    await reaction.click();
    await theirs.region.getByRole('button', { name: /Hooray: Grace, Ada$/, pressed: true }).click();
    await hers.region.getByRole('button', { name: /Hooray: Ada$/, pressed: true }).waitFor();

    await theirs.message('a first word').hover();
    await theirs.message('a first word').getByRole('button', { name: 'More for this message' }).click();
    await theirs.room.page.getByRole('menuitem', { name: 'Copy text' }).waitFor();
    expect(await theirs.room.page.getByRole('menuitem', { name: 'Edit' }).count()).toBe(0);
    await theirs.room.press('Escape');

    await hers.field.press('ArrowUp');
    await expect.poll(() => hers.field.inputValue()).toBe('a first word');
    await hers.say('a better word');
    await theirs.message('a better word').getByText('edited').waitFor();
    expect(await theirs.message('a first word').count()).toBe(0);

    await hers.choose('a better word', 'More for this message', 'Delete…');
    await hers.room.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await theirs.message('a better word').waitFor({ state: 'detached' });
    expect(await theirs.said()).toEqual([]);
  });

  test('says how much was not seen, until it is', async () => {
    const { hers, theirs } = await twoTalking();
    await theirs.hide();
    for (const n of [1, 2]) await hers.say(`word ${n}`);
    await theirs.room.page.getByRole('button', { name: 'Chat: 2 unread' }).waitFor();
    expect(await hers.button.getAttribute('aria-label')).toBe('Chat');
    await theirs.show();
    await theirs.region.getByText('New', { exact: true }).waitFor();
    await theirs.room.page.getByRole('button', { name: 'Chat', exact: true }).first().waitFor();
    await theirs.room.page.reload();
    await theirs.message('word 2').waitFor();
    expect(await theirs.button.getAttribute('aria-label')).toBe('Chat');
  });

  test('shows HTML as it was typed, and leads to the web only', async () => {
    const { hers, theirs } = await twoTalking();
    const typed = [
      '<img src=x onerror="window.hurt=1">',
      '<script>window.hurt=1</script>',
      '[x](javascript:window.hurt=1)',
      '<a href="javascript:window.hurt=1">y</a>',
    ];
    for (const text of typed) await hers.say(text);
    await theirs.message('href=').waitFor();
    expect(await theirs.said()).toEqual(
      [typed[0], typed[1], 'x', typed[3]].map((text) => expect.stringContaining(text!)),
    );
    expect(await theirs.log.locator('img, script, a').count()).toBe(0);
    expect(await theirs.room.page.evaluate(() => 'hurt' in window)).toBe(false);
  });

  test('is sent by Control and Enter as by Enter, also a comment, and runs nothing', async () => {
    const { hers, theirs, witness } = await twoTalking();
    await hers.field.fill('by both keys');
    await hers.field.press('Control+Enter');
    await theirs.message('by both keys').waitFor();
    await hers.room.focusEditor();
    await hers.room.press('Control+Shift+m');
    await hers.room.page.keyboard.type('Why so?');
    await hers.room.press('Control+Enter');
    await expect.poll(() => witness.fold.state.threads.size).toBe(1);
    expect(witness.runs).toEqual([]);
  });

  test('leads to a selection of a file, wherever edits have moved it since', async () => {
    const { hers, theirs } = await twoTalking();
    await hers.room.replaceText('one = 1\ntwo = 2\nthree = 3');
    await hers.room.press('ArrowUp', 'Home', 'Shift+End');
    await hers.room.press('Alt+q');
    await expect.poll(() => hers.field.inputValue()).toBe('```python\ntwo = 2\n```\n');
    await hers.field.press('Enter');
    await theirs.message('two = 2').waitFor();
    await theirs.room.typeAtStart('# a line before\n');
    await hers.room.untilShown('# a line before');
    await hers.room.typeAtStart('# another\n');
    await theirs.room.untilShown('# another');
    await theirs.message('two = 2').getByRole('button', { name: 'main.py' }).click();
    await theirs.room.page.keyboard.type('found = 2');
    await hers.room.untilShown('# another\n# a line before\none = 1\nfound = 2\nthree = 3');
  });

  test('[INV3] takes what is said once and only once, however often the way is cut meanwhile', async () => {
    const way = await world.way(TcpProxy.before(world.server.url));
    const ada = await world.person('Ada', { at: way.url });
    ada.expectTrouble(LOST_CONNECTION);
    const grace = await world.regular('Grace');
    const id = await ada.createRoom('python');
    const hers = await new ChatPane(await RoomPage.open(ada, id)).show();
    const theirs = await new ChatPane(await RoomPage.open(grace, await ada.link(id, 'viewer'))).show();
    const words = Array.from({ length: 12 }, (_, n) => `word ${n}`);
    for (const [n, text] of words.entries()) {
      if (n % 4 === 1) way.cut();
      await hers.say(text);
      if (n % 4 === 3) way.mend('dead');
    }
    await theirs.message('word 11').waitFor();
    await hers.region.getByText('Sending…').last().waitFor({ state: 'detached' });
    await expect.poll(() => theirs.said()).toEqual(words);
    await expect.poll(() => hers.said()).toEqual(words);
  });

  test('waits on this device without a network, also through a reload of the page', async () => {
    const ada = await world.person('Ada');
    ada.expectTrouble(LOST_CONNECTION);
    const grace = await world.regular('Grace');
    const id = await ada.createRoom('python');
    const hers = await new ChatPane(await RoomPage.open(ada, id)).show();
    const theirs = await new ChatPane(await RoomPage.open(grace, await ada.link(id, 'editor'))).show();
    await hers.say('online');
    await theirs.message('online').waitFor();
    // The page can be loaded, and the room cannot be reached.
    await ada.context.route('**/socket.io/**', (route) => route.abort());
    await ada.context.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await ada.page.reload();
    await hers.say('offline');
    await hers
      .message('offline')
      .getByText(/^Kept on this device/)
      .waitFor();
    await ada.page.reload();
    await hers
      .message('offline')
      .getByText(/^Kept on this device/)
      .waitFor();
    await ada.context.unrouteAll();
    await ada.context.routeWebSocket(/socket\.io/, (socket) => void socket.connectToServer());
    await ada.page.reload();
    await theirs.message('offline').waitFor();
    await expect.poll(() => hers.said()).toEqual(['online', 'offline']);
    expect(await theirs.said()).toEqual(['online', 'offline']);
  });

  test('has a channel for hosts that never reaches the browsers of others', async () => {
    const { ada, hers, theirs } = await twoTalking();
    const heard: string[] = [];
    const guest = await world.person('Gus');
    guest.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => heard.push(payload.toString())),
    );
    const his = await new ChatPane(await RoomPage.open(guest, await ada.link(hers.room.id, 'editor'))).show();
    expect(await theirs.region.getByRole('button', { name: 'Hosts only' }).count()).toBe(0);
    await hers.region.getByRole('button', { name: 'Hosts only' }).click();
    await hers.say('SECRET: a strong one');
    await hers.message('SECRET').waitFor();
    await hers.message('Sending…').waitFor({ state: 'detached' });
    await hers.region.getByRole('button', { name: 'Everyone' }).click();
    expect(await hers.message('SECRET').count()).toBe(0);
    await hers.say('open to all');
    for (const chat of [theirs, his]) {
      await chat.message('open to all').waitFor();
      expect(await chat.said()).toEqual(['open to all']);
    }
    await guest.page.reload();
    await his.message('open to all').waitFor();
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.join('\n')).not.toContain('SECRET');

    await ada.page.reload();
    await hers.region.getByRole('button', { name: 'Hosts only' }).click();
    await hers.message('SECRET').waitFor();
    expect(await violations(ada.page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in it, %s', async (colorScheme) => {
    const ada = await world.person('Ada', { colorScheme });
    const id = await ada.createRoom('python');
    const grace = await world.regular('Grace');
    const theirs = await new ChatPane(await RoomPage.open(grace, await ada.link(id, 'editor'))).show();
    const hers = await new ChatPane(await RoomPage.open(ada, id)).show();
    expect(await violations(ada.page)).toEqual([]);
    await hers.say('**a** `b` https://example.org\n\n```python\ndef f(): pass\n```\n\n> c');
    await hers.choose('example.org', 'Add a reaction', 'Heart');
    await theirs.say('hello');
    await theirs.field.pressSequentially('@ad');
    await theirs.region.getByRole('listbox').waitFor();
    await hers.message('hello').hover();
    expect(await violations(ada.page)).toEqual([]);
    expect(await violations(grace.page)).toEqual([]);
  });

  test('is a pane of its own on a phone', async () => {
    const ada = await world.person('Ada', PHONE);
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await ada.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Chat' }).click();
    const chat = new ChatPane(room);
    await chat.say('from a phone');
    await chat.message('from a phone').waitFor();
    expect(await violations(ada.page)).toEqual([]);
  });
});

/** Who is where, and what they do: several cursors, out of view, idle and away, cut off, in several tabs, alone. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { PresenceEars } from './harness/presence-ears.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, describeWithSandbox, useSharedSandbox, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

/** A program of that many lines. */
const lines = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1} = ${i + 1}\n`).join('');

/** The marks of people out of view. */
const marks = (page: RoomPage) => page.page.getByRole('button', { name: /: go to line \d+$/ });

/** What stands in the people panel beside a name. */
const rowOf = (page: RoomPage, name: string) => page.people.getByRole('listitem').filter({ hasText: name });

/** The tab goes behind another, as far as the page can tell, or comes to the front. */
const show = (page: Page, state: 'visible' | 'hidden') =>
  page.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { get: () => to, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

describeInBrowser('presence', () => {
  const world = useSharedWorld();

  test('all cursors of somebody are seen, with what they select, and move with the text', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('one\ntwo\nthree\n');
    await theirs.untilShown('three');
    await theirs.focusEditor();
    await theirs.press('Control+Home', 'Shift+Alt+ArrowDown', 'Shift+Alt+ArrowDown', 'Shift+End');
    await expect.poll(() => hers.cursors.count()).toBe(3);
    const selected = hers.page.locator('.remote-selection');
    await expect.poll(() => selected.count()).toBe(3);
    const tops = async () => {
      const boxes = await hers.cursors.evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect().top),
      );
      return boxes.sort((a, b) => a - b);
    };
    const before = await tops();
    const height = before[1]! - before[0]!;
    expect(height).toBeGreaterThan(10);
    await hers.typeAtStart('zero\n');
    await expect.poll(tops).toEqual(before.map((top) => top + height));
    await theirs.type('x');
    await hers.untilShown((text) => text.trimEnd() === 'zero\nx\nx\nx');
    await expect.poll(() => hers.cursors.count()).toBe(3);
    expect(await selected.count()).toBe(0);
    await theirs.press('Escape', 'Escape');
    await expect.poll(() => hers.cursors.count()).toBe(1);
  });

  test('who is out of view is named at the edge, and leads there by a key', async () => {
    const { ada, id, hers, theirs } = await twoInARoom(world);
    const linus = await world.regular('Linus');
    const his = await RoomPage.open(linus, await ada.link(id, 'editor'));
    await hers.replaceText(lines(200));
    await hers.press('Control+Home');
    await his.untilShown('n1 = 1');
    await theirs.untilShown('n1 = 1');
    await theirs.focusEditor();
    await theirs.press('Control+End', 'ArrowUp');
    await his.focusEditor();
    await his.press('Control+Home', ...Array(99).fill('ArrowDown'));
    await expect.poll(() => marks(hers).allTextContents()).toEqual(['Linus 100', 'Grace 200']);
    const below = hers.page.getByRole('list', { name: 'Further down' });
    await below.waitFor();
    expect(await violations(ada.page)).toEqual([]);

    await below.getByRole('button', { name: 'Grace 200: go to line 200' }).focus();
    await hers.press('Enter');
    await hers.untilShown('n200 = 200');
    // Only the view has moved: what is typed comes where the cursor was, and the view goes there.
    await expect.poll(() => marks(hers).allTextContents()).toEqual(['Linus 100']);
    await hers.page.getByRole('list', { name: 'Further up' }).waitFor();
    await hers.page.keyboard.type('first_');
    await hers.untilShown('first_n1 = 1');
    await hers.page.getByRole('button', { name: 'Linus 100: go to line 100' }).click();
    await hers.untilShown('n100 = 100');
    // Somebody who comes into view, or leaves the file, has no mark.
    await theirs.press('Control+Home', ...Array(99).fill('ArrowDown'));
    await expect.poll(() => marks(hers).count()).toBe(0);
  });

  test('the panel, the tree and the tabs say where somebody is and whether they type', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(30));
    await theirs.untilShown('n1 = 1');
    await hers.showPeople();
    const row = rowOf(hers, 'Grace');
    await theirs.focusEditor();
    await theirs.press('Control+Home', ...Array(11).fill('ArrowDown'));
    await row.getByRole('button', { name: 'main.py:12' }).waitFor();
    await theirs.type('# here');
    await row.getByText('typing').waitFor();
    await row.getByText('typing').waitFor({ state: 'detached' });
    await hers.typeAtStart('\n\n');
    await row.getByRole('button', { name: 'main.py:14' }).waitFor();
    await hers.createFile('other.py');
    const tab = hers.tab('main.py');
    await expect.poll(() => tab.getAttribute('aria-description')).toBe('here: Grace');
    await hers
      .file('main.py')
      .and(hers.page.getByRole('treeitem', { name: 'main.py, here: Grace' }))
      .waitFor();
    await row.getByRole('button', { name: 'main.py:14' }).click();
    await hers.seenTab('main.py').waitFor();
    await hers.page.getByText('Ln 14, Col 1').waitFor();
  });

  test('somebody is idle after a minute, away while their tab is out of sight, and there again at the first key', async () => {
    const [ada, grace] = [await world.regular('Ada'), await world.person('Grace')];
    await grace.page.clock.install();
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await hers.showPeople();
    const row = rowOf(hers, 'Grace');
    await theirs.focusEditor();
    await row.getByRole('button', { name: 'main.py:1' }).waitFor();
    expect(await row.getByText(/idle|away/).count()).toBe(0);
    await grace.page.clock.fastForward(61_000);
    await row.getByText('idle').waitFor();
    await theirs.press('ArrowDown');
    await row.getByText('idle').waitFor({ state: 'detached' });
    await show(grace.page, 'hidden');
    await row.getByText('away').waitFor();
    expect(await violations(ada.page)).toEqual([]);
    await show(grace.page, 'visible');
    await row.getByText('away').waitFor({ state: 'detached' });
  });

  test('a cut way is shown as lost while the connection still stands, and mended as if nothing had been; so is one that ends', async () => {
    const [ada, proxy] = [await world.regular('Ada'), await world.way(TcpProxy.before(world.server.url))];
    const grace = await world.person('Grace', { at: proxy.url });
    grace.expectTrouble(LOST_CONNECTION);
    let sockets = 0;
    grace.page.on('websocket', () => {
      sockets += 1;
    });
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await hers.showPeople();
    const row = rowOf(hers, 'Grace');
    const lost = row.getByText('Connection lost');
    await theirs.focusEditor();
    await row.getByRole('button', { name: 'main.py:1' }).waitFor();
    const untilLost = async (how: string) => {
      const since = performance.now();
      await lost.waitFor();
      console.log(
        `a connection that ${how} was shown as lost after ${Math.round(performance.now() - since)} ms`,
      );
      expect(await row.getByRole('button', { name: 'main.py:1' }).count()).toBe(0);
      await expect.poll(() => hers.cursors.count()).toBe(0);
    };
    const before = sockets;
    proxy.cut();
    await untilLost('was cut');
    proxy.mend('late');
    await lost.waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'main.py:1' }).waitFor();
    // The server gives a connection up long after it is silent. It is still the same one.
    expect([before, sockets]).toEqual([1, 1]);
    await proxy.close();
    await untilLost('ended');
  });

  test('somebody alone tells nothing, and is seen at once where they are by whoever comes', async () => {
    const [ada, grace] = [await world.person('Ada'), await world.regular('Grace')];
    const ears = new PresenceEars(ada.page);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    await hers.replaceText(lines(20));
    await hers.press('Control+Home', 'ArrowDown', 'ArrowDown');
    await show(ada.page, 'hidden');
    await show(ada.page, 'visible');
    await hers.untilSaved();
    expect(ears.sent).toEqual([]);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await theirs.showPeople();
    await rowOf(theirs, 'Ada').getByRole('button', { name: 'main.py:3' }).waitFor();
    await expect.poll(() => theirs.cursors.count()).toBe(1);
    expect(ears.sent.length).toBeGreaterThan(0);
    await grace.walkOut();
    await hers.page.getByRole('button', { name: 'People: 1 here' }).waitFor();
    const before = ears.sent.length;
    await hers.type('alone again');
    await hers.press('ArrowUp', 'ArrowUp');
    await hers.untilSaved();
    expect(ears.sent.length).toBe(before);
  });

  test('a cursor that moves all the time is told no more than thirty times a second, and where it stops', async () => {
    const [ada, grace] = [await world.regular('Ada'), await world.person('Grace')];
    const ears = new PresenceEars(grace.page);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await hers.replaceText(lines(300));
    await theirs.untilShown('n1 = 1');
    await theirs.focusEditor();
    await theirs.press('Control+Home');
    const before = ears.sent.length;
    const began = performance.now();
    for (let i = 0; i < 290; i++) await theirs.press('ArrowDown');
    const seconds = (performance.now() - began) / 1_000;
    await hers.showPeople();
    await rowOf(hers, 'Grace').getByRole('button', { name: 'main.py:291' }).waitFor();
    const told = ears.sent.length - before;
    console.log(`290 moves in ${seconds.toFixed(1)} s were told in ${told} messages`);
    expect(told).toBeLessThanOrEqual(Math.ceil(seconds * 30) + 1);
    expect(told).toBeLessThan(290);
  });

  test('somebody with three tabs is one person, whose cursors are those of all tabs', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(30));
    await theirs.untilShown('n1 = 1');
    const second = await theirs.secondTab();
    const third = await theirs.secondTab();
    await hers.showPeople();
    const row = rowOf(hers, 'Grace');
    for (const [i, tab] of [theirs, second, third].entries()) {
      await tab.untilShown('n1 = 1');
      await tab.focusEditor();
      await tab.press('Control+Home', ...Array(i * 2 + 1).fill('ArrowDown'));
      // They are where they moved last.
      await row.getByRole('button', { name: `main.py:${i * 2 + 2}` }).waitFor();
    }
    expect(await row.count()).toBe(1);
    await expect.poll(() => hers.cursors.count()).toBe(3);
    // Ada's besides.
    await expect.poll(() => theirs.cursors.count()).toBe(3);
    await show(third.page, 'hidden');
    await row.getByRole('button', { name: 'main.py:4' }).waitFor();
    expect(await row.getByText('away').count()).toBe(0);
    await second.page.close();
    await row.getByRole('button', { name: 'main.py:2' }).waitFor();
    await third.page.close();
    await expect.poll(() => hers.cursors.count()).toBe(1);
    await hers.page.getByRole('button', { name: 'People: 2 here', exact: true }).waitFor();
  });
});

describeWithSandbox('presence beside the code', () => {
  const world = useSharedSandbox();

  test('the panel says what somebody runs, and in which terminal they are', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.showPeople();
    const row = rowOf(hers, 'Grace');
    await theirs.replaceText('input()\n');
    await theirs.untilSaved();
    await theirs.run.click();
    await row.getByText('running main.py').waitFor();
    await theirs.stop.click();
    await row.getByText('running main.py').waitFor({ state: 'detached' });
    const shell = new TerminalPane(theirs);
    await shell.show();
    await shell.open();
    await shell.enter('true');
    const [terminal] = witness.fold.state.terminals.values();
    await row.getByText(`in ${terminal!.name}`).waitFor();
    await theirs.focusEditor();
    await row.getByText(`in ${terminal!.name}`).waitFor({ state: 'detached' });
    await witness.send({ kind: 'terminal.close', terminal: terminal!.id });
  });
});

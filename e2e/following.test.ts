/** Following a person, leading everyone, asking somebody to come, and the driver's seat: each in real pages. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { drop } from './harness/drop.ts';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { png } from './harness/png.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, describeWithSandbox, useSharedSandbox, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

/** A program of that many lines. */
const lines = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1} = ${i + 1}\n`).join('');

/** What says whom a page follows; it ends that, too. */
const frame = (page: RoomPage) => page.page.getByRole('button', { name: /^Following / });
const note = (page: RoomPage, words: string | RegExp): Locator =>
  page.page.getByRole('status').filter({ hasText: words });

async function follow(page: RoomPage, name: string): Promise<void> {
  await page.showPeople();
  await page.people.getByRole('button', { name: `Follow ${name}`, exact: true }).click();
  await frame(page).waitFor();
}

/** The number of the first line that is seen. */
async function top(page: RoomPage): Promise<number> {
  return Number(/n(\d+) = /.exec(await page.shown())?.[1] ?? 0);
}

/** How far one turn scrolls is the browser's affair, whatever distance it was given. */
async function scroll(page: RoomPage, turns: number): Promise<void> {
  await page.editor.hover();
  for (let i = 0; i < Math.abs(turns); i++) await page.page.mouse.wheel(0, 100 * Math.sign(turns));
}

describeInBrowser('following', () => {
  const world = useSharedWorld();

  test('goes along to their file, and to what they have in sight of it, also through many files', async () => {
    const { ada, hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(200));
    await hers.press('Control+Home');
    await theirs.untilShown('n1 = 1');
    await follow(hers, 'Grace');
    await theirs.showPeople();
    await theirs.people.getByText('follows you').waitFor();
    await theirs.focusEditor();
    await theirs.press('Control+End');
    await hers.untilShown('n200 = 200');
    const end = await top(theirs);
    await scroll(theirs, -20);
    let tops: readonly number[] = [];
    await eventually(
      'both see what is further up',
      async () => {
        tops = await Promise.all([theirs, hers].map(top));
        const [seen, followed] = tops as [number, number];
        return seen > 20 && seen < end - 20 && Math.abs(followed - seen) <= 1;
      },
      () => `the end at ${end}, now at ${tops.join(' and ')}`,
    );

    await theirs.createFile('other.py');
    await hers.seenTab('other.py').waitFor();
    // It is only looked at: what is followed through many files leaves no row of tabs.
    await theirs.openFile('main.py');
    await hers.seenTab('main.py').waitFor();
    expect(await violations(ada.page)).toEqual([]);
    await frame(hers).click();
    await frame(hers).waitFor({ state: 'detached' });
  });

  test('ends with each own move, and not with what others do', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(100));
    await hers.createFile('other.py');
    await hers.openFile('main.py');
    await theirs.untilShown('n1 = 1');
    const ends: Record<string, () => Promise<unknown>> = {
      'a key': () => hers.type('x'),
      'a move of the cursor': async () => {
        await hers.focusEditor();
        await hers.press('ArrowDown');
      },
      'a click': () => hers.editor.click(),
      'the wheel': () => scroll(hers, 2),
      'another file': () => hers.file('other.py').click(),
      Escape: async () => {
        await hers.people.getByText('Nobody drives').click();
        await hers.press('Escape');
      },
      'a paste': () => hers.paste('y'),
    };
    for (const [move, act] of Object.entries(ends)) {
      await follow(hers, 'Grace');
      await theirs.typeAtStart('#');
      await theirs.press('Control+z');
      expect(await frame(hers).count(), `before ${move}`).toBe(1);
      await act();
      await eventually(`${move} ends it`, async () => (await frame(hers).count()) === 0);
    }
  });

  test('by a key, and by the palette; and through a chain it is the last one’s screen, and in a circle nobody’s', async () => {
    const { ada, id, hers, theirs } = await twoInARoom(world);
    await hers.press('Alt+l');
    await frame(hers).waitFor();
    await hers.press('Alt+l');
    await frame(hers).waitFor({ state: 'detached' });
    const linus = await world.regular('Linus');
    const his = await RoomPage.open(linus, await ada.link(id, 'viewer'));
    await his.command('Follow Grace');
    await frame(his).waitFor();
    await theirs.command('Follow Ada');
    await frame(theirs).waitFor();
    await hers.createFile('other.py');
    await theirs.seenTab('other.py').waitFor();
    await his.seenTab('other.py').waitFor();
    // Now all three go round: none of them is moved until one of them moves.
    await hers.command('Follow Linus');
    await frame(hers).waitFor();
    await hers.showPeople();
    await hers.people.getByText('follows Ada').or(hers.people.getByText('follows you')).first().waitFor();
    await hers.openFile('main.py');
    await frame(hers).waitFor({ state: 'detached' });
    await theirs.seenTab('main.py').waitFor();
    await his.seenTab('main.py').waitFor();
  });

  test('goes along to a picture and back, and takes neither the focus nor the place in the code', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(200));
    await drop(theirs.files, { 'logo.png': png(300, 200, (x, y) => [x % 256, y, 128, 255]) });
    await theirs.file('logo.png').waitFor();
    await follow(hers, 'Grace');
    await theirs.focusEditor();
    await theirs.press('Control+End');
    await hers.untilShown('n200 = 200');
    const button = hers.people.getByRole('button', { name: 'Stop following Grace' });
    await button.focus();
    const picture = hers.page.getByRole('img', { name: 'logo.png', exact: true });
    await theirs.openFile('logo.png');
    await picture.waitFor();
    await hers.seenTab('logo.png').waitFor();
    expect(await button.evaluate((own) => own === document.activeElement)).toBe(true);
    await theirs.openFile('main.py');
    await hers.seenTab('main.py').waitFor();
    await hers.untilShown('n200 = 200');
    await theirs.openFile('logo.png');
    await picture.waitFor();
    await frame(hers).click();
    await frame(hers).waitFor({ state: 'detached' });
    await hers.openFile('main.py');
    await hers.untilShown('n200 = 200');
  });

  test('waits for somebody whose connection is lost, and goes on when they are back', async () => {
    const [ada, way] = [await world.regular('Ada'), await world.way(TcpProxy.before(world.server.url))];
    const grace = await world.person('Grace', { at: way.url });
    grace.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await hers.createFile('other.py');
    await hers.openFile('main.py');
    await theirs.file('other.py').waitFor();
    await follow(hers, 'Grace');
    way.cut();
    await frame(hers).filter({ hasText: 'Following Grace, whose connection is lost' }).waitFor();
    // What she does meanwhile is known when she is back, by another connection.
    await theirs.openFile('other.py');
    expect(await hers.seenTab('main.py').count()).toBe(1);
    way.mend('dead');
    await hers.seenTab('other.py').waitFor();
    await frame(hers).filter({ hasNotText: 'lost' }).waitFor();
    await theirs.openFile('main.py');
    await hers.seenTab('main.py').waitFor();
    expect(await frame(hers).count()).toBe(1);
  });

  test('ends, and says so, when they leave', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await follow(hers, 'Grace');
    await theirs.page.goto('about:blank');
    await note(hers, 'Grace has left').waitFor();
    expect(await frame(hers).count()).toBe(0);
    await hers.page.getByRole('button', { name: 'Dismiss' }).click();
    await note(hers, 'Grace has left').waitFor({ state: 'detached' });
  });
});

describeInBrowser('leading', () => {
  const world = useSharedWorld();

  test('everyone follows who is asked to, and who comes later; each may leave it, and the leader ends it', async () => {
    const { ada, id, hers, theirs } = await twoInARoom(world);
    await hers.createFile('other.py');
    await hers.command('Ask everyone to follow me');
    await note(hers, /You lead/).waitFor();
    await note(theirs, 'Ada leads').waitFor();
    await theirs.seenTab('other.py').waitFor();
    const linus = await world.regular('Linus');
    const his = await RoomPage.open(linus, await ada.link(id, 'viewer'));
    await note(his, 'Ada leads').waitFor();
    await his.seenTab('other.py').waitFor();
    await note(hers, '2 follow.').waitFor();
    await note(theirs, 'Ada leads').getByRole('button', { name: 'Stop following' }).click();
    await frame(theirs).waitFor({ state: 'detached' });
    await note(hers, '1 follows.').waitFor();
    await hers.openFile('main.py');
    await his.seenTab('main.py').waitFor();
    expect(await theirs.seenTab('other.py').count()).toBe(1);
    // Whoever declined can change their mind.
    await note(theirs, 'Ada asks everyone to follow').getByRole('button', { name: 'Follow' }).click();
    await theirs.seenTab('main.py').waitFor();
    expect(await violations(linus.page)).toEqual([]);
    await note(hers, /You lead/)
      .getByRole('button', { name: 'Stop leading' })
      .click();
    for (const page of [theirs, his]) {
      await frame(page).waitFor({ state: 'detached' });
      await note(page, /Ada/).waitFor({ state: 'detached' });
    }
  });

  test('somebody who is asked to come to a line goes there, or does not, and it keeps its place meanwhile', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(lines(100));
    await hers.press('Control+Home', ...Array(49).fill('ArrowDown'));
    await theirs.createFile('other.py');
    await hers.untilSaved();
    await hers.command('Ask Grace to come to this line');
    const asked = note(theirs, /Ada asks you to come/);
    await asked.filter({ hasText: 'line 50' }).waitFor();
    expect(await theirs.seenTab('other.py').count()).toBe(1);
    await hers.typeAtStart('# above\n');
    await asked.filter({ hasText: 'line 51' }).waitFor();
    await asked.getByRole('button', { name: 'Go' }).click();
    await theirs.seenTab('main.py').waitFor();
    await theirs.page.getByText('Ln 51, Col 1').waitFor();
    await asked.waitFor({ state: 'detached' });
    await hers.command('Ask everyone to come to this line');
    await asked.getByRole('button', { name: 'Not now' }).click();
    await asked.waitFor({ state: 'detached' });
    await theirs.page.getByText('Ln 51, Col 1').waitFor();
  });
});

describeInBrowser('the driver’s seat', () => {
  const world = useSharedWorld();

  test('is taken, shown in words, handed over, and lets its driver lead', async () => {
    const { ada, hers, theirs } = await twoInARoom(world);
    await theirs.showPeople();
    await theirs.people.getByText('Nobody drives').waitFor();
    await theirs.people.getByRole('button', { name: 'Drive', exact: true }).click();
    await theirs.people.getByText('You drive').waitFor();
    await hers.showPeople();
    await hers.people.getByText('Grace drives').waitFor();
    await hers.page.getByRole('button', { name: /People: 2 here, Grace drives/ }).waitFor();
    await hers.page.getByRole('contentinfo').getByText('Grace drives').waitFor();
    expect(await violations(ada.page)).toEqual([]);
    await theirs.command('Ask everyone to follow me');
    await note(hers, 'Grace leads').waitFor();
    await theirs.people.getByRole('button', { name: 'Hand over the driver’s seat' }).click();
    await theirs.page.getByRole('menuitem', { name: 'Ada' }).click();
    await hers.people.getByText('You drive').waitFor();
    // She led as the driver.
    await note(hers, 'Grace').waitFor({ state: 'detached' });
    // It keeps nobody from typing.
    await theirs.typeAtStart('typed without the seat');
    await hers.untilShown('typed without the seat');
  });
});

describeWithSandbox('following into a terminal', () => {
  const world = useSharedSandbox();

  test('shows the terminal that they look at', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    const [his, her] = [new TerminalPane(theirs), new TerminalPane(hers)];
    await follow(hers, 'Grace');
    await his.show();
    await his.open();
    await his.enter('echo from the first');
    await her.until('from the first');
    await his.open();
    await his.enter('echo from the second');
    await her.until('from the second');
    await his.region.getByRole('button', { name: 'Terminal 1' }).click();
    await her.until('from the first');
    expect(await frame(hers).count()).toBe(1);
    await her.region.getByRole('button', { name: 'Terminal 2' }).click();
    await frame(hers).waitFor({ state: 'detached' });
    for (const terminal of witness.fold.state.terminals.keys()) {
      await witness.send({ kind: 'terminal.close', terminal });
    }
    await Promise.all([his.hide(), her.hide()]);
  });
});

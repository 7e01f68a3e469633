import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { ReactWork } from './harness/react-work.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('typing together', () => {
  const world = useSharedWorld();

  test('two people type at once, and both see all of it', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await Promise.all([
      hers.typeAtStart('# Ada was here, at the very start\n'),
      theirs.typeAtEnd('# Grace was here, at the very end'),
    ]);
    for (const page of [hers, theirs]) {
      await page.untilShown('# Ada was here, at the very start');
      await page.untilShown('# Grace was here, at the very end');
      await page.untilSaved();
    }
    await eventually('both show the same', async () => (await hers.shown()) === (await theirs.shown()));
    const shown = (await hers.shown()).trimEnd();
    await witness.untilText('main.py', (saved) => saved.trimEnd() === shown);
    const saved = witness.text('main.py');
    expect(saved.startsWith('# Ada was here, at the very start\n')).toBe(true);
    expect(saved.trimEnd().endsWith('# Grace was here, at the very end')).toBe(true);
  });

  test('names show beside those who type, apart from each other and from the code, and of viewers never', async () => {
    const { ada, id, hers, theirs } = await twoInARoom(world);
    const [linus, vera] = await Promise.all([world.regular('Linus'), world.regular('Vera')]);
    const [his, viewers] = await Promise.all([
      RoomPage.open(linus, await ada.link(id, 'editor')),
      RoomPage.open(vera, await ada.link(id, 'viewer')),
    ]);
    const line = 'seats = {}  # one line for all';
    await hers.replaceText(`first = 1\n${line}\nlast = 3\n`);
    for (const page of [theirs, his, viewers]) await page.untilShown(line);

    // Whoever only moves has a cursor and no name; a viewer has neither.
    await Promise.all([theirs, his, viewers].map((page) => page.focusEditor()));
    for (const page of [theirs, his, viewers]) await page.press('Control+Home', 'ArrowDown', 'End');
    await expect.poll(() => hers.cursors.count()).toBe(2);
    expect(await hers.namesAtCursors()).toEqual([]);

    await Promise.all([theirs.type('!'), his.type('?')]);
    await hers.untilShown(/one line for all(!\?|\?!)/);
    let names = await hers.namesAtCursors();
    const seen = async () => {
      names = await hers.namesAtCursors();
      return names.map(({ name }) => name).sort();
    };
    await expect.poll(seen).toEqual(['Grace', 'Linus']);
    const [left, right] = names.sort((a, b) => a.left - b.left);
    expect(left!.right).toBeLessThanOrEqual(right!.left);
    const code = await ada.page.getByText('one line for all').boundingBox();
    expect(left!.left).toBeGreaterThan(code!.x + code!.width);
    for (const { top, bottom } of names) {
      expect(top).toBeGreaterThanOrEqual(code!.y - 1);
      expect(bottom).toBeLessThanOrEqual(code!.y + code!.height + 1);
    }
    await expect.poll(() => hers.namesAtCursors()).toEqual([]);
  });

  test('[INV6] words typed at one place at once stay whole', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.replaceText('');
    await theirs.untilShown((text) => text === '');
    await Promise.all([hers.type('one two three four '), theirs.type('five six seven eight ')]);
    await Promise.all([hers.untilSaved(), theirs.untilSaved()]);
    await eventually('both show the same', async () => (await hers.shown()) === (await theirs.shown()));
    const words = () => witness.text('main.py').trim().split(/\s+/).sort();
    await expect.poll(words).toEqual(['eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two']);
  });

  test('of half of a character the rest of a paste survives, and no edit leaves one', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    const both = async (text: string) => {
      await Promise.all([hers, theirs].map((page) => page.untilShown((shown) => shown === text)));
      await hers.untilSaved();
      await witness.untilText('main.py', (saved) => saved === text);
    };
    await hers.replaceText('a\ud83db😀c\n');
    await both('a\ufffdb😀c\n');
    await hers.press('Control+Home', 'End', 'ArrowLeft', 'Backspace');
    await both('a\ufffdbc\n');
    // A cursor above the second column, which is the middle of the character.
    await hers.replaceText('😀\nab\n');
    await hers.press('Control+Home', 'ArrowDown', 'ArrowRight', 'Control+Alt+ArrowUp');
    await hers.type('x');
    await Promise.all([hers, theirs].map((page) => page.untilShown((shown) => shown.endsWith('axb\n'))));
    await hers.paste('\ude00');
    await hers.press('Backspace', 'Backspace');
    await hers.untilSaved();
    await both(await hers.shown());
    expect(witness.text('main.py').isWellFormed()).toBe(true);
    expect(witness.text('main.py')).toMatch(/^(😀)?\nab\n$/u);
  });

  test('each sees the other by name: in the people panel, in the file list, and at the cursor', async () => {
    const { hers, theirs } = await twoInARoom(world);
    const people = await hers.showPeople();
    await people.getByText('Grace').waitFor();
    await theirs.typeAtEnd('x');
    await hers.files.getByRole('treeitem', { name: 'main.py, here: Grace' }).waitFor();
    await hers.editor.getByText('Grace').waitFor();
    await hers.typeAtStart('y');
    await theirs.editor.getByText('Ada').waitFor();
  });

  test("the find box opens beside somebody else's cursor, and the text moves with it", async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('here\n'.repeat(60));
    await theirs.untilShown('here');
    await theirs.typeAtStart('x');
    await hers.focusEditor();
    await hers.press('Control+Home');
    await hers.editor.getByText('Grace').waitFor({ state: 'attached' });
    await hers.press('Control+f');
    const find = hers.page.getByRole('textbox', { name: 'Find' });
    await find.fill('here');
    await hers.press('Enter', 'Escape', 'Control+End');
    await hers.untilShown((text) => !text.includes('x'));
    await hers.press('Control+Home', 'Control+f', 'Escape');
    await hers.untilShown('xhere');
  });

  test('who is cut off without a word is shown so within seconds, keeps the seat, and is back by a word', async () => {
    const ada = await world.person('Ada');
    const proxy = await world.way(TcpProxy.before(world.server.url));
    const grace = await world.person('Grace', { at: proxy.url });
    grace.expectTrouble(LOST_CONNECTION);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    const witness = await ada.witness(id);
    const people = await hers.showPeople();
    await theirs.typeAtEnd('x');
    const flag = hers.editor.getByText('Grace');
    await flag.waitFor({ state: 'attached' });

    const cutAt = performance.now();
    proxy.cut();
    await hers.page.getByRole('button', { name: 'People: 2 here, connection lost: Grace' }).waitFor();
    console.log(`told as lost after ${Math.round(performance.now() - cutAt)} ms`);
    await people.getByText('Editor · Connection lost').waitFor();
    await flag.waitFor({ state: 'detached' });
    expect(witness.members.find(({ name }) => name === 'Grace')).toMatchObject({ here: true });

    proxy.mend('late');
    await theirs.type('y');
    await hers.page.getByRole('button', { name: 'People: 2 here', exact: true }).waitFor();
    await people.getByText('Editor · Connection lost').waitFor({ state: 'detached' });
    await flag.waitFor({ state: 'attached' });
    expect(witness.members.find(({ name }) => name === 'Grace')).toMatchObject({ here: true });
  });

  test('a key draws nothing of the page anew but what tells of it', async () => {
    const ada = await world.person('Ada');
    const work = await ReactWork.of(ada.context, ada.page);
    const page = await RoomPage.open(ada, await ada.createRoom('python'));
    await page.typeAtEnd('# a');
    await page.untilSaved();
    const whole = await work.called();
    expect(whole, 'components that the room was made of, and more than one look at them').toBeGreaterThan(
      300,
    );
    const perKey: number[] = [];
    for (let i = 0; i < 30; i++) {
      const before = await work.called();
      await page.press('x');
      await page.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      await page.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      perKey.push((await work.called()) - before);
    }
    console.log(`components called: ${whole} at first, ${perKey.join(' ')} for each key`);
    // The place of the cursor; at the first key what tells of saving; now and then the time to the server.
    expect(perKey.toSorted((a, b) => a - b)[perKey.length >> 1]).toBeLessThanOrEqual(3);
    await page.untilSaved();
  });

  test('someone who comes later sees what was typed before', async () => {
    const { ada, id, hers, witness } = await twoInARoom(world);
    await hers.typeAtStart('# before you came\n');
    await hers.untilSaved();
    const linus = await world.regular('Linus');
    const page = await RoomPage.open(linus, await ada.link(id, 'viewer'));
    await page.untilShown('# before you came');
    await expect.poll(() => witness.members.map(({ name }) => name)).toContain('Linus');
  });
});

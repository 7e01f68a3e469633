import { afterEach, expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

/** A sandbox has a small share of a busy machine, and 1024 MiB take a second of a processor. */
const ALL_TAKEN_MS = 180_000;

describeWithSandbox('a shared terminal', () => {
  const world = useSharedSandbox();

  /** The room of all tests: a workspace stays for a while after its room, and a machine has few. */
  let room: string | null = null;
  /** Where a terminal is shown. */
  const shown: TerminalPane[] = [];

  /** Two people who look at the same terminal, which the first has opened just now. */
  async function twoAtATerminal() {
    const [ada, grace] = await Promise.all([world.regular('Ada'), world.regular('Grace')]);
    room ??= await ada.createRoom('python');
    const link = await ada.link(room, 'editor');
    const [hers, theirs] = await Promise.all([RoomPage.open(ada, room), RoomPage.open(grace, link)]);
    const [adas, graces] = [new TerminalPane(hers), new TerminalPane(theirs)];
    shown.push(adas, graces);
    await adas.show();
    await adas.open();
    await graces.show();
    await graces.until(/\$ $/m);
    return { ada, id: room, adas, graces };
  }

  afterEach(async ({ task }) => {
    // After a failure, the next people are others.
    if (task.result?.state === 'fail') room = null;
    const panes = shown.splice(0);
    if (room === null) return;
    for (const pane of panes) await pane.hide();
    const ada = await world.regular('Ada');
    const witness = await ada.witness(room);
    for (const terminal of witness.fold.state.terminals.keys()) {
      await witness.send({ kind: 'terminal.close', terminal });
    }
  });

  test('one types, both see it, and the other goes on in the same shell', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('x=40; echo "héllo $((x+2))"');
    for (const pane of [adas, graces]) await pane.until('héllo 42');
    await graces.enter('echo "again $x"');
    for (const pane of [adas, graces]) await pane.until('again 40');
    await adas.region.getByText('Grace types').waitFor();
    await graces.region.getByText('You type').waitFor();
  });

  test('whoever comes later sees the screen as it is: an editor of text, its colours, the cursor', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('printf "one\\ntwo 中文\\n" > notes.txt; vim -u NONE notes.txt');
    await adas.until('two 中文');
    await adas.type('Goend of it');
    await adas.press('Escape');
    await graces.until('end of it');
    const seenBy = async (pane: TerminalPane) => (await pane.text()).replace(/ +$/gm, '');
    const again = new TerminalPane(await graces.room.secondTab());
    await again.until('end of it');
    await expect.poll(() => seenBy(again)).toBe(await seenBy(adas));
    await again.enter(':wq');
    await adas.until(/\$ $/m);
    await adas.enter('cat notes.txt');
    await again.until(/one\ntwo 中文\nend of it/);
  });

  test('Ctrl-C ends a program that floods, and a prompt follows', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('yes');
    await graces.until(/y\ny\ny\n/);
    await adas.press('Control+c');
    for (const pane of [adas, graces]) await pane.until(/\^C\n.*\$ $/);
    await adas.enter('echo "still $((40 + 2)) here"');
    for (const pane of [adas, graces]) await pane.until('still 42 here');
  });

  test('what went off the top is a turn of the wheel away, for who was there and who comes later, and stays in place', async () => {
    const { adas, graces } = await twoAtATerminal();
    await graces.hide();
    await adas.enter("seq -f 'line %05.0f' 20000");
    await adas.until('line 20000');
    await graces.show();
    await graces.until('line 20000');
    for (const pane of [adas, graces]) {
      await pane.scroll(-600);
      await pane.until(/^(?!.*line 20000)line \d+\n/s);
    }
    const before = await adas.text();
    const hers = await graces.text();
    await eventually(
      'all lines have come to who came later',
      async () => (await graces.copied()).length > 10_000,
    );
    expect(await graces.text()).toBe(hers);
    await graces.enter('echo "more $((40 + 2))"');
    await graces.until('more 42');
    expect(await adas.text()).toBe(before);
    // What comes in the middle of a turn stops it.
    await eventually('she comes back to the end', async () => {
      await adas.scroll(2_000);
      return (await adas.text()).includes('more 42');
    });
  });

  test('a shell that ends says so to all, and one key starts it again', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('exit 3');
    for (const pane of [adas, graces]) await pane.note.getByText('exit code 3').waitFor();
    await graces.press('Enter');
    for (const pane of [adas, graces]) {
      await pane.until(/\$ $/m);
      await pane.note.waitFor({ state: 'detached' });
    }
    await adas.enter('echo back');
    await graces.until('back\n');
  });

  test('[A2] a program that takes all memory is ended: the terminal and its panel say so, and all else goes on', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('echo kept > kept.txt; tail /dev/zero');
    for (const pane of [adas, graces]) {
      await pane.until('Killed', ALL_TAKEN_MS);
      await pane.note.getByText('needed more than the 1024 MiB of memory').waitFor();
    }
    await graces.room.focusEditor();
    await graces.room.page.keyboard.press('Control+Home');
    await graces.room.page.keyboard.type('# still typing\n');
    await adas.room.untilShown('# still typing');
    await adas.enter('cat kept.txt; head -1 main.py');
    await graces.until(/kept\n# still typing\n/);
    for (const pane of [adas, graces]) await pane.note.waitFor({ state: 'detached' });
  });

  test('[A4] a full disk is told by the program and in the panel, editing goes on, and all is there when there is space', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.enter('mkdir target; dd if=/dev/zero of=target/full bs=1M');
    await graces.until('No space left on device');
    await graces.room.focusEditor();
    await graces.room.page.keyboard.press('Control+Home');
    await graces.room.page.keyboard.type('# typed while it was full\n');
    await adas.room.untilShown('# typed while it was full');
    await adas.onlyOnDisk.click();
    const what = adas.room.page.getByRole('region', { name: 'What is only on the disk' });
    await what.getByText('The disk of the workspace is full').waitFor();
    await adas.room.page.keyboard.press('Escape');
    await adas.enter('rm -r target');
    await adas.onlyOnDisk.waitFor({ state: 'detached' });
    await adas.enter('clear; head -1 main.py');
    await graces.until('# typed while it was full\n');
  });

  test('a viewer sees it and cannot type; a lock keeps editors from typing', async () => {
    const { adas, graces, ada, id } = await twoAtATerminal();
    const viewer = await world.regular('Barbara');
    const barbaras = new TerminalPane(await RoomPage.open(viewer, await ada.link(id, 'viewer')));
    shown.push(barbaras);
    await barbaras.show();
    await adas.enter('echo seen');
    await barbaras.until('seen\n');
    await barbaras.type('sneaky');
    await adas.region.getByRole('button', { name: 'More about Terminal 1' }).click();
    await adas.room.page.getByRole('menuitem', { name: 'Let only hosts type' }).click();
    await graces.region
      .getByRole('img', { name: 'Locked' })
      .or(graces.region.getByLabel('Locked'))
      .first()
      .waitFor();
    await graces.type('neither this');
    await adas.enter('echo "end $((1+1))"');
    const text = await barbaras.until('end 2');
    expect(text).not.toMatch(/sneaky|neither/);
  });

  test('far from the server keys are seen at once, but for a password and what fills the screen', async () => {
    const { ada, id, adas } = await twoAtATerminal();
    const way = await world.way(TcpProxy.before(world.server.url, 50));
    const barbara = await world.person('Barbara', { at: way.url });
    const far = new TerminalPane(await RoomPage.open(barbara, await ada.link(id, 'editor')));
    await far.show();
    await far.until(/\$ $/m);
    const noted = await far.notePredictions();
    const keyboard = far.room.page.keyboard;

    // Nothing of a line is seen ahead of the shell before one of its keys has come back.
    await eventually('a key is seen at once', async () => {
      await far.type('x');
      return (await noted()).atKeys.at(-1) === 'x';
    });
    await eventually('each key of a word is seen at once', async () => {
      const before = (await noted()).atKeys.length;
      await keyboard.type('predicted', { delay: 20 });
      await far.until('predicted');
      const seen = (await noted()).atKeys.slice(before);
      return seen.map((text) => text.at(-1)).join('') === 'predicted';
    });
    await expect.poll(async () => (await noted()).all.at(-1)).toBe('');

    await far.press('Enter');
    await far.enter('clear; read -rsp "Secret: " secret');
    await far.until(/^Secret: $/m);
    const unseen = (await noted()).all.length;
    await keyboard.type('HUNTER2', { delay: 60 });
    await far.press('Enter');
    await far.until(/\$ $/m);
    await far.enter('vim --clean notes');
    await far.until(/^~ *$/m);
    await keyboard.type('iHELLO', { delay: 60 });
    await adas.until('HELLO');
    await far.press('Escape');
    await far.enter(':q!');
    await far.until(/\$ $/m);
    expect((await noted()).all.slice(unseen).join('')).not.toMatch(/[A-Z:!]/);
    await far.enter('echo "[$secret]"');
    await far.until('[HUNTER2]');
  });

  test('[A9] [A10] what a program writes reaches no clipboard, title or script, and is answered once', async () => {
    const { adas, graces } = await twoAtATerminal();
    const { page } = graces.room;
    const title = await page.title();
    await page.evaluate(() => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      globalThis.open = (url) => {
        opened.push(`${url}`);
        return null;
      };
      navigator.clipboard.writeText = async (text) => void opened.push(`clipboard: ${text}`);
    });
    await adas.enter(
      "printf '\\e]52;c;aGFja2Vk\\a\\e]0;hacked\\a\\e]8;;javascript:alert(1)\\e\\\\bad\\e]8;;\\e\\\\ '",
    );
    await adas.enter("printf '\\e]8;;https://example.org/good\\e\\\\fine\\e]8;;\\e\\\\\\n'");
    const ask = "printf '\\e[c'; read -rs -t 2 -d c one; read -rs -t 1 -d c two";
    await adas.enter(`${ask}; echo "\${#one} and \${#two}"`);
    await graces.until(/6 and 0\n.*\$ $/);
    for (const word of ['bad', 'fine']) {
      const place = graces.region.locator('.xterm-rows span', { hasText: new RegExp(`^${word}`) }).last();
      // A row that is drawn anew just now has no box.
      let box: Awaited<ReturnType<typeof place.boundingBox>> = null;
      await eventually(`${word} has its place`, async () => {
        box = await place.boundingBox();
        return box !== null;
      });
      const { x, y, width, height } = box!;
      await page.mouse.move(x + width / 2, y + height / 2, { steps: 5 });
      await page.mouse.click(x + width / 2, y + height / 2);
    }
    await expect
      .poll(() => page.evaluate(() => (globalThis as unknown as { opened: string[] }).opened))
      .toEqual(['https://example.org/good']);
    expect(await page.title()).toBe(title);
  });

  test('several lines are asked about before they are pasted', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.keys.focus();
    await adas.keys.evaluate((area) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'echo first\necho second\n');
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    const dialog = adas.room.page.getByRole('alertdialog');
    await dialog.getByText('Paste 2 lines?').waitFor();
    expect(await graces.text()).not.toContain('first');
    await dialog.getByRole('button', { name: 'Paste' }).click();
    await graces.until(/second/);
  });

  test('closing asks, and is for all', async () => {
    const { adas, graces } = await twoAtATerminal();
    await adas.region.getByRole('button', { name: 'More about Terminal 1' }).click();
    await adas.room.page.getByRole('menuitem', { name: 'Close for everyone…' }).click();
    await adas.room.page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).click();
    for (const pane of [adas, graces]) await pane.region.getByText('Open a terminal').waitFor();
  });
});

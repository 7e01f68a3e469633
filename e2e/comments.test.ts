/** Comments on code: threads that stay on their words while people type, for whoever is in the room. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION, type Person } from './harness/person.ts';
import type { Witness } from './harness/witness.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const CODE = 'def area(r):\n    return 3.14 * r * r\n\nprint(area(2))\n';

/** The comments of a room, as somebody has them on their page. */
class Comments {
  readonly room: RoomPage;
  readonly panel: Locator;
  readonly signs: Locator;

  constructor(room: RoomPage) {
    this.room = room;
    this.panel = room.page.getByRole('region', { name: 'Comments', exact: true });
    this.signs = room.page.locator('.range-mark-glyph');
  }

  /** Selects words of a line by keys, and comments on them. */
  async write(line: number, column: number, length: number, text: string): Promise<void> {
    const { room } = this;
    await room.focusEditor();
    await room.press('Control+Home');
    for (let i = 1; i < line; i++) await room.press('ArrowDown');
    for (let i = 1; i < column; i++) await room.press('ArrowRight');
    for (let i = 0; i < length; i++) await room.press('Shift+ArrowRight');
    await room.press('Control+Shift+M');
    await this.panel.getByRole('textbox', { name: /^Comment on/ }).waitFor();
    await room.page.keyboard.type(text);
    await room.press('Enter');
  }

  /** Opens the list if it is closed. */
  async show(): Promise<Locator> {
    const button = this.room.page.getByRole('button', { name: /^Comments: \d+ open/ });
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
    await this.panel.waitFor();
    return this.panel;
  }

  thread(words: string | RegExp): Locator {
    return this.panel.getByRole('button', { name: words, expanded: false });
  }

  /** Writes a reply in the thread that is open. */
  async reply(text: string): Promise<void> {
    await this.panel.getByRole('textbox', { name: /^Reply to/ }).fill(text);
    await this.room.press('Enter');
  }

  /** What is marked in the code. */
  async marked(): Promise<readonly string[]> {
    return this.room.page.locator('.range-mark').evaluateAll((marks) =>
      marks.map((mark) => {
        const { left, right, top, height } = mark.getBoundingClientRect();
        return [left, right, top + height / 2].map(Math.round).join(' ');
      }),
    );
  }
}

/** The words that the room has each thread on. */
function wordsOf({ fold }: Witness): readonly string[] {
  return [...fold.state.threads.values()].map(({ id, file }) => {
    const text = fold.texts.get(file);
    const range = text?.anchors?.get(id);
    return range === undefined ? 'gone' : text!.buffer.slice(range.start, range.end);
  });
}

const untilWords = (saved: Witness, words: readonly string[]) =>
  eventually(
    `threads are on ${words.join(', ')}`,
    async () => JSON.stringify(wordsOf(saved)) === JSON.stringify(words),
    () => wordsOf(saved).join(', '),
  );

describeInBrowser('comments', () => {
  const world = useSharedWorld();

  type Scene = {
    readonly ada: Person;
    readonly id: string;
    readonly hers: Comments;
    readonly theirs: Comments;
    readonly saved: Witness;
  };

  async function two(role: 'editor' | 'viewer', options: object = {}): Promise<Scene> {
    const [ada, grace] = await Promise.all([world.person('Ada', options), world.person('Grace', options)]);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    await hers.replaceText(CODE);
    await hers.untilSaved();
    const theirs = await RoomPage.open(grace, await ada.link(id, role));
    await theirs.untilShown('print(area(2))');
    return { ada, id, hers: new Comments(hers), theirs: new Comments(theirs), saved: await ada.witness(id) };
  }

  test('stay on their words while another types above, beside, inside and over them', async () => {
    const { hers, theirs, saved } = await two('editor');
    await hers.write(2, 12, 4, 'Why not math.pi?');
    await untilWords(saved, ['3.14']);
    await theirs.signs.waitFor();
    await theirs.room.typeAtStart('# areas\n');
    await untilWords(saved, ['3.14']);
    await theirs.room.focusEditor();
    await theirs.room.press('ArrowDown', 'End', 'ArrowLeft', 'ArrowLeft');
    await theirs.room.press('Control+Home', 'ArrowDown', 'ArrowDown');
    for (let i = 0; i < 11; i++) await theirs.room.press('ArrowRight');
    await theirs.room.type('+');
    await theirs.room.press('ArrowRight', 'ArrowRight');
    await theirs.room.type('0');
    await untilWords(saved, ['3.014']);
    await hers.room.untilShown('+3.014');
    expect(await hers.signs.count()).toBe(1);
    await hers.panel.getByRole('button', { name: /^Ada line 3 Why not math\.pi\?/ }).waitFor();
    await theirs.room.press('Home', 'Shift+End', 'Delete');
    await untilWords(saved, ['']);
    await hers.panel.getByText('text deleted').waitFor();
    await hers.signs.waitFor();
    await theirs.room.typeAtStart('# more\n');
    await hers.panel.getByRole('button', { name: /^Ada line 4 text deleted/ }).waitFor();
  });

  test('are answered, edited, resolved, found again and deleted', async () => {
    const { hers, theirs, saved } = await two('editor');
    await hers.write(1, 5, 4, 'A better name?');
    await theirs.show();
    await theirs.thread(/^Ada line 1 A better name\?/).click();
    await theirs.reply('circle_area');
    await hers.panel.getByText('circle_area').waitFor();
    await hers.panel.getByRole('button', { name: 'More about the comment of Ada' }).click();
    await hers.room.page.getByRole('menuitem', { name: 'Edit' }).click();
    await hers.panel.getByRole('textbox', { name: 'Your comment' }).fill('A longer name?');
    await hers.room.press('Enter');
    await theirs.panel.getByText('A longer name?').first().waitFor();
    await theirs.panel.getByText('edited').waitFor();
    // Grace is no host: the comment of another is not hers to delete.
    expect(await theirs.panel.getByRole('button', { name: 'More about the comment of Ada' }).count()).toBe(0);

    await theirs.panel.getByRole('button', { name: 'Resolve', exact: true }).click();
    await hers.panel.getByText('No open comments').waitFor();
    await hers.signs.waitFor({ state: 'detached' });
    await hers.panel.getByRole('button', { name: 'Show resolved comments' }).click();
    await hers.panel.getByText('Resolved by Grace').waitFor();
    await hers.panel.getByRole('button', { name: 'Reopen' }).click();
    await theirs.signs.waitFor();
    await hers.panel.getByRole('button', { name: 'Show resolved comments' }).click();
    for (const name of ['Ada', 'Grace']) {
      await hers.panel.getByRole('button', { name: `More about the comment of ${name}` }).click();
      await hers.room.page.getByRole('menuitem', { name: 'Delete' }).click();
    }
    await hers.panel.getByText('No open comments').waitFor();
    await theirs.signs.waitFor({ state: 'detached' });
    expect(saved.fold.state.threads.size).toBe(0);
  });

  test('are gone through by keys, in the list and in the code, and survive their file', async () => {
    const { hers, saved } = await two('editor');
    const { page } = hers.room;
    await hers.write(1, 5, 4, 'First');
    await untilWords(saved, ['area']);
    await hers.write(4, 1, 5, 'Second');
    await untilWords(saved, ['area', 'print']);
    await hers.thread(/ First/).waitFor();
    const place = page.getByRole('button', { name: /^Ln 1, Col/ }).or(page.getByText(/^Ln 1, Col/));
    await hers.room.press('F9');
    await place.first().waitFor();
    await page.getByText('Comment 1 of 2, line 1. Ada: First').waitFor({ state: 'attached' });
    await hers.room.press('Shift+F9');
    await page.getByText('Comment 2 of 2, line 4. Ada: Second').waitFor({ state: 'attached' });
    await hers.panel.getByRole('button', { name: / Second/, expanded: true }).focus();
    await hers.room.press('ArrowUp');
    await hers
      .thread(/ First/)
      .and(page.locator(':focus'))
      .waitFor();
    await hers.room.press('Enter');
    await hers.panel.getByRole('button', { name: / First/, expanded: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null)).toBe(true);
    // At a thread, the same keys that begin one begin a reply.
    await hers.room.press('ArrowLeft', 'Control+Shift+M');
    await page.keyboard.type('A reply');
    await hers.room.press('Enter');
    await hers.panel.getByText('A reply').waitFor();

    await saved.send({ kind: 'file.delete', file: saved.fileId('main.py') });
    await hers.panel.getByText('· deleted').waitFor();
    await hers.panel.getByRole('button', { name: /file deleted First/ }).waitFor();
    await saved.send({ kind: 'file.restore', file: [...saved.fold.state.deleted.keys()][0]! });
    await hers.panel.getByRole('button', { name: /^Ada line 4 Second/ }).waitFor();
    await untilWords(saved, ['area', 'print']);
  });

  test('are written by viewers too, who cannot resolve what others began', async () => {
    const { hers, theirs, saved } = await two('viewer');
    await hers.write(1, 5, 4, 'Mine');
    await theirs.write(4, 1, 5, 'May I ask?');
    await untilWords(saved, ['area', 'print']);
    await hers.panel.getByRole('button', { name: /^Grace line 4 May I ask\?/ }).waitFor();
    await theirs.panel.getByRole('button', { name: 'Resolve', exact: true }).waitFor();
    await theirs.thread(/ Mine/).click();
    await theirs.reply('I see');
    await hers.panel.getByText('1 reply').or(hers.panel.getByText('I see')).first().waitFor();
    expect(await theirs.panel.getByRole('button', { name: 'Resolve', exact: true }).count()).toBe(0);
    expect(await theirs.room.shown()).toContain('def area(r)');
  });

  test('begin with a press beside a line, and a press on the sign opens them', async () => {
    const { hers, saved } = await two('editor');
    const { page } = hers.room;
    const gutter = page.locator('.glyph-margin').first();
    const line = await page.locator('.view-line', { hasText: 'return' }).boundingBox();
    const margin = await gutter.boundingBox();
    await page.mouse.click(margin!.x + 8, line!.y + line!.height / 2);
    await hers.panel.getByRole('textbox', { name: 'Comment on main.py' }).waitFor();
    await page.keyboard.type('From the margin');
    await hers.room.press('Enter');
    await untilWords(saved, ['return 3.14 * r * r']);
    await hers.panel.getByRole('button', { name: 'Close comments' }).click();
    await hers.signs.first().click();
    await hers.panel.getByRole('button', { name: / From the margin/, expanded: true }).waitFor();
  });

  test('written without a connection are kept, through a reload, and are there once', async () => {
    const { ada, hers, theirs, saved } = await two('editor');
    ada.expectTrouble(LOST_CONNECTION);
    await hers.write(1, 5, 4, 'Before');
    await untilWords(saved, ['area']);
    await ada.context.setOffline(true);
    await hers.room.page.getByText(/^Offline for/).waitFor();
    await hers.room.typeAtStart('# typed offline\n');
    await hers.write(1, 3, 5, 'About what I typed');
    await hers.panel.getByText('Kept on this device').waitFor();
    await hers.thread(/ Before/).click();
    await hers.reply('A reply for later');
    await eventually(
      'both are kept',
      async () => (await hers.panel.getByText('Kept on this device').count()) === 2,
    );
    await theirs.room.typeAtEnd('# meanwhile');
    await theirs.room.untilSaved();
    await ada.context.setOffline(false);
    await untilWords(saved, ['area', 'typed']);
    await hers.panel.getByText('Kept on this device').first().waitFor({ state: 'detached' });
    await theirs.show();
    await theirs.thread(/ Before 1 reply/).waitFor();
    await theirs.thread(/^Ada line 1 About what I typed/).waitFor();

    // What an earlier page left on this device is sent; where the room has it already, it is not there twice.
    const key = `codesync-comment:${hers.room.id}:comment-kept-here`;
    const kept = JSON.stringify({
      by: [...saved.fold.state.members.values()].find(({ name }) => name === 'Ada')!.id,
      unsent: {
        kind: 'open',
        comment: 'comment-kept-here',
        file: saved.fileId('main.py'),
        start: 2,
        end: 7,
        quote: 'typed',
        text: 'Kept by an earlier page',
        at: 1,
        refused: null,
      },
    });
    const isKept = () => hers.room.page.evaluate((name) => localStorage.getItem(name) !== null, key);
    for (const _ of ['sent', 'sent again']) {
      await hers.room.page.evaluate(([name, value]) => localStorage.setItem(name!, value!), [key, kept]);
      await hers.room.page.reload();
      await eventually('it is no longer kept', async () => !(await isKept()));
      await untilWords(saved, ['area', 'typed', 'typed']);
    }
    expect(saved.fold.state.threads.size).toBe(3);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in them, %s', async (colorScheme) => {
    const { ada, hers, theirs } = await two('viewer', { colorScheme });
    await hers.write(1, 5, 4, 'Why?');
    await theirs.show();
    await theirs.thread(/ Why\?/).click();
    await theirs.reply('Because.');
    await hers.panel.getByText('Because.').waitFor();
    await hers.room.focusEditor();
    await hers.room.press('Control+End', 'ArrowUp', 'Control+Shift+M');
    await hers.panel.getByRole('region', { name: 'New comment' }).waitFor();
    expect(await violations(ada.page)).toEqual([]);
    expect(await violations(theirs.room.page)).toEqual([]);
  });
});

import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { eventually } from './harness/eventually.ts';
import { faultsAtEachWidth } from './harness/layout.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** The search of a room's page. */
class SearchPanel {
  readonly room: RoomPage;
  readonly panel: Locator;
  readonly field: Locator;
  readonly replacement: Locator;
  readonly results: Locator;

  private constructor(room: RoomPage) {
    this.room = room;
    this.panel = room.page.getByRole('region', { name: 'Search' });
    this.field = this.panel.getByRole('textbox', { name: 'Search in all files' });
    this.replacement = this.panel.getByRole('textbox', { name: 'Replace by' });
    this.results = this.panel.getByRole('tree', { name: 'Results' });
  }

  /** By its keys. */
  static async open(room: RoomPage, keys = 'Control+Shift+f'): Promise<SearchPanel> {
    await room.press(keys);
    const search = new SearchPanel(room);
    await search.field.waitFor();
    return search;
  }

  row(name: string | RegExp): Locator {
    return this.results.getByRole('treeitem', { name });
  }

  option(name: string): Promise<void> {
    return this.panel.getByRole('button', { name, exact: true }).click();
  }

  async untilSaid(words: string | RegExp): Promise<void> {
    await this.panel.getByText(words).waitFor();
  }

  /** Replaces everything, after the question. */
  async replaceAll(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Replace all…' }).click();
    await this.room.page.getByRole('alertdialog').getByRole('button', { name: 'Replace' }).click();
  }
}

describeInBrowser('search in all files', () => {
  const world = useSharedWorld();
  /** A browser keeps which panels are open. */
  const twoPeople = () => twoInARoom({ regular: world.person });

  test('follows what the other types, leads to the match, and goes on with F4', async () => {
    const { hers, theirs } = await twoPeople();
    await hers.createFile('lib/far.py');
    await hers.replaceText('first = 1\nneedle = 2\n');
    await hers.createFile('near.py');
    const search = await SearchPanel.open(hers);
    await search.field.fill('needle');
    await search.untilSaid('1 match in 1 file');
    await search.row('far.py lib 1 match').waitFor();
    await theirs.openFile('near.py');
    await theirs.type('a needle and a needle');
    await search.untilSaid('3 matches in 2 files');

    await search.row('Line 2 needle = 2').click();
    await hers.seenTab('lib/far.py').waitFor();
    await hers.page.getByText(/Ln 2, Col 7/).waitFor();
    await hers.press('F4');
    await hers.seenTab('near.py').waitFor();
    await hers.page.getByText(/Ln 1, Col 9/).waitFor();
    await hers.press('F4');
    await hers.page.getByText(/Ln 1, Col 22/).waitFor();
    await hers.press('Shift+F4');
    await hers.page.getByText(/Ln 1, Col 9/).waitFor();
    await search.field.fill('else');
    await search.untilSaid('Nothing is found.');
    await hers.focusEditor();
    // What is selected there is what is looked for.
    await hers.press('Control+Shift+f');
    await search.untilSaid('3 matches in 2 files');
  });

  test('replaces in open files and in others, in one step of undo each, around what the other types', async () => {
    const { hers, theirs, witness } = await twoPeople();
    await hers.createFile('open.py');
    await hers.replaceText('cat = 1\nprint(cat, cat)\n');
    await hers.createFile('other.py');
    await hers.replaceText('cat cat\n');
    await hers.openFile('open.py');
    await hers.untilSaved();
    // Nothing but the file that is seen is opened by a reload.
    await hers.page.reload();
    await hers.untilShown('print(cat, cat)');
    await theirs.openFile('open.py');
    await theirs.typeAtEnd('# Grace');

    const search = await SearchPanel.open(hers, 'Control+Shift+h');
    await search.field.fill('cat');
    await search.replacement.fill('dog');
    await search.untilSaid('5 matches in 2 files');
    await search.row(/^Line 1 catdog = 1 ?: cat becomes dog$/).waitFor();
    await search.replaceAll();
    await witness.untilText('open.py', (text) => text === 'dog = 1\nprint(dog, dog)\n# Grace');
    await witness.untilText('other.py', (text) => text === 'dog dog\n');
    await hers.untilShown('print(dog, dog)');
    await search.untilSaid('Nothing is found.');

    await theirs.type(' types on');
    await hers.focusEditor();
    await hers.press('Control+z');
    await witness.untilText('open.py', (text) => text === 'cat = 1\nprint(cat, cat)\n# Grace types on');
    await hers.openFile('other.py');
    await hers.focusEditor();
    await hers.press('Control+z');
    await witness.untilText('other.py', (text) => text === 'cat cat\n');
    await hers.press('Control+y');
    await witness.untilText('other.py', (text) => text === 'dog dog\n');
  });

  test('replaces one match, one file, and nothing that was dismissed', async () => {
    const { hers, witness } = await twoPeople();
    await hers.createFile('a.py');
    await hers.replaceText('x1 x2 x3');
    await hers.createFile('b.py');
    await hers.replaceText('x4');
    const search = await SearchPanel.open(hers, 'Control+Shift+h');
    await search.option('Regular expression');
    await search.field.fill('x(\\d)');
    await search.replacement.fill('[$1]');
    await search.untilSaid('4 matches in 2 files');
    await search.row(/x2 becomes \[2\]$/).hover();
    await search
      .row(/x2 becomes \[2\]$/)
      .getByRole('button', { name: /^Replace line 1/ })
      .click();
    await witness.untilText('a.py', (text) => text === 'x1 [2] x3');
    await search.untilSaid('3 matches in 2 files');
    await search.row(/x3 becomes \[3\]$/).hover();
    await search
      .row(/x3 becomes \[3\]$/)
      .getByRole('button', { name: /^Dismiss/ })
      .click();
    await search.untilSaid('2 matches in 2 files');
    await search.row('a.py 1 match').hover();
    await search
      .row('a.py 1 match')
      .getByRole('button', { name: /^Replace all in a.py/ })
      .click();
    await witness.untilText('a.py', (text) => text === '[1] [2] x3');
    expect(witness.text('b.py')).toBe('x4');
  });

  test('knows capitals, whole words, expressions and globs, and says in words what is wrong', async () => {
    const { hers } = await twoPeople();
    await hers.createFile('src/a.py');
    await hers.replaceText('Total total totals\n');
    await hers.createFile('src/b.js');
    await hers.replaceText('total();\n');
    const search = await SearchPanel.open(hers);
    await search.field.fill('total');
    await search.untilSaid('4 matches in 2 files');
    await search.option('Match case');
    await search.untilSaid('3 matches in 2 files');
    await search.option('Whole words');
    await search.untilSaid('2 matches in 2 files');
    await search.option('Choose files to search');
    await search.panel.getByRole('textbox', { name: 'Files to include' }).fill('*.py');
    await search.untilSaid('1 match in 1 file');
    await search.panel.getByRole('textbox', { name: 'Files to exclude' }).fill('src');
    await search.untilSaid('Nothing is found.');
    await search.panel.getByRole('textbox', { name: 'Files to exclude' }).fill('');
    await search.option('Regular expression');
    await search.field.fill('t(o');
    await search.untilSaid(
      'The regular expression is wrong at its end: a “(” has no “)”. Correct it to search.',
    );
    expect(await violations(hers.page)).toEqual([]);
    await search.field.fill('t(o)');
    await search.untilSaid('Nothing is found.');
  });

  test('ends an expression that takes for ever, and the page goes on meanwhile', async () => {
    const { hers } = await twoPeople();
    await hers.replaceText(`${'a'.repeat(40)}!\n`);
    const search = await SearchPanel.open(hers);
    await search.option('Regular expression');
    await search.field.fill('(a+)+$');
    await hers.typeAtEnd('typed meanwhile');
    await hers.untilShown('typed meanwhile');
    await search.untilSaid(/^The search was stopped after two seconds/);
    await search.field.fill('^a+');
    await search.untilSaid('1 match in 1 file');
  });

  test('is for viewers too, who replace nothing', async () => {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    await hers.replaceText('seen by all');
    const theirs = await RoomPage.open(grace, await ada.link(id, 'viewer'));
    await theirs.press('Control+Shift+h');
    expect(await theirs.page.getByRole('region', { name: 'Search' }).count()).toBe(0);
    const search = await SearchPanel.open(theirs);
    await search.field.fill('seen');
    await search.untilSaid('1 match in 1 file');
    expect(await search.panel.getByRole('button', { name: /Replace/ }).count()).toBe(0);
  });

  test('is walked by keys alone, and fits the screen of a phone', async () => {
    const ada = await world.person('Ada');
    const hers = await RoomPage.open(ada, await ada.createRoom('python'));
    for (const name of ['a.py', 'b.py']) {
      await hers.createFile(name);
      await hers.replaceText('key one\nkey two\n');
    }
    const search = await SearchPanel.open(hers);
    await hers.page.keyboard.type('key');
    await search.untilSaid('4 matches in 2 files');
    await hers.press('ArrowDown', 'ArrowDown', 'ArrowDown');
    const untilChosen = (name: string) =>
      search.results.getByRole('treeitem', { selected: true, name }).waitFor();
    await untilChosen('Line 2 key two');
    await hers.press('ArrowLeft', 'ArrowLeft');
    await untilChosen('a.py 2 matches');
    await eventually('the file is closed', async () => (await search.row(/^Line/).count()) === 2);
    await hers.press('ArrowDown', 'Delete');
    await search.untilSaid('2 matches in 1 file');
    await hers.press('Home', 'ArrowRight', 'ArrowRight', 'Enter');
    await hers.seenTab('a.py').waitFor();
    await hers.page.getByText(/Ln 1, Col 4/).waitFor();
    expect(await violations(ada.page)).toEqual([]);
    await search.panel.getByRole('button', { name: 'Replace', exact: true }).click();
    await search.option('Choose files to search');
    expect(await faultsAtEachWidth(ada.page, 'search')).toEqual([]);

    await ada.page.setViewportSize({ width: 390, height: 844 });
    await ada.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Search' }).click();
    await search.untilSaid('2 matches in 1 file');
    expect(await violations(ada.page)).toEqual([]);
    await search.row(/^Line 2 key two/).click();
    await hers.page.getByRole('code').waitFor();
    await hers.page.getByText('key two').first().waitFor();
  });
});

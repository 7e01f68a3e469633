/** A room, as its user finds things in it: by role and name. */
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';
import type { Person } from '../harness/person.ts';

/** What a page says: the save light's word and its whole label, the connection's kind, every notice, the text. */
export type Glance = {
  readonly save: string;
  readonly saveDetail: string;
  readonly connection: string;
  readonly notices: readonly string[];
  readonly text: string;
};

/** A glance may have to wait until a browser that is asleep wakes. */
const GLANCE_MS = 180_000;

/** A page that loads tries one way to the server after the other, for ten seconds each. */
const ARRIVE_MS = 90_000;

export class RoomPage {
  readonly page: Page;
  readonly run: Locator;
  readonly stop: Locator;
  readonly output: Locator;
  readonly outputPanel: Locator;
  readonly editor: Locator;
  /** The others' cursors in the code. */
  readonly cursors: Locator;
  readonly files: Locator;
  readonly peopleButton: Locator;
  readonly people: Locator;
  readonly menu: Locator;
  readonly share: Locator;
  readonly saveLight: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.run = page.getByRole('button', { name: 'Run', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.output = page.getByRole('log', { name: 'Output' });
    this.outputPanel = page.getByRole('region', { name: 'Output' });
    this.editor = page.getByRole('region', { name: 'Code', exact: true }).getByRole('code');
    this.cursors = page.locator('.remote-cursor');
    this.files = page.getByRole('tree', { name: 'Files of the room' });
    this.peopleButton = page.getByRole('button', { name: /^People: \d+ here/ });
    this.people = page.getByRole('region', { name: 'People' });
    this.menu = page.getByRole('button', { name: /^Room: / });
    this.share = page.getByRole('button', { name: 'Share' });
    this.saveLight = page.getByRole('button', {
      name: /^(Saved|Saving…|On this device|Not saved yet)\./,
    });
  }

  /** Opens a room by its id, or by a link's path. */
  static async open(person: Person, room: string): Promise<RoomPage> {
    await person.visit(room.startsWith('/') ? room : `/r/${room}`);
    return RoomPage.arrived(person);
  }

  /** The room that this person's page is at, once its text is there. */
  static arrived(person: Person): Promise<RoomPage> {
    return RoomPage.#ready(person.page);
  }

  static async #ready(page: Page): Promise<RoomPage> {
    const room = new RoomPage(page);
    await room.menu.waitFor({ timeout: ARRIVE_MS });
    await room.editor.waitFor();
    return room;
  }

  /** The same room in one more tab of the same browser. */
  async secondTab(): Promise<RoomPage> {
    const page = await this.page.context().newPage();
    await page.goto(this.page.url());
    return RoomPage.#ready(page);
  }

  /** The id in the page's address. */
  get id(): string {
    return /\/r\/([\w-]+)/.exec(this.page.url())![1]!;
  }

  /** What the editor shows, in order from top to bottom. Lines that are scrolled out of sight are not in it. */
  async shown(): Promise<string> {
    return (await this.glance()).text;
  }

  /**
   * All that the page says in one frame. Between two frames a page may have a new letter already and not yet what it
   * says of it: nobody sees that. What is asked for here is asked when everything of a frame is done but its painting.
   */
  async glance(): Promise<Glance> {
    const { rows, save, ...told } = await this.editor.evaluate(
      async (editor) => {
        const page = editor.ownerDocument;
        await new Promise<void>((resolve) => {
          new ResizeObserver((_, frame) => resolve(frame.disconnect())).observe(page.documentElement);
        });
        const lines: { top: number; text: string }[] = [];
        for (const row of editor.querySelectorAll<HTMLElement>('[style*="top"]')) {
          // A line of code is a positioned row that holds one run of spans, and nothing positioned within.
          // Other people's cursors are hidden from screen readers.
          const spans = row.firstElementChild;
          if (row.childElementCount !== 1 || spans?.tagName !== 'SPAN' || row.ariaHidden === 'true') continue;
          lines.push({ top: Number.parseFloat(row.style.top), text: row.textContent ?? '' });
        }
        const notices = page.querySelectorAll<HTMLElement>('[role="status"], [role="alert"]');
        return {
          rows: lines,
          save: page.querySelector('[data-save]')?.ariaLabel ?? '',
          connection: page.querySelector<HTMLElement>('[data-connection]')?.dataset.connection ?? '',
          notices: [...notices].map(({ textContent }) => textContent).filter((text) => text !== ''),
        };
      },
      undefined,
      { timeout: GLANCE_MS },
    );
    const sorted = rows.sort((a, b) => a.top - b.top).map(({ text }) => text.replace(/\u00a0/g, ' '));
    return { ...told, save: save.split('.', 1)[0]!, saveDetail: save, text: sorted.join('\n') };
  }

  async untilShown(fits: string | RegExp | ((text: string) => boolean)): Promise<void> {
    const matches = (text: string) =>
      typeof fits === 'string' ? text.includes(fits) : fits instanceof RegExp ? fits.test(text) : fits(text);
    let last = '';
    await eventually(
      `the editor shows ${String(fits)}`,
      async () => {
        last = await this.shown();
        return matches(last);
      },
      () => last,
    );
  }

  /** The names that are seen beside the others' cursors, and where, at the end of a frame: each frame puts them apart. */
  namesAtCursors(): Promise<{ name: string; left: number; top: number; right: number; bottom: number }[]> {
    return this.cursors.evaluateAll(async (cursors) => {
      await new Promise<void>((resolve) => {
        new ResizeObserver((_, frame) => resolve(frame.disconnect())).observe(document.documentElement);
      });
      return cursors.flatMap((cursor) => {
        const label = cursor.firstElementChild!;
        if (!label.checkVisibility({ opacityProperty: true })) return [];
        const { left, top, right, bottom } = label.getBoundingClientRect();
        return [{ name: label.textContent ?? '', left, top, right, bottom }];
      });
    });
  }

  /** Puts the cursor into the editor, where it last was. */
  async focusEditor(): Promise<void> {
    await this.editor.getByRole('textbox').focus();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Types at the cursor, key by key, as hands do. */
  async type(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.type(text, { delay: 5 });
  }

  async typeAtEnd(text: string): Promise<void> {
    await this.focusEditor();
    await this.press('Control+End');
    await this.type(text);
  }

  async typeAtStart(text: string): Promise<void> {
    await this.focusEditor();
    await this.press('Control+Home');
    await this.type(text);
  }

  /** Replaces the open file with `text` by a paste, to which the editor adds no indentation or brackets of its own. */
  async replaceText(text: string): Promise<void> {
    await this.focusEditor();
    await this.press('Control+a', 'Delete');
    if (text !== '') await this.paste(text);
  }

  /** Pastes at the cursor, any text whatever. */
  async paste(text: string): Promise<void> {
    await this.focusEditor();
    await this.editor.getByRole('textbox').evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Resolves when the save light says that everything typed until now is in the database. */
  async untilSaved(): Promise<void> {
    // The light tells of a key in the frame after it; before that it says of the keys before.
    await this.page.evaluate(() => new Promise(requestAnimationFrame));
    await this.page.getByRole('button', { name: /^Saved\./ }).waitFor();
  }

  /** A sentence of the run panel's head, such as “Exit 0”. */
  ended(words: string | RegExp): Locator {
    return this.outputPanel.getByText(words).first();
  }

  /** A file or folder in the list; people who are in a file are named after it. */
  file(name: string): Locator {
    return this.files.getByRole('treeitem', {
      name: new RegExp(`^${name.replace(/[.+]/g, '\\$&')}(, here: |$)`),
    });
  }

  /** Opens a file as a preview, unless it is open. `path`: where the file is, if not at the room's top. */
  async openFile(name: string, path = name): Promise<void> {
    await this.file(name).click();
    await this.seenTab(path).waitFor();
  }

  /** Opens a file by its name, wherever it is in the tree: only rows in sight are drawn. */
  async findFile(path: string): Promise<void> {
    await this.press('Control+p');
    const palette = this.page.getByRole('dialog', { name: 'Go to file' });
    await palette.getByRole('combobox').fill(path);
    await palette.getByRole('option', { name: path }).first().waitFor();
    await this.press('Enter');
    await palette.waitFor({ state: 'detached' });
    await this.seenTab(path).waitFor();
  }

  /** Opens a file for good. */
  async keepFile(name: string, path = name): Promise<void> {
    await this.file(name).dblclick();
    await this.seenTab(path).waitFor();
  }

  tab(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Open files' }).getByTitle(name, { exact: true });
  }

  /** The tab of a file while that file is seen. */
  seenTab(path: string): Locator {
    return this.tab(path).and(this.page.locator('[aria-current="page"]'));
  }

  /** Resolves when the new file is the one that is seen. */
  async createFile(path: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New file' }).click();
    await this.page.getByRole('textbox', { name: 'Name of the new file' }).fill(path);
    await this.press('Enter');
    await this.file(path.split('/').at(-1)!).waitFor();
    await this.seenTab(path).waitFor();
  }

  /** Opens the people panel if it is not open. */
  async showPeople(): Promise<Locator> {
    if ((await this.peopleButton.getAttribute('aria-expanded')) !== 'true') await this.peopleButton.click();
    await this.people.waitFor();
    return this.people;
  }

  /** Opens the share dialog. */
  async openShare(): Promise<Locator> {
    await this.share.click();
    const dialog = this.page.getByRole('dialog', { name: 'Share this room' });
    await dialog.waitFor();
    return dialog;
  }

  /**
   * Chooses from a list, and waits until it is closed. While it is open, all else is hidden from screen readers, dialogs
   * too, and takes no keys.
   */
  async choose(list: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: list }).click();
    await this.page.getByRole('option', { name: option }).click();
    await this.page.getByRole('listbox').waitFor({ state: 'detached' });
  }

  /** A command of the palette. */
  async command(title: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'Command palette' }).click();
    await this.page.getByRole('option', { name: title }).click();
  }
}

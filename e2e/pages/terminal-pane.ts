/** The terminal of a room's page, as its user finds it. */
import type { Locator } from 'playwright-core';
import { eventually, PATIENCE_MS } from '../harness/eventually.ts';
import type { RoomPage } from './room-page.ts';

export class TerminalPane {
  readonly room: RoomPage;
  readonly region: Locator;
  readonly rows: Locator;
  readonly note: Locator;
  readonly keys: Locator;

  constructor(room: RoomPage) {
    this.room = room;
    this.region = room.page.getByRole('region', { name: 'Terminal' });
    this.rows = this.region.locator('.xterm-rows > div');
    this.note = this.region.getByRole('status');
    this.keys = this.region.locator('textarea');
  }

  /** Brings it into view. */
  async show(): Promise<void> {
    await this.room.page.getByRole('button', { name: 'Terminal', exact: true }).click();
    await this.region.waitFor();
  }

  /** Puts the output back in its place, as the browser remembers for the next room. */
  async hide(): Promise<void> {
    await this.room.page.getByRole('button', { name: 'Output', exact: true }).click();
    await this.room.outputPanel.waitFor();
  }

  /** Opens a new terminal, and waits for its prompt: another one that is in its place until then has a prompt, too. */
  async open(): Promise<void> {
    const before = (await this.keys.count()) === 0 ? null : await this.keys.getAttribute('aria-label');
    await this.region
      .getByRole('button', { name: /^(Open a|New) terminal$/ })
      .first()
      .click();
    await eventually('the new terminal is shown', async () => {
      return (await this.keys.count()) > 0 && (await this.keys.getAttribute('aria-label')) !== before;
    });
    await this.until(/\$ $/m);
  }

  /** What is seen, line by line, without what is empty at the ends. */
  async text(): Promise<string> {
    const lines = await this.rows.evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
    return lines
      .map((line) => line.replace(/\u00a0/g, ' '))
      .join('\n')
      .trimEnd()
      .concat(' ');
  }

  async until(fits: string | RegExp, timeoutMs = PATIENCE_MS): Promise<string> {
    let last = '';
    await eventually(
      `the terminal shows ${String(fits)}`,
      async () => {
        last = await this.text();
        return typeof fits === 'string' ? last.includes(fits) : fits.test(last);
      },
      () => last,
      timeoutMs,
    );
    return last;
  }

  /** All lines that it has, also those off its top, as its button copies them. */
  async copied(): Promise<string[]> {
    const copied = await this.room.page.evaluateHandle(() => {
      const texts: string[] = [];
      navigator.clipboard.writeText = async (text) => void texts.push(text);
      return texts;
    });
    await this.region.getByRole('button', { name: /^Cop/ }).click();
    const texts = await copied.jsonValue();
    return texts.join().split('\n');
  }

  /** Turns the wheel over it, by so many pixels. */
  async scroll(down: number): Promise<void> {
    const { x, y, width, height } = (await this.region.locator('.xterm-screen').boundingBox())!;
    await this.room.page.mouse.move(x + width / 2, y + height / 2);
    await this.room.page.mouse.wheel(0, down);
  }

  async type(text: string): Promise<void> {
    await this.keys.focus();
    await this.room.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.keys.focus();
    for (const key of keys) await this.room.page.keyboard.press(key);
  }

  /** How much of what it shows is on the disk only. */
  get onlyOnDisk(): Locator {
    return this.region.getByRole('button', { name: /^[\d,]+ only on the disk$/ });
  }

  /**
   * Notes from now on what is seen over the shell's own characters, each time that it changes, and what of it there is as
   * soon as a key is pressed. Returns the way to ask.
   */
  async notePredictions(): Promise<() => Promise<{ readonly all: string[]; readonly atKeys: string[] }>> {
    const layer = this.region.locator('[data-predicted]');
    const noted = await layer.evaluateHandle((element) => {
      const all: string[] = [];
      const atKeys: string[] = [];
      const text = () => element.textContent ?? '';
      new MutationObserver(() => all.push(text())).observe(element, { childList: true });
      document.addEventListener('keydown', () => requestAnimationFrame(() => atKeys.push(text())), true);
      return { all, atKeys };
    });
    return () => noted.jsonValue();
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }
}

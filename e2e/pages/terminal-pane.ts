/** The terminal of a room's page, as its user finds it. */
import type { Locator } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';
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

  /** Opens a new terminal, and waits for its prompt. */
  async open(): Promise<void> {
    await this.region
      .getByRole('button', { name: /^(Open a|New) terminal$/ })
      .first()
      .click();
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

  async until(fits: string | RegExp): Promise<string> {
    let last = '';
    await eventually(
      `the terminal shows ${String(fits)}`,
      async () => {
        last = await this.text();
        return typeof fits === 'string' ? last.includes(fits) : fits.test(last);
      },
      () => last,
    );
    return last;
  }

  async type(text: string): Promise<void> {
    await this.keys.focus();
    await this.room.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.keys.focus();
    for (const key of keys) await this.room.page.keyboard.press(key);
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }
}

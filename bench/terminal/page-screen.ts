/** A terminal of xterm.js in a page, ours or a peer's. What it shows is timed by the page's own clock. */
import type { Person } from '../../e2e/harness/person.ts';
import { type Noted, type Watched, watchScreen } from './watch-screen.ts';

type Page = Person['page'];

/** How long anything may take before the bench gives up. */
const PATIENCE_MS = 300_000;

export class PageScreen {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async of(page: Page): Promise<PageScreen> {
    await page.evaluate(watchScreen);
    return new PageScreen(page);
  }

  text(): Promise<string> {
    return this.page.evaluate(() => (globalThis as unknown as Watched).watched.text());
  }

  /** The moment at which it first shows this, from now on, in Unix milliseconds. `^` and `$` are the ends of a line. */
  async until(shows: RegExp): Promise<number> {
    const seen = this.page.evaluate(
      (source) => (globalThis as unknown as Watched).watched.until(source),
      shows.source,
    );
    const late = AbortSignal.timeout(PATIENCE_MS);
    const silence = new Promise<never>((_, reject) => {
      late.onabort = () =>
        void this.text().then(
          (text) => reject(new Error(`${shows} is not shown:\n${text}`)),
          (error) => reject(error),
        );
    });
    return await Promise.race([seen, silence]);
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  focus(): Promise<void> {
    return this.page.locator('.xterm-helper-textarea').focus();
  }

  /** When the last key, or button of the mouse, went down. */
  pressedAt(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as Watched).watched.pressedAt());
  }

  note(): Promise<void> {
    return this.page.evaluate(() => (globalThis as unknown as Watched).watched.note());
  }

  noted(): Promise<Noted> {
    return this.page.evaluate(() => (globalThis as unknown as Watched).watched.noted());
  }
}

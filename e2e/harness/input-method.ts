/** An input method at somebody's page, by the DevTools protocol: what is composed is underlined until it is settled. */
import type { CDPSession, Page } from 'playwright-core';

export class InputMethod {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async at(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  /** Shows `text` in place of what was composed until now; the empty text cancels the composition. */
  async compose(text: string): Promise<void> {
    const end = { selectionStart: text.length, selectionEnd: text.length };
    await this.#session.send('Input.imeSetComposition', { text, ...end });
  }

  /** Ends the composition with `text` in its place. */
  async commit(text: string): Promise<void> {
    await this.#session.send('Input.insertText', { text });
  }
}

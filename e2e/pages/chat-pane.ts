/** The chat of a room's page, as its user finds it. */
import type { Locator } from 'playwright-core';
import type { RoomPage } from './room-page.ts';

export class ChatPane {
  readonly room: RoomPage;
  readonly region: Locator;
  readonly log: Locator;
  readonly field: Locator;
  /** In the head of the page; its name says how many messages are unread. */
  readonly button: Locator;

  constructor(room: RoomPage) {
    this.room = room;
    this.region = room.page.getByRole('region', { name: 'Chat' });
    this.log = this.region.getByRole('log', { name: 'Messages' });
    this.field = this.region.getByRole('textbox', { name: 'Message' });
    this.button = room.page.getByRole('banner').getByRole('button', { name: /^Chat(: \d+ unread.*)?$/ });
  }

  async show(): Promise<this> {
    if ((await this.button.getAttribute('aria-expanded')) !== 'true') await this.button.click();
    await this.field.waitFor();
    return this;
  }

  async hide(): Promise<void> {
    if ((await this.button.getAttribute('aria-expanded')) === 'true') await this.button.click();
    await this.region.waitFor({ state: 'detached' });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** The messages with these words. */
  message(words: string | RegExp): Locator {
    return this.log.getByRole('article').filter({ hasText: words });
  }

  /** What the messages say, in order, without who said it and when. */
  async said(): Promise<string[]> {
    return this.log.locator('article').evaluateAll((all) =>
      all.map((one) =>
        [...one.querySelectorAll('p, pre')]
          .filter((part) => part.closest('.text-2xs') === null)
          .map(({ textContent }) => textContent)
          .join('\n'),
      ),
    );
  }

  /** Pastes into the message that is being written. */
  async paste(text: string): Promise<void> {
    await this.field.focus();
    await this.field.evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Chooses something of what can be done with a message. */
  async choose(words: string, menu: 'Add a reaction' | 'More for this message', item: string): Promise<void> {
    const message = this.message(words);
    await message.hover();
    await message.getByRole('button', { name: menu }).click();
    await this.room.page.getByRole('menuitem', { name: item }).click();
  }
}

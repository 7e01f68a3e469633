/** Somebody who types at a page, key by key, before the fence of `main.py`: watched, and held to the laws. */
import type { ClientConfig } from 'pg';
import { RoomPage } from '../pages/room-page.ts';
import type { Party } from './laws.ts';
import { PageEars } from './page-ears.ts';
import { PageWatch } from './page-watch.ts';
import type { Person } from './person.ts';
import { FENCE } from './typist.ts';

const WORDS_PER_LINE = 30;

export class PageTypist implements Party {
  readonly name: string;
  readonly page: RoomPage;
  readonly watch: PageWatch;
  readonly typed: string[] = [];
  readonly #ears: PageEars;

  private constructor(name: string, page: RoomPage, ears: PageEars, watch: PageWatch) {
    this.name = name;
    this.page = page;
    this.#ears = ears;
    this.watch = watch;
  }

  /** Makes a room, whose file gets the fence, and stays in it with the cursor before the fence. */
  static async host(person: Person, connection: ClientConfig): Promise<PageTypist> {
    const ears = new PageEars(person.page);
    const page = await RoomPage.open(person, await person.createRoom('python'));
    await page.replaceText(`\n${FENCE}`);
    await page.press('Control+Home');
    await page.untilSaved();
    return new PageTypist(person.name, page, ears, new PageWatch(page, connection));
  }

  get heard() {
    return this.#ears.heard;
  }

  get heardAt() {
    return this.#ears.heardAt;
  }

  get acknowledged() {
    return this.#ears.acknowledged;
  }

  async isSaved(): Promise<boolean> {
    return (await this.page.glance()).save === 'Saved';
  }

  text(): Promise<string> {
    return this.page.shown();
  }

  async type(words: number): Promise<void> {
    for (let i = 0; i < words; i++) {
      const word = `${this.name}${this.typed.length}`;
      this.typed.push(word);
      await this.page.page.keyboard.type(`${word} `, { delay: 3 });
      if (this.typed.length % WORDS_PER_LINE === 0) await this.page.press('Enter');
    }
  }
}

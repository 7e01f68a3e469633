/** The start page, as its user finds things on it: by role and name. */
import type { Language } from '@codesync/protocol';
import { LANGUAGES } from '@codesync/protocol';
import type { Locator, Page } from 'playwright-core';
import type { Person } from '../harness/person.ts';
import { RoomPage } from './room-page.ts';

export class LandingPage {
  readonly page: Page;
  readonly name: Locator;
  readonly link: Locator;
  readonly recent: Locator;
  readonly #person: Person;

  private constructor(person: Person) {
    this.#person = person;
    this.page = person.page;
    this.name = this.page.getByRole('textbox', { name: 'Your name' });
    this.link = this.page.getByRole('textbox', { name: 'Room link' });
    this.recent = this.page.getByRole('region', { name: 'Recent rooms' });
  }

  static async open(person: Person): Promise<LandingPage> {
    await person.visit('/');
    const landing = new LandingPage(person);
    await landing.heading.waitFor();
    return landing;
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { name: 'Start a room' });
  }

  newRoom(language: Language): Locator {
    return this.page.getByRole('button', { name: `New ${LANGUAGES[language].label} room` });
  }

  async giveName(name: string): Promise<void> {
    await this.name.fill(name);
    await this.page.getByRole('button', { name: 'Save' }).click();
    await this.page.getByRole('button', { name: `You are ${name}` }).waitFor();
  }

  async createRoom(language: Language): Promise<RoomPage> {
    await this.newRoom(language).click();
    return RoomPage.arrived(this.#person);
  }

  async join(link: string): Promise<void> {
    await this.link.fill(link);
    await this.page.getByRole('button', { name: 'Join' }).click();
  }
}

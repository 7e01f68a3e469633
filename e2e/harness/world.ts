/**
 * What every end-to-end test stands in: one server and one browser for its file, and people who come for one test and
 * leave after it. A test fails when a page of theirs had an error that it did not expect; what pages looked like when
 * a test failed is kept in `FAILURES`.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { engineThere } from './engine.ts';
import { describeWith, type Need } from './needs.ts';
import { FAILURES } from './paths.ts';
import { Person, type PersonOptions } from './person.ts';
import { Server, type ServerOptions } from './server.ts';

const BROWSER = { what: 'Chromium', met: chromiumPath() !== null };
const ENGINE = { what: 'container engine', met: await engineThere() };

/** `describe` for what needs a browser. */
export const describeInBrowser = describeWith(BROWSER);

/** `describe` for what needs a browser and runs code. */
export const describeWithSandbox = describeWith(BROWSER, ENGINE);

/** As `describeWithSandbox`, for what takes more than that of the machine. */
export const describeWithSandboxAnd = (need: Need) => describeWith(BROWSER, ENGINE, need);

export type World = {
  readonly server: Server;
  /** Somebody with a name and a cookie, and an empty page. */
  readonly person: (name: string, options?: PersonOptions) => Promise<Person>;
  /** Somebody whom the server has never seen. */
  readonly stranger: (name: string, options?: PersonOptions) => Promise<Person>;
};

/** Call it inside of `describeInBrowser`. */
export function useWorld(options: ServerOptions = {}): World {
  let server: Server;
  let browser: Browser;
  let people: Person[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([Server.start(options), launchChromium()]);
    if (options.engine !== 'none') await server.sandboxReady();
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), server?.dispose()]);
  });

  afterEach(async ({ task }) => {
    const present = people;
    people = [];
    const failed = task.result?.state === 'fail' || present.some(({ troubles }) => troubles.length > 0);
    if (failed) await keepPictures(task.name, present);
    await Promise.all(present.map((person) => person.leave()));
    const troubles = present.flatMap((person) =>
      person.troubles.map((trouble) => `${person.name}: ${trouble}`),
    );
    expect(troubles, 'errors in the pages').toEqual([]);
    expect(server.crash, 'the server ended by itself').toBeNull();
  });

  async function stranger(name: string, personOptions: PersonOptions = {}): Promise<Person> {
    const person = await Person.arrive(browser, server.url, name, personOptions);
    people.push(person);
    return person;
  }

  return {
    get server() {
      return server;
    },
    stranger,
    async person(name, personOptions) {
      const person = await stranger(name, personOptions);
      await person.introduce();
      return person;
    },
  };
}

async function keepPictures(test: string, people: readonly Person[]): Promise<void> {
  fs.mkdirSync(FAILURES, { recursive: true });
  for (const { name, page } of people) {
    const file = `${test} - ${name}`.replace(/[^\w-]+/g, '_').slice(0, 120);
    await page.screenshot({ path: path.join(FAILURES, `${file}.png`) }).catch(() => {});
  }
}

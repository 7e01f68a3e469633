/**
 * What every end-to-end test stands in: a server, its own or one for all, a browser for its file, and people. They come
 * for one test and leave after it, but for regulars, who stay for the file. A test fails when a page of theirs had an
 * error that it did not expect; what pages looked like when a test failed is kept in `FAILURES`.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { chromiumPath, sharedChromium } from './chromium.ts';
import { engineThere } from './engine.ts';
import { describeWith, type Need } from './needs.ts';
import { FAILURES } from './paths.ts';
import { Person, type PersonOptions } from './person.ts';
import { Server, type ServerOptions, untilSandboxReady } from './server.ts';

const BROWSER = { what: 'Chromium', met: chromiumPath() !== null };
const ENGINE = { what: 'container engine', met: await engineThere() };

/** `describe` for what needs a browser. */
export const describeInBrowser = describeWith(BROWSER);

/** `describe` for what needs a browser and runs code. */
export const describeWithSandbox = describeWith(BROWSER, ENGINE);

/** As `describeWithSandbox`, for what takes more than that of the machine. */
export const describeWithSandboxAnd = (need: Need) => describeWith(BROWSER, ENGINE, need);

/** What a test may know of a server: of one that is not its own only where it is. */
type Site = { readonly url: string };

/** What stands between people and a server. */
type Way = { readonly close: () => Promise<void> };

export type World<S extends Site = Server> = {
  readonly server: S;
  /** Somebody with a name and a cookie, and an empty page. */
  readonly person: (name: string, options?: PersonOptions) => Promise<Person>;
  /**
   * The same, of whom a test before this one may have made use: their page stays loaded and walks from room to room, for
   * an eighth of what loading takes. What they set, the page and the browser remember: a test that sets something, or
   * asks for what a newcomer sees, is for a `person`.
   */
  readonly regular: (name: string, options?: PersonOptions) => Promise<Person>;
  /** Somebody whom the server has never seen. */
  readonly stranger: (name: string, options?: PersonOptions) => Promise<Person>;
  /** A way to the server, for this test. It closes after the people have left: they would miss it. */
  readonly way: <W extends Way>(way: Promise<W>) => Promise<W>;
};

/**
 * A world with a server of its own. Call it inside of `describeInBrowser`.
 *
 * @param browser where its people are, if that is not the one of all.
 */
export function useWorld(options: ServerOptions = {}, browser = sharedChromium): World {
  let server: Server;
  const world = useWorldAt(async () => {
    server = await Server.start(options);
    if (options.engine !== 'none') await server.sandboxReady();
    return server;
  }, browser);
  afterAll(async () => {
    if (server === undefined) return;
    await Promise.all([...regulars.values()].filter((person) => person.isAt(server.url)).map(dismiss));
    await server.dispose();
  });
  afterEach(() => {
    expect(server.crash, 'the server ended by itself').toBeNull();
  });
  return world;
}

/**
 * A world at the server that all files share. Nobody may stop it or count what it did for all. Call it inside of
 * `describeInBrowser`.
 */
export function useSharedWorld(): World<Site> {
  return useWorldAt(async () => ({ url: inject('sharedServer') }));
}

/** The same, once it can run code. Call it inside of `describeWithSandbox`. */
export function useSharedSandbox(): World<Site> {
  return useWorldAt(async () => {
    const url = inject('sharedServer');
    await untilSandboxReady(url);
    return { url };
  });
}

function useWorldAt<S extends Site>(begin: () => Promise<S>, launch = sharedChromium): World<S> {
  let server: S;
  let browser: Browser;
  /** Those of the test that is going. Who is asked for twice is there once. */
  const people = new Set<Person>();
  let ways: Way[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([begin(), launch()]);
  });

  afterEach(async ({ task }) => {
    const present = [...people];
    people.clear();
    const failed = task.result?.state === 'fail' || present.some(({ troubles }) => troubles.length > 0);
    if (failed) await Promise.all(present.map((person) => keepEvidence(task.name, person)));
    await Promise.all(
      present.map((person) => (failed || !isRegular(person) ? dismiss(person) : person.walkOut())),
    );
    const troubles = present.flatMap((person) =>
      person.troubles.map((trouble) => `${person.name}: ${trouble}`),
    );
    if (troubles.length > 0) await Promise.all(present.map(dismiss));
    await Promise.all(ways.map((way) => way.close()));
    ways = [];
    expect(troubles, ['errors in the pages', ...troubles].join('\n')).toEqual([]);
  });

  async function stranger(name: string, personOptions: PersonOptions = {}): Promise<Person> {
    const person = await Person.arrive(browser, server.url, name, personOptions);
    people.add(person);
    return person;
  }

  async function person(name: string, personOptions?: PersonOptions): Promise<Person> {
    const newcomer = await stranger(name, personOptions);
    await newcomer.introduce();
    return newcomer;
  }

  return {
    get server() {
      return server;
    },
    stranger,
    person,
    async way(opening) {
      const way = await opening;
      ways.push(way);
      return way;
    },
    async regular(name, personOptions) {
      const key = JSON.stringify({ name, server: server.url, ...personOptions });
      const known = regulars.get(key);
      if (known === undefined) {
        const newcomer = await person(name, personOptions);
        regulars.set(key, newcomer);
        return newcomer;
      }
      people.add(known);
      return known;
    },
  };
}

/** How long a page that has failed is asked, and how much of what it says is written down. */
const EVIDENCE_MS = 10_000;
const EVIDENCE_UNITS = 3_000;

/** Who stays when a test is over, by who they are and where. */
const regulars = new Map<string, Person>();

function isRegular(person: Person): boolean {
  return !person.expectsTrouble && [...regulars.values()].includes(person);
}

async function dismiss(person: Person): Promise<void> {
  for (const [key, regular] of regulars) if (regular === person) regulars.delete(key);
  await person.leave();
}

/** Keeps a picture of somebody's page, and writes down what it says to a screen reader: a log outlives a machine. */
async function keepEvidence(test: string, { name, page }: Person): Promise<void> {
  fs.mkdirSync(FAILURES, { recursive: true });
  const file = `${test} - ${name}`.replace(/[^\w-]+/g, '_').slice(0, 120);
  const timeout = EVIDENCE_MS;
  const [said] = await Promise.all([
    page.locator('body').ariaSnapshot({ timeout }).catch(String),
    page.screenshot({ path: path.join(FAILURES, `${file}.png`), timeout }).catch(() => {}),
  ]);
  console.log(`${name} is at ${page.url().split('#', 1)[0]}\n${said.slice(0, EVIDENCE_UNITS)}`);
}

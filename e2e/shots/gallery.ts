/**
 * Pictures of every state of the page, light and dark, into shots/; of some alone, where their names in SHOTS are
 * given. With `--readme` also the one that the README shows. The server, the sandbox and the people are real; only the
 * sandbox that is still being prepared is said to be, since no machine that can take the other pictures is in that
 * state.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { SandboxStatus } from '@codesync/protocol';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { launchWholeChromium } from '../harness/chromium.ts';
import { ROOT } from '../harness/paths.ts';
import { Person, type PersonOptions } from '../harness/person.ts';
import { Server } from '../harness/server.ts';
import { LandingPage } from '../pages/landing-page.ts';
import { RoomPage } from '../pages/room-page.ts';
import { ARCHIVE, SUNRISE } from './files.ts';
import { FAILING, LENGTHY, PRIMES, PRIMES_TEST } from './programs.ts';

const FOLDER = path.join(ROOT, 'shots');
const README_PICTURE = path.join(ROOT, 'docs/screenshot.png');
const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, deviceScaleFactor: 2 };
/** What a name beside a cursor takes to appear; it stays for two seconds after its owner typed. */
const NAME_APPEARS_MS = 500;

/** The way to the server is measured every five seconds: a line needs two. */
const MEASURED_MS = 11_000;

type Scheme = 'light' | 'dark';

class Gallery {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #scheme: Scheme;
  #people: Person[] = [];

  constructor(server: Server, browser: Browser, scheme: Scheme) {
    this.#server = server;
    this.#browser = browser;
    this.#scheme = scheme;
  }

  async person(name: string, options: PersonOptions = WIDE): Promise<Person> {
    const person = await this.stranger(name, options);
    await person.introduce();
    return person;
  }

  async stranger(name: string, options: PersonOptions = WIDE): Promise<Person> {
    // A picture in the middle of a motion shows what nobody looks at.
    const look = { colorScheme: this.#scheme, reducedMotion: 'reduce' } as const;
    const person = await Person.arrive(this.#browser, this.#server.url, name, { ...options, ...look });
    this.#people.push(person);
    return person;
  }

  /** A room of Ada's with a program of two files, and how to get into it. */
  async room(options: PersonOptions = WIDE): Promise<{ ada: Person; id: string; page: RoomPage }> {
    const ada = await this.person('Ada', options);
    const id = await ada.createRoom('python');
    const page = await RoomPage.open(ada, id);
    await page.replaceText(PRIMES);
    await page.untilSaved();
    return { ada, id, page };
  }

  /** A room in which Ada, Grace and Linus are at work, with a run behind them. */
  async company(options: PersonOptions = WIDE): Promise<{ ada: Person; page: RoomPage; grace: RoomPage }> {
    const { ada, id, page } = await this.room(options);
    await page.command('Rename room…');
    await page.page.getByRole('textbox', { name: 'Room name' }).fill('Primes');
    await page.press('Enter');
    await page.page.getByRole('button', { name: 'Room: Primes' }).waitFor();
    await page.createFile('test_primes.py');
    await page.replaceText(PRIMES_TEST);
    await page.openFile('main.py');
    const link = await ada.link(id, 'editor');
    const [grace, linus] = await Promise.all(
      ['Grace', 'Linus'].map(async (name) => RoomPage.open(await this.person(name), link)),
    );
    await page.run.click();
    await page.ended('Exit 0').waitFor();
    await page.focusEditor();
    await page.press('Control+Home');
    await grace!.focusEditor();
    await grace!.press('Control+Home', ...Array<string>(6).fill('ArrowDown'), 'End', 'Shift+Home');
    await linus!.focusEditor();
    await linus!.press('Control+End', 'ArrowUp', 'ArrowUp', 'End');
    await linus!.type('  # eight to a row');
    await page.page.waitForTimeout(NAME_APPEARS_MS);
    return { ada, page, grace: grace! };
  }

  /** While nothing can be saved: somebody holds the table that is written to. */
  async databaseHeld(meanwhile: () => Promise<void>): Promise<void> {
    const blocker = new pg.Client(this.#server.database);
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE room_event IN ACCESS EXCLUSIVE MODE');
    try {
      await meanwhile();
    } finally {
      await blocker.query('ROLLBACK');
      await blocker.end();
    }
  }

  async take(name: string, person: Person): Promise<void> {
    const file = path.join(FOLDER, `${name}-${this.#scheme}.png`);
    await person.page.screenshot({ path: file });
    console.log(path.relative(ROOT, file));
  }

  async clear(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.leave()));
    this.#people = [];
  }
}

const SHOTS: Readonly<Record<string, (gallery: Gallery) => Promise<void>>> = {
  async landing(gallery) {
    const newcomer = await gallery.stranger('Ada');
    await LandingPage.open(newcomer);
    await gallery.take('landing-newcomer', newcomer);
    const { ada } = await gallery.room();
    await LandingPage.open(ada);
    await gallery.take('landing', ada);
  },

  async 'three people'(gallery) {
    const { ada } = await gallery.company();
    await gallery.take('three-people', ada);
  },

  async running(gallery) {
    const { ada, page } = await gallery.room();
    await page.replaceText(LENGTHY);
    await page.run.click();
    await page.output.getByText('batch 3').waitFor();
    await gallery.take('running', ada);
    await page.stop.click();
    await page.ended('Stopped').waitFor();
    await gallery.take('stopped', ada);
  },

  async 'failed run'(gallery) {
    const { ada, page } = await gallery.room();
    await page.replaceText(FAILING);
    await page.run.click();
    await page.ended('Exit 1').waitFor();
    await gallery.take('failed-run', ada);
  },

  async viewer(gallery) {
    const { ada, id } = await gallery.room();
    const grace = await gallery.person('Grace');
    await RoomPage.open(grace, await ada.link(id, 'viewer'));
    await gallery.take('viewer', grace);
  },

  async refused(gallery) {
    const { id } = await gallery.room();
    const mallory = await gallery.person('Mallory');
    await mallory.page.goto(`/r/${id}`);
    await mallory.page.getByRole('heading').waitFor();
    await gallery.take('refused', mallory);
  },

  async offline(gallery) {
    const { ada, page } = await gallery.room();
    await ada.context.setOffline(true);
    await page.typeAtStart('# typed offline\n');
    await page.page.getByText(/^Offline for/).waitFor();
    await gallery.take('offline', ada);
  },

  async 'sandbox preparing'(gallery) {
    const ada = await gallery.person('Ada');
    const preparing: SandboxStatus = { state: 'preparing', step: 'Rust', percent: 62 };
    await ada.page.routeWebSocket(/socket\.io/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        socket.send(message);
        if (String(message).startsWith('43')) socket.send(`42${JSON.stringify(['sandbox', preparing])}`);
      });
    });
    const page = await RoomPage.open(ada, await ada.createRoom('rust'));
    await page.page.getByRole('button', { name: 'Sandbox: Preparing 62 %' }).click();
    await gallery.take('sandbox-preparing', ada);
  },

  async 'dialogs and menus'(gallery) {
    const { ada, page } = await gallery.room();
    await (await page.openShare()).getByRole('textbox', { name: 'Link for editing' }).waitFor();
    await gallery.take('share', ada);
    await page.press('Escape', 'Control+k');
    await ada.page.getByRole('option').first().waitFor();
    await gallery.take('palette', ada);
    await page.press('Escape');
    await page.command('Settings…');
    await ada.page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await gallery.take('settings', ada);
    await page.press('Escape');
    await page.command('Keyboard shortcuts');
    await ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await gallery.take('shortcuts', ada);
    await page.press('Escape');
    await page.menu.click();
    await ada.page.getByRole('menu').waitFor();
    await gallery.take('room-menu', ada);
  },

  async status(gallery) {
    const { ada, page } = await gallery.company();
    await page.typeAtEnd('\n# one more line');
    await page.command('Status…');
    const dialog = ada.page.getByRole('dialog', { name: 'Status' });
    await gallery.take('status', ada);
    const details = dialog.getByRole('button', { name: 'Details' });
    await details.click();
    await dialog.getByRole('region', { name: 'Versions' }).waitFor();
    await ada.page.waitForTimeout(MEASURED_MS);
    await gallery.take('status-details', ada);
    await dialog.getByRole('region', { name: 'Versions' }).scrollIntoViewIfNeeded();
    await gallery.take('status-below', ada);

    await gallery.databaseHeld(async () => {
      await page.press('Escape');
      await page.typeAtEnd('\n# and another');
      await page.command('Status…');
      await details.click();
      await dialog.getByText('Not saving for').waitFor();
      await gallery.take('status-not-saving', ada);
      await ada.context.setOffline(true);
      await dialog.getByText('The server does not answer.').waitFor();
      await gallery.take('status-offline', ada);
    });
  },

  async 'status of others'(gallery) {
    const { ada, id } = await gallery.room();
    const grace = await gallery.person('Grace');
    const page = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await page.typeAtEnd('\n# hers');
    await page.command('Status…');
    await grace.page.getByRole('button', { name: 'Details' }).click();
    await grace.page.waitForTimeout(MEASURED_MS);
    await gallery.take('status-editor', grace);

    const phone = await gallery.room(PHONE);
    await phone.page.menu.click();
    await gallery.take('phone-room-menu', phone.ada);
    await phone.ada.page.getByRole('menuitem', { name: 'Status…' }).click();
    await gallery.take('phone-status', phone.ada);
    await phone.ada.page.getByRole('button', { name: 'Details' }).click();
    await phone.ada.page.getByRole('region', { name: 'Versions' }).waitFor();
    await phone.ada.page.getByRole('region', { name: 'Versions' }).scrollIntoViewIfNeeded();
    await gallery.take('phone-status-below', phone.ada);
  },

  async 'no text'(gallery) {
    for (const [name, size] of [
      ['', WIDE],
      ['phone-', PHONE],
    ] as const) {
      const { ada, page } = await gallery.room(size);
      const files = name === '' ? null : ada.page.getByRole('navigation', { name: 'Panes' });
      const list = async () => files?.getByRole('button', { name: 'Files' }).click();
      await list();
      const chosen = ada.page.waitForEvent('filechooser');
      await ada.page.getByRole('button', { name: 'Upload files' }).click();
      await (await chosen).setFiles([
        { name: 'sunrise.png', mimeType: 'image/png', buffer: SUNRISE },
        { name: 'measured.tar.gz', mimeType: 'application/gzip', buffer: ARCHIVE },
      ]);
      await page.openFile('sunrise.png');
      await ada.page.getByText('720 × 480 px').waitFor();
      await gallery.take(`${name}picture`, ada);
      await ada.page.getByRole('button', { name: '100 %' }).click();
      await gallery.take(`${name}picture-full`, ada);
      await list();
      await page.openFile('measured.tar.gz');
      await ada.page.getByText('1.2 MB, no text').waitFor();
      await gallery.take(`${name}no-text`, ada);
    }
  },

  async phone(gallery) {
    const newcomer = await gallery.stranger('Ada', PHONE);
    await LandingPage.open(newcomer);
    await gallery.take('phone-landing', newcomer);
    const { ada, page } = await gallery.room(PHONE);
    await gallery.take('phone-code', ada);
    await page.run.click();
    await page.ended('Exit 0').waitFor();
    for (const pane of ['Output', 'People', 'Files']) {
      await ada.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: pane }).click();
      await gallery.take(`phone-${pane.toLowerCase()}`, ada);
    }
  },
};

async function readmePicture(server: Server, browser: Browser): Promise<void> {
  const gallery = new Gallery(server, browser, 'light');
  const { ada } = await gallery.company({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  await ada.page.screenshot({ path: README_PICTURE });
  console.log(path.relative(ROOT, README_PICTURE));
  await gallery.clear();
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
fs.mkdirSync(FOLDER, { recursive: true });
const [server, browser] = await Promise.all([Server.start(), launchWholeChromium()]);
try {
  await server.sandboxReady();
  for (const scheme of ['light', 'dark'] as const) {
    for (const [name, shot] of Object.entries(SHOTS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const gallery = new Gallery(server, browser, scheme);
      await shot(gallery).catch((error: unknown) => {
        console.error(`${name}, ${scheme}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      });
      await gallery.clear();
    }
  }
  if (process.argv.includes('--readme')) await readmePicture(server, browser);
} finally {
  await Promise.all([browser.close(), server.dispose()]);
}

import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import type { Person } from './harness/person.ts';
import { describeInBrowser, describeWithSandbox, useSharedSandbox, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Status' });

/** A fact of the status: the value beside its name. */
const fact = (dialog: Locator, name: string): Locator =>
  dialog
    .locator('dl > div')
    .filter({ has: dialog.page().locator('dt', { hasText: new RegExp(`^${name}`) }) })
    .locator('dd');

/** Opens what the dialog says in detail. */
async function details(dialog: Locator): Promise<Locator> {
  const more = dialog.getByRole('button', { name: 'Details' });
  if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
  return dialog;
}

/** The value of a fact, to be awaited: some are measured, or asked of the server, after they are shown. */
const told = (dialog: Locator, name: string) =>
  expect.poll(() => fact(dialog, name).textContent(), { message: name });

/** A measured time, however slow the machine is. */
const TIME = /^[\d.]+ m?s$/;

async function metric(server: string, name: string): Promise<number> {
  const text = await (await fetch(`${server}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describeInBrowser('the status', () => {
  const world = useWorld({ engine: 'none' });

  test('a host sees how the server is, from the keyboard; an editor sees their own connection alone', async () => {
    const [ada, grace] = await Promise.all([world.regular('Ada'), world.regular('Grace')]);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    await RoomPage.open(grace, await ada.link(id, 'editor'));
    await hers.typeAtStart('# typed\n');
    await hers.untilSaved();

    await hers.press('Control+k');
    await ada.page.keyboard.type('status');
    await hers.press('Enter');
    const dialog = dialogOf(ada.page);
    // There is no container engine: the host is told first, and what to do about it.
    await dialog.getByText('not all is well').waitFor();
    await dialog.getByRole('list', { name: 'What can be done' }).getByText('Code cannot be run.').waitFor();
    expect(await dialog.getByRole('region').count()).toBe(0);
    await details(dialog);
    await dialog.getByRole('region', { name: 'Versions' }).waitFor();
    await told(dialog, 'Round trip').toMatch(TIME);
    await told(dialog, 'Key to saved').toMatch(TIME);
    await told(dialog, 'Here now').toBe('2 people in 2 tabs');
    await told(dialog, 'PostgreSQL').toMatch(/^\d+\.\d+/);
    await told(dialog, 'Node.js').toBe(process.versions.node);
    await told(dialog, 'Copies that diverged').toBe('None');
    await dialog.getByRole('region', { name: 'Sandbox' }).waitFor();
    await hers.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await grace.page.getByRole('button', { name: /^Status/ }).click();
    const other = await details(dialogOf(grace.page));
    await other.getByText('All is well').waitFor();
    await other.getByText('A host of the room also sees').waitFor();
    await told(other, 'Round trip').toMatch(TIME);
    expect(await other.getByRole('region').count()).toBe(1);
  });

  test('it tells that the server cannot save, since when, and what waits', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('go'));
    const blocker = new pg.Client(world.server.database);
    await blocker.connect();
    await room.command('Status…');
    const dialog = dialogOf(ada.page);
    await details(dialog);
    await told(dialog, 'Saving').toBe('Nothing waits');
    await room.press('Escape');
    try {
      await blocker.query('BEGIN; LOCK TABLE room_event IN ACCESS EXCLUSIVE MODE');
      await room.typeAtStart('// waits\n');
      await room.command('Status…');
      await dialog.getByText('The server cannot reach its database.').waitFor();
      await dialog.getByText('See that PostgreSQL runs').waitFor();
      await details(dialog);
      await told(dialog, 'Saving').toMatch(/^Not saving for \d+ s, \d+ events? waiting$/);
      await told(dialog, 'Your edits').toMatch(/^On their way for/);
    } finally {
      await blocker.query('ROLLBACK');
      await blocker.end();
    }
    await dialog.getByText('what you type is saved').waitFor();
    await told(dialog, 'Saving').toBe('Nothing waits');
  });

  test('on a phone it is a sheet from the room’s menu, and nothing of it is cut off', async () => {
    const ada = await world.person('Ada', PHONE);
    const room = await RoomPage.open(ada, await ada.createRoom('rust'));
    await room.menu.click();
    await ada.page.getByRole('menuitem', { name: 'Status…' }).click();
    const dialog = await details(dialogOf(ada.page));
    await dialog.getByRole('region', { name: 'Versions' }).waitFor();
    const wide = await dialog.evaluate((sheet) =>
      [...sheet.querySelectorAll('*')].some(
        ({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1,
      ),
    );
    expect(wide).toBe(false);
  });

  test('a page whose copy has gone wrong finds out, keeps what it has not sent, and is counted', async () => {
    const [ada, grace] = await Promise.all([world.regular('Ada'), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const wire = await interfere(grace);
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    const [found, healed] = await Promise.all([
      metric(world.server.url, 'codesync_divergences_total'),
      metric(world.server.url, 'codesync_divergences_healed_total'),
    ]);

    wire.garble('XYZZY', 'QUUXY');
    await hers.replaceText('# XYZZY\n');
    await theirs.untilShown('QUUXY');
    await hers.untilSaved();
    wire.hold();
    await theirs.typeAtEnd('unsent');
    // The page may be in the middle of sending when its connection is cut.
    grace.expectTrouble(/had diverged/, /WebSocket is already in CLOSING or CLOSED state/);
    wire.cut();
    await theirs.untilShown((text) => text.includes('XYZZY') && text.includes('unsent'));
    expect(await theirs.shown()).not.toContain('QUUXY');
    wire.release();
    await theirs.untilSaved();
    await hers.untilShown('unsent');
    expect(await hers.shown()).toBe(await theirs.shown());

    await eventually('both are counted', async () => {
      const now = await metric(world.server.url, 'codesync_divergences_healed_total');
      return now === healed + 1;
    });
    expect(await metric(world.server.url, 'codesync_divergences_total')).toBe(found + 1);
    await hers.command('Status…');
    const dialog = await details(dialogOf(ada.page));
    await told(dialog, 'Copies that diverged').toBe('1, all healed');
  });
});

describeWithSandbox('the status of the sandbox', () => {
  const world = useSharedSandbox();

  test('the pool by language, and what the sandbox found out about its walls', async () => {
    const ada = await world.person('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('python'));
    await room.command('Status…');
    const sandbox = (await details(dialogOf(ada.page))).getByRole('region', { name: 'Sandbox' });
    for (const language of ['Python', 'JavaScript', 'Go', 'Rust'])
      await sandbox.getByRole('row', { name: new RegExp(`^${language} \\d+ of [1-9]`) }).waitFor();
    await sandbox.getByText('The sandbox checked itself').waitFor();
    await told(dialogOf(ada.page), 'Sandbox image').toMatch(/^sha256:[0-9a-f]{12}$/);
  });
});

/** A wire to a person's page that changes what is said on it, keeps what the page says, and breaks. */
async function interfere(person: Person): Promise<{
  garble(from: string, to: string): void;
  hold(): void;
  release(): void;
  cut(): void;
}> {
  let [from, to] = ['', ''];
  let holding = false;
  let cut = () => {};
  let pass: (message: string | Buffer) => void = () => {};
  const held: (string | Buffer)[] = [];
  await person.page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    pass = (message) => server.send(message);
    cut = () => void Promise.all([socket.close(), server.close()]);
    socket.onMessage((message) => {
      // What a page sends as bytes is an edit.
      const isCommand = typeof message !== 'string' || message.includes('"command"');
      if (holding && isCommand) held.push(message);
      else server.send(message);
    });
    server.onMessage((message) => socket.send(from === '' ? message : garbled(message, from, to)));
  });
  return {
    garble: (before, after) => {
      [from, to] = [before, after];
    },
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      for (const message of held.splice(0)) pass(message);
    },
    cut: () => {
      held.length = 0;
      cut();
    },
  };
}

/** Of the same length, so that every edit after it fits. */
function garbled(message: string | Buffer, from: string, to: string): string | Buffer {
  if (typeof message !== 'string') return Buffer.from(message.toString('latin1').replace(from, to), 'latin1');
  return /^42\[("log"|\d)/.test(message) ? message.replace(from, to) : message;
}

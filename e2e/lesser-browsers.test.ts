// Browsers that give a page less than it asks for: what is missing is said in a sentence, and what can go on does.
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION, type Person } from './harness/person.ts';
import { WebProxy } from './harness/web-proxy.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { LandingPage } from './pages/landing-page.ts';
import { RoomPage } from './pages/room-page.ts';

/** Scripts that take something away before the page runs. */
const MISSING: readonly [string, string][] = [
  [
    'storages that throw when they are looked at',
    `for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
       Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });`,
  ],
  [
    'storages that are not there',
    `for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
       Object.defineProperty(window, name, { value: null });`,
  ],
  [
    'storages that are full',
    `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
     IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };`,
  ],
  ['a database that never opens', `IDBFactory.prototype.open = () => new EventTarget();`],
  [
    'no locks, channels, service workers, clipboard and random ids',
    `for (const name of ['locks', 'serviceWorker', 'clipboard'])
       Object.defineProperty(Navigator.prototype, name, { value: undefined });
     delete window.BroadcastChannel;
     Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined });`,
  ],
  [
    'locks and service workers that refuse',
    `LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
     Object.defineProperty(Navigator.prototype, 'serviceWorker', {
       get() { throw new DOMException('denied', 'SecurityError'); },
     });
     window.BroadcastChannel = class { constructor() { throw new DOMException('denied', 'SecurityError'); } };`,
  ],
];

describeInBrowser('a browser that gives less', () => {
  const world = useSharedWorld();

  async function isWhole(person: Person): Promise<void> {
    const landing = await LandingPage.open(person);
    const room = await landing.createRoom('python');
    await room.typeAtStart('# here\n');
    await room.untilSaved();
    await room.page.reload();
    await (await RoomPage.arrived(person)).untilShown('# here');
  }

  test.each(MISSING)('with %s: rooms open, edits are saved', async (_, script) => {
    const ada = await world.person('Ada');
    await ada.context.addInitScript(script);
    await isWhole(ada);
    await ada.page.close();
  });

  test('that keeps nothing says that what is not sent is in this tab alone, and asks before it is closed', async () => {
    const ada = await world.person('Ada');
    ada.expectTrouble(LOST_CONNECTION);
    await ada.context.addInitScript(MISSING[0]![1]);
    const room = await RoomPage.open(ada, await ada.createRoom());
    await ada.context.setOffline(true);
    await room.typeAtStart('# unsent\n');
    await room.page.getByRole('button', { name: /^Not saved yet\./ }).waitFor();
    const asked: string[] = [];
    room.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await room.page.getByRole('link', { name: 'Start page' }).click();
    await room.page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['confirm', 'beforeunload']);
    await ada.context.setOffline(false);
    await room.untilShown('# unsent');
    await room.untilSaved();
    await room.page.close({ runBeforeUnload: true });
    await expect.poll(() => room.page.isClosed()).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test('that is slow to learn who it is for makes the room that was asked for meanwhile', async () => {
    const ada = await world.person('Ada');
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await ada.page.route('**/api/me', async (route) => {
      await held;
      await route.continue();
    });
    const landing = await LandingPage.open(ada);
    await landing.newRoom('python').click();
    answer();
    await RoomPage.arrived(ada);
  });

  test('whose cookies do not come back is told so, at the form', async () => {
    const answer = (headers: IncomingHttpHeaders) => {
      delete headers['set-cookie'];
    };
    const proxy = await world.way(WebProxy.before(world.server.url, { answer }));
    const ada = await world.stranger('Ada', { at: proxy.url });
    const landing = await LandingPage.open(ada);
    await landing.name.fill('Ada');
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByText('the cookie that carries it does not come back').waitFor();
  });

  test('inside of another site: says that it opens in a tab of its own, and does, with the link as it was', async () => {
    const [ada, bea] = await Promise.all([world.person('Ada'), world.person('Bea')]);
    const link = new URL(await ada.link(await ada.createRoom('python'), 'editor'), world.server.url).href;
    const site = http.createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<iframe src="${link}"></iframe>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    bea.expectTrouble(/403/);
    await bea.page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    const frame = bea.page.frameLocator('iframe');
    await frame.getByText('does not open inside of another page').waitFor();
    const opening = bea.context.waitForEvent('page');
    await frame.getByRole('link').click();
    const tab = await opening;
    await tab.getByRole('code').waitFor();
    expect(new URL(tab.url()).pathname).toBe(new URL(link).pathname);
    await new Promise((resolve) => site.close(resolve));
  });

  test('a page that breaks, or a part of it that cannot be loaded: says so, and can be loaded again', async () => {
    const ada = await world.person('Ada');
    ada.expectTrouble(/.*/);
    await ada.page.addInitScript(() => {
      if (sessionStorage.getItem('mended') === null)
        document.addEventListener('readystatechange', () => {
          window.matchMedia = () => {
            throw new Error('no such thing');
          };
        });
    });
    await ada.page.goto('/');
    await ada.page.getByRole('heading', { name: 'This page has broken' }).waitFor();
    await ada.page.getByText('For a report of this fault').click();
    await ada.page.getByText('no such thing').waitFor();
    await ada.page.evaluate(() => sessionStorage.setItem('mended', 'yes'));
    await ada.page.getByRole('button', { name: 'Reload' }).click();
    await ada.context.route(/\/assets\/RoomRoute-/, (route) => route.abort());
    await ada.page.goto(`/r/${await ada.createRoom()}`);
    await ada.page.getByRole('heading', { name: 'Part of the page could not be loaded' }).waitFor();
    await ada.context.unroute(/\/assets\/RoomRoute-/);
    await ada.page.getByRole('button', { name: 'Reload' }).click();
    await RoomPage.arrived(ada);
  });

  test('what was not sent can be copied when the room is taken away meanwhile', async () => {
    const ada = await world.person('Ada');
    const id = await ada.createRoom();
    const people = await Promise.all(['Bea', 'Cleo'].map((name) => world.person(name)));
    const link = await ada.link(id, 'editor');
    const rooms = await Promise.all(people.map((person) => RoomPage.open(person, link)));
    // The colours of a language are the last that a page fetches. It goes on without them, and its console says so.
    for (const { page } of rooms)
      await page.locator('.view-line span[class*="mtk"]:not(.mtk1)').first().waitFor();
    const host = await ada.witness(id);
    await eventually('both are there', () => host.members.filter(({ here }) => here).length === 3);
    for (const person of people) {
      person.expectTrouble(LOST_CONNECTION);
      await person.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await person.context.setOffline(true);
    }
    const [bea, cleo] = rooms as [RoomPage, RoomPage];
    for (const room of rooms) await room.typeAtStart('words that nobody else has');
    const { id: removed } = host.members.find(({ name }) => name === 'Bea')!;
    expect(await host.send({ kind: 'member.remove', participant: removed })).toBeNull();
    // Cleo's site data are cleared: the server does not know her any more.
    await people[1]!.context.clearCookies();
    for (const person of people) await person.context.setOffline(false);
    for (const room of [bea, cleo]) {
      await room.page.getByRole('button', { name: 'Copy what I typed' }).click();
      await room.page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await room.page.evaluate(() => navigator.clipboard.readText())).toBe(
        'words that nobody else has',
      );
    }
    await bea.page.getByRole('heading', { name: 'You were removed from this room' }).waitFor();
    await cleo.page.getByRole('button', { name: 'Tell your name again' }).click();
    await cleo.page.getByRole('textbox', { name: 'Your name' }).waitFor();
  });
});

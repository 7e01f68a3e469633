// The product below a path of somebody's host, behind a proxy that hands the path on and behind one that takes it off.
import { expect, test } from 'vitest';
import { LOST_CONNECTION } from './harness/person.ts';
import { WebProxy } from './harness/web-proxy.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { LandingPage } from './pages/landing-page.ts';
import { RoomPage } from './pages/room-page.ts';

const BASE = '/tools/code';

describeInBrowser('a server below a path', () => {
  const world = useWorld({ engine: 'none', env: { CODESYNC_BASE_PATH: BASE } });

  test.each(['kept', 'stripped'] as const)(
    'that its proxy has %s: rooms, links, the socket, what the browser keeps, and nothing beside it',
    async (how) => {
      const proxy = await world.way(WebProxy.before(world.server.url, { prefix: { path: BASE, how } }));
      const [ada, grace] = await Promise.all(
        ['Ada', 'Grace'].map((name) => world.stranger(name, { at: proxy.url })),
      );
      ada!.expectTrouble(LOST_CONNECTION);
      await ada!.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const landing = await LandingPage.open(ada!);
      await landing.giveName('Ada');
      const hers = await landing.createRoom('python');
      expect(hers.page.url()).toBe(`${proxy.url}/r/${hers.id}`);
      await hers.page.locator('[data-way="websocket"]').waitFor();
      const [cookie] = await ada!.context.cookies(proxy.url);
      expect(cookie!.path).toBe(BASE);

      const share = await hers.openShare();
      await share.getByRole('button', { name: 'Copy link for editing' }).click();
      await share.getByText('Copied').first().waitFor();
      const link = await hers.page.evaluate(() => navigator.clipboard.readText());
      expect(link.startsWith(`${proxy.url}/r/${hers.id}#`)).toBe(true);
      await hers.press('Escape');
      await grace!.introduce();
      await grace!.page.goto(link);
      const theirs = await RoomPage.arrived(grace!);
      await theirs.typeAtStart('# from Grace\n');
      await hers.untilShown('# from Grace');

      for (const probe of ['healthz', 'readyz'])
        expect((await fetch(`${proxy.url}/${probe}`)).ok, probe).toBe(true);
      expect((await fetch(`${proxy.url}/r/nowhere/near`)).status).toBe(404);

      await hers.page.evaluate(async () => (await navigator.serviceWorker.ready).active!.state);
      const kept = () => hers.page.evaluate(async () => (await caches.keys()).sort());
      await expect.poll(kept).toEqual([`codesync-assets:${BASE}/`, `codesync-page:${BASE}/`]);
      await expect
        .poll(() => hers.page.evaluate(() => navigator.serviceWorker.controller !== null))
        .toBe(true);
      // What was fetched before the worker ran is handed to it when the page has settled.
      const missing = () =>
        hers.page.evaluate(async () => {
          const entries = performance.getEntriesByType('resource');
          const loaded = entries.map(({ name }) => name).filter((name) => name.includes('/assets/'));
          const found = await Promise.all(loaded.map((file) => caches.match(file)));
          return loaded.filter((_, i) => found[i] === undefined);
        });
      await expect.poll(missing).toEqual([]);
      await ada!.context.setOffline(true);
      await hers.page.reload();
      await (await RoomPage.arrived(ada!)).untilShown('def greet');
      await ada!.context.setOffline(false);

      await hers.page.getByRole('link', { name: 'Start page' }).click();
      await landing.recent.getByRole('link').first().click();
      await RoomPage.arrived(ada!);
      expect(hers.page.url()).toBe(`${proxy.url}/r/${hers.id}`);
      expect(proxy.strays).toEqual([]);
    },
  );

  test('polling finds its way as well', async () => {
    const prefix = { path: BASE, how: 'stripped' } as const;
    const proxy = await world.way(WebProxy.before(world.server.url, { prefix, webSockets: 'refused' }));
    const ada = await world.person('Ada', { at: proxy.url });
    ada.expectTrouble(LOST_CONNECTION);
    const room = await RoomPage.open(ada, await ada.createRoom());
    await room.page.locator('[data-way="polling"]').waitFor();
    await room.typeAtStart('# polled\n');
    await room.untilSaved();
    expect(proxy.strays).toEqual([]);
  });
});

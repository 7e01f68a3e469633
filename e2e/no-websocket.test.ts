// Networks that let no WebSocket through, in each way that they do it: people are in the room all the same, are told how,
// and move to a WebSocket as soon as one gets through.
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { WebProxy, type WebSocketFate } from './harness/web-proxy.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const FATES: readonly Exclude<WebSocketFate, 'through'>[] = ['stripped', 'refused', 'swallowed', 'buffered'];
const BEFORE = ['one', 'two', 'three', 'four'];
const MEANWHILE = ['alpha', 'beta', 'gamma'];
const AFTER = ['rho', 'sigma'];

describeInBrowser('networks without WebSockets', () => {
  const world = useSharedWorld();

  test('people behind each kind type at once, are told which way it is, and move when WebSockets get through', async () => {
    const gus = await world.person('Gus');
    const id = await gus.createRoom('python');
    const link = await gus.link(id, 'editor');
    const witness = await gus.witness(id);
    const there = await Promise.all(
      FATES.map(async (fate) => {
        const proxy = await world.way(WebProxy.before(world.server.url, { webSockets: fate }));
        const person = await world.person(fate, { at: proxy.url });
        person.expectTrouble(LOST_CONNECTION);
        return { fate, proxy, room: await RoomPage.open(person, link) };
      }),
    );
    const rooms = there.map(({ room }) => room);
    const all = (act: (room: RoomPage, fate: string) => Promise<unknown>) =>
      Promise.all(there.map(({ room, fate }) => act(room, fate)));
    const [first, second] = rooms as [RoomPage, RoomPage];
    await all(({ page }) => page.locator('[data-way="polling"]').waitFor());
    await first.replaceText('');
    await all((room) => room.untilShown((text) => text === ''));

    await all((room, fate) => room.type(BEFORE.map((word) => `${word}-${fate} `).join('')));
    await all((room) => room.untilSaved());
    // A cursor that only moves is seen too, though what is told of it waits between two requests.
    await second.press('Control+Home');
    await eventually('a cursor is seen at the start', async () => {
      const [line, cursor] = await Promise.all([
        first.editor.locator('.view-line').first().boundingBox(),
        first.cursors.filter({ hasText: 'refused' }).boundingBox(),
      ]);
      return line !== null && cursor !== null && Math.abs(cursor.x - line.x) < 3;
    });
    await first.page.getByRole('button', { name: /^Status: .* over HTTP requests/ }).click();
    await first.page.getByRole('button', { name: 'Details' }).click();
    await first.page.getByText('Something on the way lets no WebSocket through.').waitFor();
    await first.press('Escape');

    // What is told of the connection from here on: that it is there, all the while.
    await all(({ page }) =>
      page.evaluate(() => {
        const status = document.querySelector<HTMLElement>('[data-connection]')!;
        const told: string[] = [];
        Object.assign(window, { told });
        const tell = () => void told.push(status.dataset.connection!);
        new MutationObserver(tell).observe(status, { attributeFilter: ['data-connection'] });
      }),
    );
    for (const { proxy } of there) proxy.webSockets = 'through';
    // They would find out by themselves, and do so at once when the browser says that its network is another one.
    await all(({ page }) => page.evaluate(() => void dispatchEvent(new Event('online'))));
    const moved = all(({ page }) => page.locator('[data-way="websocket"]').waitFor({ timeout: 60_000 }));
    await all((room, fate) => room.type(MEANWHILE.map((word) => `${word}-${fate} `).join('')));
    await moved;
    await all((room, fate) => room.type(AFTER.map((word) => `${word}-${fate} `).join('')));
    await all((room) => room.untilSaved());

    const shown = () => Promise.all(rooms.map((room) => room.shown()));
    await eventually('all show the same', async () => new Set(await shown()).size === 1);
    const words = () => witness.text('main.py').trim().split(/\s+/).sort();
    const typed = FATES.flatMap((fate) =>
      [...BEFORE, ...MEANWHILE, ...AFTER].map((word) => `${word}-${fate}`),
    );
    await expect.poll(words).toEqual(typed.sort());
    expect((await first.shown()).trim()).toBe(witness.text('main.py').trim());
    for (const { page } of rooms)
      expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([]);
  });
});

// Networks that let no WebSocket through, in each way that they do it: people are in the room all the same, are told how,
// and move to a WebSocket as soon as one gets through.
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { WebProxy, type WebSocketFate } from './harness/web-proxy.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const WORDS = ['alpha', 'beta', 'gamma'];

describeInBrowser('a network without WebSockets', () => {
  const world = useWorld({ engine: 'none' });

  test.each<[Exclude<WebSocketFate, 'through'>, string]>([
    ['stripped', 'takes the request for one apart'],
    ['refused', 'refuses it'],
    ['swallowed', 'accepts it and hands nothing on'],
    ['buffered', 'holds back what the server sends'],
  ])(
    'that %s them: two people type, are told, and move when one gets through',
    async (fate) => {
      const proxy = await WebProxy.before(world.server.url, { webSockets: fate });
      const gus = await world.person('Gus');
      const id = await gus.createRoom('python');
      const link = await gus.link(id, 'editor');
      const [ada, grace] = await Promise.all(
        ['Ada', 'Grace'].map((name) => world.person(name, { at: proxy.url })),
      );
      const people = [ada!, grace!];
      for (const person of people) person.expectTrouble(LOST_CONNECTION);
      const [hers, theirs] = await Promise.all(people.map((person) => RoomPage.open(person, link)));
      const pages = [hers!, theirs!];
      const witness = await gus.witness(id);
      for (const { page } of pages) await page.locator('[data-way="polling"]').waitFor();
      await hers!.replaceText('');
      await theirs!.untilShown((text) => text === '');

      await Promise.all([hers!.type('one two three four '), theirs!.type('five six seven eight ')]);
      await Promise.all(pages.map((page) => page.untilSaved()));
      // A cursor that only moves is seen too, though what is told of it can wait between two requests.
      await theirs!.press('Control+Home');
      await hers!.editor.getByText('Grace').waitFor();

      await hers!.page.getByRole('button', { name: /^Status: .* over HTTP requests/ }).click();
      await hers!.page.getByText('Something on the way lets no WebSocket through.').waitFor();
      await hers!.press('Escape');

      const told = new Set<string>();
      await hers!.page.exposeFunction('told', (words: string) => told.add(words));
      await hers!.page.evaluate(() => {
        const status = document.querySelector<HTMLElement>('[data-connection]')!;
        const tell = () =>
          (window as unknown as { told: (words: string) => void }).told(status.dataset.connection!);
        new MutationObserver(tell).observe(status, { attributes: true });
      });
      proxy.webSockets = 'through';
      const moved = Promise.all(pages.map(({ page }) => page.locator('[data-way="websocket"]').waitFor()));
      for (const word of WORDS) await Promise.all(pages.map((page, i) => page.type(`${word}${i} `)));
      await moved;
      for (const word of WORDS) await Promise.all(pages.map((page, i) => page.type(`${word}${i + 2} `)));
      await Promise.all(pages.map((page) => page.untilSaved()));
      await eventually('both show the same', async () => (await hers!.shown()) === (await theirs!.shown()));
      const words = witness.text('main.py').trim().split(/\s+/).sort();
      const typed = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
      expect(words).toEqual([...typed, ...[0, 1, 2, 3].flatMap((i) => WORDS.map((word) => word + i))].sort());
      expect((await hers!.shown()).trim()).toBe(witness.text('main.py').trim());
      expect([...told]).toEqual([]);
      await Promise.all(pages.map(({ page }) => page.close()));
      await proxy.close();
    },
    120_000,
  );
});

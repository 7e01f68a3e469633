import { LANGUAGES, Language } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { WebProxy } from './harness/web-proxy.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { LandingPage } from './pages/landing-page.ts';
import { RoomPage } from './pages/room-page.ts';

const KB = 1000;

describeInBrowser('the start page', () => {
  const world = useSharedWorld();

  test('a newcomer who wants a room is asked for a name on the way, and it is remembered', async () => {
    const ada = await world.stranger('Ada');
    const landing = await LandingPage.open(ada);
    await landing.newRoom('python').click();
    await ada.page.getByText('Pick a name first').waitFor();
    await landing.name.fill('Ada');
    await ada.page.getByRole('button', { name: 'Create Python room' }).click();
    await RoomPage.arrived(ada);
    await LandingPage.open(ada);
    await ada.page.getByRole('button', { name: 'You are Ada' }).waitFor();
    expect(await landing.name.count()).toBe(0);
  });

  test.each(Language.options)('one click makes a room in %s, with its starter program', async (language) => {
    const ada = await world.regular('Ada');
    const landing = await LandingPage.open(ada);
    const room = await landing.createRoom(language);
    const { entry, starter } = LANGUAGES[language];
    await room.file(entry).waitFor();
    await room.untilShown(starter.split('\n')[0]!);
    const witness = await ada.witness(room.id);
    expect(witness.text(entry)).toBe(starter);
  });

  test('a second person joins by the link that the first one copied', async () => {
    const ada = await world.person('Ada');
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const room = await (await LandingPage.open(ada)).createRoom('python');
    const share = await room.openShare();
    await share.getByRole('button', { name: 'Copy link for editing' }).click();
    await share.getByText('Copied').first().waitFor();
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());

    const grace = await world.stranger('Grace');
    const landing = await LandingPage.open(grace);
    await landing.giveName('Grace');
    await landing.join(link);
    const joined = await RoomPage.arrived(grace);
    expect(joined.id).toBe(room.id);
    await ada.page.keyboard.press('Escape');
    await (await room.showPeople()).getByText('Grace').waitFor();
  });

  test('rooms one was in are listed, and lead back', async () => {
    const ada = await world.person('Ada');
    const room = await (await LandingPage.open(ada)).createRoom('go');
    const id = room.id;
    const landing = await LandingPage.open(ada);
    await landing.recent.getByRole('link').first().click();
    expect((await RoomPage.arrived(ada)).id).toBe(id);
  });

  test('what is not a room link is told so, in words', async () => {
    const ada = await world.regular('Ada');
    const landing = await LandingPage.open(ada);
    await landing.join('https://example.org/nothing');
    await ada.page.getByText('This is not a link to a room').waitFor();
  });

  test('an unknown address and an unknown room each say what to do', async () => {
    const ada = await world.person('Ada');
    ada.expectTrouble(/Failed to load resource.*404/);
    await ada.page.goto('/nowhere');
    await ada.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    await ada.page.goto(`/r/${'x'.repeat(22)}`);
    await ada.page.getByRole('heading', { name: 'No such room' }).waitFor();
    await ada.page.getByRole('link', { name: 'Go to the start page' }).click();
    await ada.page.getByRole('heading', { name: 'Start a room' }).waitFor();
  });

  test('it carries no editor: under 150 kB of script; a room loads in under 2 MB', async () => {
    const ada = await world.person('Ada');
    const loaded = { script: 0, all: 0 };
    ada.page.on('requestfinished', (request) => {
      const count = ({ responseBodySize }: { responseBodySize: number }) => {
        loaded.all += responseBodySize;
        if (request.resourceType() === 'script') loaded.script += responseBodySize;
      };
      // The last ones may be asked for when the page is gone.
      request.sizes().then(count, () => undefined);
    });
    const landing = await LandingPage.open(ada);
    await ada.page.waitForLoadState('networkidle');
    await expect.poll(() => loaded.script).toBeGreaterThan(0);
    expect(loaded.script).toBeLessThan(150 * KB);

    await landing.createRoom('python');
    await ada.page.waitForLoadState('networkidle');
    expect(loaded.all).toBeLessThan(2000 * KB);
  });

  test('its files come from the server once, though the browser keeps them for when that is away', async () => {
    const proxy = await world.way(WebProxy.before(world.server.url));
    const ada = await world.person('Ada', { at: proxy.url });
    await RoomPage.open(ada, await ada.createRoom('python'));
    const lacking = () =>
      ada.page.evaluate(async () => {
        const files = performance.getEntriesByType('resource').map(({ name }) => name);
        const assets = files.filter((name) => name.startsWith(`${location.origin}/assets/`));
        const kept = await Promise.all(assets.map((name) => caches.match(name)));
        return assets.length === 0 ? ['all'] : assets.filter((_, i) => kept[i] === undefined);
      });
    await expect.poll(lacking).toEqual([]);
    const files = proxy.asked.filter((path) => path.startsWith('/assets/'));
    expect(files.toSorted()).toEqual([...new Set(files)].toSorted());
  });
});

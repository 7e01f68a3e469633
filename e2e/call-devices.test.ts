/** Calls without a device: why there is none is said, and one can be in the call all the same. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './harness/chromium.ts';
import { Person } from './harness/person.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { CallPane } from './pages/call-pane.ts';
import { RoomPage } from './pages/room-page.ts';

/** A name of this machine that browsers do not trust as they trust `localhost`. */
const ELSEWHERE = 'codesync.lan';

describeInBrowser('a call without devices', () => {
  const world = useWorld({ engine: 'none' });
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium([
      '--use-fake-device-for-media-stream',
      // Whoever is asked for leave denies it.
      '--use-fake-ui-for-media-stream=deny',
      `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
    ]);
  });
  afterAll(() => browser?.close());

  async function dialogOf(person: Person): Promise<CallPane> {
    const { page } = await RoomPage.open(person, await person.createRoom());
    const call = new CallPane(page);
    await call.openDialog();
    return call;
  }

  async function joinsMuted(call: CallPane): Promise<void> {
    await call.dialog.getByRole('button', { name: 'Join muted' }).click();
    await call.region.waitFor();
    await call.tile('Ada (you), muted').waitFor();
  }

  test('that there are none is said', async () => {
    const call = await dialogOf(await world.person('Ada'));
    await call.dialog.getByText('No microphone was found.').waitFor();
    await call.dialog.getByText('Your browser can be connected to others.').waitFor();
    await joinsMuted(call);
    await call.button('Turn your camera on').click();
    await call.page.getByText('No camera was found.').waitFor();
    await call.button('Leave the call').click();
  });

  test('that they may not be used is said', async () => {
    const ada = await Person.arrive(browser, world.server.url, 'Ada', {});
    await ada.introduce();
    const call = await dialogOf(ada);
    await call.dialog.getByText('Your browser does not let this page use the microphone.').waitFor();
    await joinsMuted(call);
    await ada.leave();
    expect(ada.troubles).toEqual([]);
  });

  test('that a page over plain HTTP from another machine is given none is said, and what to do', async () => {
    const at = world.server.url.replace('127.0.0.1', ELSEWHERE);
    const ada = await Person.arrive(browser, world.server.url, 'Ada', { at });
    // What the browser says of the headers that it passes over on such a page.
    ada.expectTrouble(/Cross-Origin-Opener-Policy header has been ignored/);
    await ada.page.goto(at);
    const room = await ada.page.evaluate(async () => {
      const headers = { 'Content-Type': 'application/json' };
      const give = (method: string, path: string, body: object) =>
        fetch(path, { method, headers, body: JSON.stringify(body) }).then((reply) => reply.json());
      await give('PUT', '/api/me', { name: 'Ada' });
      return (await give('POST', '/api/rooms', { language: 'python' })).room as string;
    });
    const { page } = await RoomPage.open(ada, room);
    const call = new CallPane(page);
    await call.openDialog();
    await call.dialog.getByText(/plain HTTP.*Open it over HTTPS, or as http:\/\/localhost/).waitFor();
    await joinsMuted(call);
    await ada.leave();
    expect(ada.troubles).toEqual([]);
  });
});

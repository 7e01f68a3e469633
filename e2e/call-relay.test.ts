/** Calls where no direct way is to be had: by a real relay, with credentials that the server makes. */
import { createHmac } from 'node:crypto';
import { LIMITS } from '@codesync/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callChromium, chromiumPath } from './harness/chromium.ts';
import { COTURN, Coturn } from './harness/coturn.ts';
import { describeWith } from './harness/needs.ts';
import { LOST_CONNECTION, type Person } from './harness/person.ts';
import { useWorld } from './harness/world.ts';
import { CallPane, watchPeers } from './pages/call-pane.ts';
import { RoomPage } from './pages/room-page.ts';

const RELAY_ONLY: RTCConfiguration = { iceTransportPolicy: 'relay' };
/** For so long credentials still hold that are too old to be used once more. */
const LATE_MS = 60_000;

declare global {
  var clockAheadMs: number | undefined;
}

/** The username by which a page uses the relay. */
const usedNow = ({ page }: CallPane): Promise<string> =>
  page.evaluate(() => {
    const { iceServers = [] } = globalThis.peerConnections![0]!.getConfiguration();
    return iceServers.find(({ username }) => username !== '')!.username!;
  });

/** Those by which it looked for another way, each time. */
const restarts = ({ page }: CallPane): Promise<string[]> =>
  page.evaluate(() =>
    globalThis.restartedBy!.map((servers) => servers.find(({ username }) => username !== '')!.username!),
  );

/** Until when that username holds, in Unix seconds. */
const untilOf = (username: string): number => Number(username.split(':', 1)[0]);

describeWith({ what: 'Chromium', met: chromiumPath() !== null }, COTURN)('a call by a relay', () => {
  let coturn: Coturn;
  const environment: Record<string, string> = {};
  beforeAll(async () => {
    coturn = await Coturn.start();
    environment.CODESYNC_TURN_URL = coturn.url;
    environment.CODESYNC_TURN_SECRET = coturn.secret;
  });
  afterAll(() => coturn?.stop());
  const world = useWorld({ engine: 'none', env: environment }, callChromium);

  async function come(name: string): Promise<Person> {
    const person = await world.person(name);
    await watchPeers(person, RELAY_ONLY);
    await person.context.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + (globalThis.clockAheadMs ?? 0);
    });
    // A page whose clock jumps looks whether the server is still there, and gives a busy one little time.
    person.expectTrouble(LOST_CONNECTION);
    return person;
  }

  test('has pictures and voices both ways, all of it through the relay', async () => {
    const [ada, vic] = [await come('Ada'), await come('Vic')];
    const id = await ada.createRoom();
    const pages = [await RoomPage.open(ada, id), await RoomPage.open(vic, await ada.link(id, 'viewer'))];
    const calls = pages.map(({ page }) => new CallPane(page));
    for (const call of calls) await call.join({ camera: true });
    await Promise.all(calls.map((call) => call.connected(1)));
    await Promise.all(calls.map((call) => call.flows()));
    for (const call of calls) expect((await call.traffic()).relayed).toEqual([true]);
    // The relay knows nobody's name or id.
    expect(coturn.output).not.toMatch(/Ada|Vic/);
    expect(await pages[0]!.page.content()).not.toContain(coturn.secret);

    // Credentials are renewed while they hold, so that a break is mended by the relay too, whoever looks for the way.
    const given = await Promise.all(calls.map(usedNow));
    await calls[0]!.page.evaluate((ms) => {
      globalThis.clockAheadMs = ms;
    }, LIMITS.relayCredentialsMs - LATE_MS);
    await expect.poll(() => usedNow(calls[0]!)).not.toBe(given[0]);
    const renewed = await Promise.all(calls.map(usedNow));
    expect(untilOf(renewed[0]!)).toBeGreaterThan(untilOf(given[0]!));
    expect(renewed[1]).toBe(given[1]);
    await coturn.restart();
    const searches = () => Promise.all(calls.map(restarts));
    await expect.poll(async () => (await searches()).flat().length, { timeout: 60_000 }).toBeGreaterThan(0);
    await Promise.all(calls.map((call) => call.flows()));
    for (const call of calls) expect((await call.traffic()).relayed).toEqual([true]);
    for (const [i, used] of (await searches()).entries()) {
      expect(used).toEqual(Array(used.length).fill(renewed[i]));
    }
  });

  test.each([
    { what: 'that have run out are refused', seconds: -60, secret: null, taken: false },
    { what: 'of another secret are refused', seconds: 3_600, secret: 'some-other-secret-here', taken: false },
    { what: 'that hold are taken', seconds: 3_600, secret: null, taken: true },
  ])('credentials $what', async ({ seconds, secret, taken }) => {
    const { page } = await world.person('Eve');
    await page.goto(world.server.url);
    const username = `${Math.floor(Date.now() / 1_000) + seconds}:somebody-at-all`;
    const credential = createHmac('sha1', secret ?? coturn.secret)
      .update(username)
      .digest('base64');
    const found = await page.evaluate(
      async (server) => {
        const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
        connection.createDataChannel('probe');
        let relays = 0;
        connection.onicecandidate = ({ candidate }) => {
          if (candidate?.type === 'relay') relays += 1;
        };
        const done = new Promise((resolve) => {
          connection.onicegatheringstatechange = () => {
            if (connection.iceGatheringState === 'complete') resolve(null);
          };
        });
        await connection.setLocalDescription();
        await done;
        connection.close();
        return relays;
      },
      { urls: coturn.url, username, credential },
    );
    expect(found > 0).toBe(taken);
  });
});

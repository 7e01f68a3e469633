/** Calls between pages: people hear and see each other, whatever happens to a page, a socket or a way. */
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { callChromium } from './harness/chromium.ts';
import { hasDevices, plugIn, unplug } from './harness/devices.ts';
import { LOST_CONNECTION, type Person, type PersonOptions } from './harness/person.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { describeInBrowser, useWorld } from './harness/world.ts';
import { CallPane, watchPeers } from './pages/call-pane.ts';
import { RoomPage } from './pages/room-page.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

async function presences({ page }: CallPane): Promise<number> {
  return page.evaluate(async () => {
    let messages = 0;
    for (const connection of globalThis.peerConnections!) {
      if (connection.connectionState !== 'connected') continue;
      const stats = await connection.getStats();
      stats.forEach((report) => {
        if (report.type === 'data-channel' && report.label === 'presence')
          messages += report.messagesReceived;
      });
    }
    return messages;
  });
}

/** The names that each page's end of the connection has: other ones after each negotiation for another way. */
function descriptions(calls: readonly CallPane[]): Promise<string[]> {
  return Promise.all(
    calls.map(({ page }) =>
      page.evaluate(() => {
        const { sdp } = globalThis.peerConnections![0]!.localDescription!;
        return /ice-ufrag:(\S+)/.exec(sdp)![1]!;
      }),
    ),
  );
}

/** By how much the camera's picture is made smaller for the first of the others. */
function shrunk({ page }: CallPane): Promise<number | undefined> {
  return page.evaluate(
    () =>
      globalThis.peerConnections![0]!.getSenders()[1]!.getParameters().encodings[0]!.scaleResolutionDownBy,
  );
}

function states(calls: readonly CallPane[]): Promise<string[]> {
  return Promise.all(
    calls.map(({ page }) =>
      page.evaluate(() => {
        const { signalingState, connectionState } = globalThis.peerConnections![0]!;
        return `${signalingState} ${connectionState}`;
      }),
    ),
  );
}

/** Asks for another way, so often: at each third time, the negotiation goes a step on before the next. */
function negotiate({ page }: CallPane, times: number): Promise<void> {
  return page.evaluate(async (count) => {
    const [connection] = globalThis.peerConnections!;
    for (let i = 0; i < count; i++) {
      const step = new Promise((resolve) =>
        connection!.addEventListener('signalingstatechange', resolve, { once: true }),
      );
      connection!.restartIce();
      if (i % 3 === 0) await step;
    }
  }, times);
}

/** Listens to the save light; the returned function says what it has said since. */
async function saves({ page }: RoomPage): Promise<() => Promise<readonly string[]>> {
  const said = await page.evaluateHandle(() => {
    const words: string[] = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (target instanceof HTMLElement && 'save' in target.dataset) words.push(target.ariaLabel ?? '');
      }
    }).observe(document.body, { subtree: true, attributeFilter: ['aria-label'] });
    return words;
  });
  return () => said.jsonValue();
}

const connectionsMade = ({ page }: CallPane): Promise<number> =>
  page.evaluate(() => globalThis.peerConnections!.length);

describeInBrowser('a call', () => {
  const world = useWorld({ engine: 'none' }, callChromium);

  async function come(name: string, options: PersonOptions = {}): Promise<Person> {
    const person = await world.person(name, options);
    await Promise.all([watchPeers(person), hasDevices(person)]);
    return person;
  }

  /** People in a new room, the first as its host and the last as a viewer. */
  async function inARoom(people: readonly Person[]) {
    const [host] = people;
    const id = await host!.createRoom();
    const link = await host!.link(id, 'viewer');
    const pages = await Promise.all(people.map((person, i) => RoomPage.open(person, i === 0 ? id : link)));
    return { id, pages, calls: pages.map(({ page }) => new CallPane(page)) };
  }

  /** Ada, the host, and Vic, a viewer, in a call with both cameras on. */
  async function twoInACall(options: readonly PersonOptions[] = []) {
    const people = await Promise.all(['Ada', 'Vic'].map((name, i) => come(name, options[i])));
    const { pages, calls, id } = await inARoom(people);
    for (const call of calls) await call.join({ camera: true });
    await Promise.all(calls.map((call) => call.connected(1)));
    return {
      id,
      ada: { person: people[0]!, room: pages[0]!, call: calls[0]! },
      vic: { person: people[1]!, room: pages[1]!, call: calls[1]! },
      calls,
    };
  }

  test('of two has pictures and voices both ways, presence from page to page, and is in no log', async () => {
    const { id, ada, vic, calls } = await twoInACall();
    const witness = await ada.person.witness(id);
    const { head } = witness;
    await Promise.all(calls.map((call) => call.flows()));
    await ada.call.tile('Vic, camera on').waitFor();
    // It begins small, so that there is a first one soon.
    await expect.poll(() => shrunk(ada.call)).toBe(1);
    // The generator of tones sounds now and then: whoever sounds is shown to speak.
    await vic.call.region.locator('[aria-label^="Ada"][data-speaking]').waitFor();
    expect(await violations(ada.room.page)).toEqual([]);

    const before = await presences(vic.call);
    await ada.room.focusEditor();
    await ada.room.page.keyboard.press('ArrowDown');
    await expect.poll(() => presences(vic.call)).toBeGreaterThan(before);
    await expect.poll(() => vic.room.cursors.count()).toBe(1);
    expect(witness.head).toBe(head);
  });

  test('has what one turns off and on, and a host mutes others, without any negotiation', async () => {
    const { ada, vic } = await twoInACall();
    const before = await descriptions([ada.call, vic.call]);
    const sent = ({ page }: CallPane) =>
      page.evaluate(() =>
        globalThis.peerConnections![0]!.getSenders().map(({ track }) => track?.readyState ?? 'none'),
      );
    await expect.poll(() => sent(ada.call)).toEqual(['live', 'live', 'none']);
    // What lies over the room opens as before.
    await ada.room.press('Control+k');
    await ada.call.page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await ada.room.press('Escape');
    await ada.call.button('Turn your camera off').click();
    await vic.call.tile(/^Ada$/).waitFor();
    await expect.poll(() => sent(ada.call)).toEqual(['live', 'none', 'none']);
    await ada.call.button('Mute yourself').click();
    await vic.call.tile('Ada, muted').waitFor();
    await expect.poll(() => sent(ada.call)).toEqual(['none', 'none', 'none']);
    await ada.room.page.getByText('You are talking, and your microphone is off.').waitFor();
    await ada.call.button('Unmute yourself').click();
    await ada.call.button('Turn your camera on').click();
    await vic.call.tile('Ada, camera on').waitFor();
    await vic.call.flows();

    await ada.call.button('Share your screen').click();
    await vic.call.tile('Ada’s screen').waitFor();
    await vic.call.button('Make Ada’s screen large').click({ force: true });
    const screen = vic.call.tile('Ada’s screen').locator('video');
    await expect
      .poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth))
      .toBeGreaterThan(300);
    await ada.call.button('Stop sharing your screen').click();
    await vic.call.tile('Ada’s screen').waitFor({ state: 'detached' });

    expect(await vic.call.button('Mute Ada').count()).toBe(0);
    await ada.call.button('Mute Vic').click({ force: true });
    await vic.room.page.getByText('Ada muted you.').waitFor();
    await ada.call.tile('Vic, muted, camera on').waitFor();
    await expect.poll(() => sent(vic.call)).toEqual(['none', 'live', 'none']);
    await vic.call.button('Unmute yourself').click();
    await ada.call.tile('Vic, camera on').waitFor();
    await ada.call.flows(['energy']);
    expect(await descriptions([ada.call, vic.call])).toEqual(before);
  });

  test('has a microphone on as soon as the browser gives it, where it was to be on from the beginning', async () => {
    const [ada, vic] = await Promise.all(['Ada', 'Vic'].map((name) => come(name)));
    await ada!.context.addInitScript(() => {
      const media = navigator.mediaDevices;
      const ask = media.getUserMedia.bind(media);
      const answered = new Promise((resolve) => addEventListener('answered', resolve));
      media.getUserMedia = (constraints) => answered.then(() => ask(constraints));
    });
    const { calls } = await inARoom([ada!, vic!]);
    const [adas, vics] = [calls[0]!, calls[1]!];
    await vics.join();
    await adas.join();
    await vics.tile('Ada, muted').waitFor();
    await Promise.all(calls.map((call) => call.connected(1)));
    await ada!.page.evaluate(() => dispatchEvent(new Event('answered')));
    await vics.tile(/^Ada$/).waitFor();
    await adas.tile('Ada (you)').waitFor();
    await vics.hears(1);
  });

  test('goes on when a device is unplugged, by another one if there is one, and when a screen is stopped by the browser', async () => {
    const { ada, vic, calls } = await twoInACall();
    const before = await descriptions(calls);
    const { page } = ada.room;
    const source = () =>
      page.evaluate(() => globalThis.peerConnections![0]!.getSenders()[0]!.track?.getSettings().deviceId);
    const offered = async () => {
      await ada.call.button('Choose microphone and camera').click();
      const dialog = page.getByRole('dialog', { name: 'Microphone and camera' });
      await dialog.getByRole('combobox', { name: 'Microphone' }).click();
      await page.getByRole('option').first().waitFor();
      const count = await page.getByRole('option').count();
      // While the list is open, the dialog is hidden from screen readers.
      await ada.room.press('Escape');
      await dialog.waitFor();
      await ada.room.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      return count;
    };
    const all = await offered();
    const microphone = await unplug(page, 'audio');
    await page.getByText('Your microphone is gone. Another one has taken its place.').waitFor();
    await expect.poll(source).not.toBe(microphone);
    expect(await source()).toBeDefined();
    expect(await offered()).toBe(all - 1);
    await vic.call.flows();
    expect(await vic.call.tile('Ada, camera on').count()).toBe(1);

    await unplug(page, 'video');
    await page.getByText('Your camera is gone. Connect it again, or choose another one.').waitFor();
    await vic.call.tile(/^Ada$/).waitFor();
    await vic.call.flows(['energy']);
    await plugIn(page);
    await ada.call.button('Turn your camera on').click();
    await vic.call.tile('Ada, camera on').waitFor();
    await vic.call.flows();

    await ada.call.button('Share your screen').click();
    await vic.call.tile('Ada’s screen').waitFor();
    await page.evaluate(() => {
      const { track } = globalThis.peerConnections![0]!.getSenders()[2]!;
      track!.stop();
      track!.dispatchEvent(new Event('ended'));
    });
    await page.getByText('Your screen is no longer shared.').waitFor();
    await vic.call.tile('Ada’s screen').waitFor({ state: 'detached' });
    await ada.call.button('Share your screen').waitFor();
    expect(await descriptions(calls)).toEqual(before);
  });

  test('shows what the other one types before the server has heard of it: marked, and never as saved', async () => {
    const way = await world.way(TcpProxy.before(world.server.url));
    const { id, ada, vic } = await twoInACall([{ at: way.url }]);
    ada.person.expectTrouble(LOST_CONNECTION);
    const witness = await vic.person.witness(id);
    const before = witness.text('main.py');
    const marked = async () => {
      const pieces = await vic.room.page.locator('.previewed-text').allTextContents();
      return pieces.join('').replaceAll('\u00a0', ' ');
    };
    await ada.room.untilSaved();
    const said = await saves(ada.room);
    way.cut();
    let typed = '';
    for (const word of ['one', ' two']) {
      await ada.room.typeAtEnd(word);
      typed += word;
      await vic.room.untilShown(typed);
      await expect.poll(marked).toBe(typed);
    }
    const words = await said();
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((word) => word.startsWith('Saved'))).toEqual([]);
    expect((await ada.room.glance()).save).not.toBe('Saved');
    expect(await marked()).toBe(typed);
    expect(witness.text('main.py')).toBe(before);

    way.mend('late');
    await witness.untilText('main.py', (text) => text === before + typed);
    await ada.room.untilSaved();
    await expect.poll(marked).toBe('');
    await vic.room.untilShown(typed);
  });

  test('comes to one agreement, whoever asks for another one, and whatever comes in between', async () => {
    const way = await world.way(TcpProxy.before(world.server.url));
    const { calls } = await twoInACall([{ at: way.url }, { at: way.url }]);
    const takenBack = () =>
      Promise.all(calls.map(({ page }) => page.evaluate(() => globalThis.offersTakenBack!)));
    const leads = await Promise.all(
      calls.map(({ page }) =>
        // The one that leads made the places for media; the other one answered.
        page.evaluate(() => globalThis.peerConnections![0]!.localDescription!.type === 'offer'),
      ),
    );
    expect(leads.filter(Boolean)).toHaveLength(1);
    for (const { who, times } of [
      { who: 'the leader', times: 1 },
      { who: 'the other one', times: 1 },
      { who: 'both before they hear of each other', times: 1 },
      { who: 'both at once', times: 200 },
    ]) {
      const asking = calls.filter((_, i) => /both/.test(who) || leads[i] === (who === 'the leader'));
      const meet = /before/.test(who);
      const before = await descriptions(calls);
      const backBefore = await takenBack();
      if (meet) way.cut();
      await Promise.all(asking.map((call) => negotiate(call, times)));
      if (meet) {
        await expect.poll(() => states(calls)).toEqual(Array(2).fill('have-local-offer connected'));
        way.mend('late');
      }
      const changed = async () => (await descriptions(calls)).every((one, i) => one !== before[i]);
      await expect.poll(changed, { timeout: 60_000, message: `${who}, ${times}` }).toBe(true);
      await expect
        .poll(() => states(calls), { timeout: 60_000, message: `${who}, ${times}` })
        .toEqual(['stable connected', 'stable connected']);
      await Promise.all(calls.map((call) => call.flows()));
      const back = (await takenBack()).map((count, i) => count - backBefore[i]!);
      console.log(`${who}, ${times}: offers taken back ${back.join(' and ')}`);
      // Where two offers met, the leader’s stood.
      if (times === 1) expect(back).toEqual(leads.map((leader) => (meet && !leader ? 1 : 0)));
    }
    // The connection was never built anew.
    expect(await Promise.all(calls.map(connectionsMade))).toEqual([1, 1]);
  });

  test('goes on while a socket is cut, and takes back whoever reloads', async () => {
    const way = await world.way(TcpProxy.before(world.server.url));
    const { ada, vic } = await twoInACall([{ at: way.url }]);
    ada.person.expectTrouble(LOST_CONNECTION);
    const before = await descriptions([ada.call, vic.call]);
    way.cut();
    await expect.poll(async () => (await ada.room.glance()).connection).not.toBe('online');
    await Promise.all([ada.call.flows(), vic.call.flows()]);
    way.mend('dead');
    await expect.poll(async () => (await ada.room.glance()).connection, { timeout: 60_000 }).toBe('online');
    // The way of the media was looked at when the server was back, and left as it was.
    await Promise.all([ada.call.flows(), vic.call.flows()]);
    expect(await descriptions([ada.call, vic.call])).toEqual(before);
    expect(await connectionsMade(ada.call)).toBe(1);
    await ada.call.button('Turn your camera off').click();
    await vic.call.tile(/^Ada$/).waitFor();

    await vic.room.page.reload();
    const again = new CallPane((await RoomPage.arrived(vic.person)).page);
    await ada.call.tile(/^Vic/).waitFor({ state: 'detached' });
    await again.join({ camera: true });
    await Promise.all([ada.call.connected(1), again.connected(1)]);
    await Promise.all([ada.call.flows(), again.flows(['energy'])]);
  });

  test('of three has everyone’s pictures and voices', async () => {
    const { calls } = await inARoom(await Promise.all(['Ada', 'Bea', 'Vic'].map((name) => come(name))));
    for (const call of calls) await call.join({ camera: true });
    await Promise.all(calls.map((call) => call.connected(2)));
    for (const call of calls) await call.flows();
  });

  test('of six has everyone’s voices', async () => {
    const names = ['Ada', 'Bea', 'Cleo', 'Dora', 'Eve', 'Vic'];
    const { calls } = await inARoom(await Promise.all(names.map((name) => come(name))));
    for (const call of calls) await call.join();
    await Promise.all(calls.map((call) => call.connected(5)));
    await Promise.all(calls.map((call) => call.hears(5)));
  });

  test('has room on a phone, and does not hide the code', async () => {
    const [ada, vic] = await Promise.all([come('Ada', PHONE), come('Vic')]);
    const { pages, calls } = await inARoom([ada, vic]);
    for (const call of calls) await call.join({ camera: true });
    await Promise.all(calls.map((call) => call.connected(1)));
    const [code, strip] = await Promise.all([
      pages[0]!.page.getByRole('region', { name: 'Code', exact: true }).boundingBox(),
      calls[0]!.region.boundingBox(),
    ]);
    expect(code!.y + code!.height).toBeLessThanOrEqual(strip!.y);
    expect(strip!.width).toBeLessThanOrEqual(390);
    expect(await violations(pages[0]!.page)).toEqual([]);
    await calls[0]!.button('Leave the call').click();
    await calls[1]!.tile(/^Ada/).waitFor({ state: 'detached' });
  });
});

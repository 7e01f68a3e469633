/** A laptop sleeps: every process of its browser is held past the server's patience, while others type on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { chromiumOptions } from './harness/chromium.ts';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION, Person } from './harness/person.ts';
import { signalAll, treeOf } from './harness/processes.ts';
import { expectNoContainers, expectPoolOnly } from './harness/sandboxes.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const WORDS = 10;
const PAUSE_MS = 1_000;
/** Three times the server's patience with a silent socket (20 s) and with a reload (10 s). */
const AWAY_MS = 90_000;
const HOUR_MS = 3_600_000;

describeWithSandbox('a laptop that sleeps', () => {
  const world = useWorld();

  test('and wakes, with its clock right, an hour back or an hour ahead: it catches up by itself, nothing twice', async () => {
    const { server } = world;
    await Promise.all([sleepAndWake('Ada', 0), sleepAndWake('Bea', -HOUR_MS), sleepAndWake('Cleo', HOUR_MS)]);
    await expectPoolOnly(server);
    const { instance } = server;
    expect(await server.stop()).toBe(0);
    await expectNoContainers(instance);
  }, 400_000);

  /** Somebody's laptop sleeps while others are in a room with them. When it wakes, its clock has jumped. */
  async function sleepAndWake(name: string, jump: number): Promise<void> {
    const laptop = await chromium.launchServer(chromiumOptions());
    onTestFinished(() => laptop.kill());
    const browser = await chromium.connect(laptop.wsEndpoint());
    const person = await Person.arrive(browser, world.server.url, name, TALL);
    await person.introduce();
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(world.server, person, ['Gus', 'Hana']);
    const { watch } = scene.host;
    const here = () => scene.witness.members.find((member) => member.name === name)!.here;
    const untilWell = () =>
      watch.until(
        'all is well again',
        ({ connection, save, notices }) => {
          const waiting = notices.some((notice) => notice.startsWith('Connection lost'));
          return connection === 'online' && save === 'Saved' && !waiting;
        },
        90_000,
      );

    await scene.type(WORDS);
    await scene.createFile('endless.py', ENDLESS);
    await world.server.sandboxReady('python');
    const tab = await scene.startFromTab();
    for (const page of person.context.pages()) await page.evaluate(setClock, jump);
    // Falls asleep in the middle of a word.
    const typing = scene.host.type(WORDS);
    await sleep(scene.random.next() * 150);
    const processes = treeOf(laptop.process().pid!);
    signalAll(processes, 'SIGSTOP');
    try {
      const asleepSince = performance.now();
      const { printed } = scene;
      const others = scene.others.map(async (other) => {
        while (here()) {
          await other.act(WORDS);
          await sleep(PAUSE_MS);
        }
      });
      await eventually(`${name} is told as away`, () => !here(), undefined, AWAY_MS);
      await Promise.all(others);
      expect(scene.printed, 'what the run of who sleeps has printed since').toBeGreaterThan(printed);
      await eventually('the run has met its limit', () => scene.ends.at(-1) !== null);
      console.log(`${name}: away after ${Math.round(performance.now() - asleepSince)} ms`);
    } finally {
      signalAll(processes, 'SIGCONT');
    }
    await typing;
    await untilWell();
    await eventually(`${name} is told as here`, here);
    await scene.untilAllShown(tab);
    await tab.page.close();
    await scene.type(WORDS);
    await untilWell();

    await scene.expectAllWell();
    expect(scene.ends).toMatchObject([{ reason: 'wall' }]);
    await person.leave();
    expect(person.troubles, 'errors in the page').toEqual([]);
    await browser.close();
    await laptop.close();
  }
});

/** What a machine does that sets its clock: timers go on, the time of day is another. */
function setClock(ahead: number): void {
  const machine = Date.now;
  Date.now = () => machine() + ahead;
}

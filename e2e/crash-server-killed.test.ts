/** The server is killed twenty times in the middle of everything: people type, two programs run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { expectNoContainers, expectPoolOnly, runnerOf } from './harness/sandboxes.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const KILLS = 20;
/** After these the server stays away until the page says so in a banner. */
const LONG_BREAKS = [6, 13];
/** What each of them types around a kill, and when within it the kill comes. */
const WORDS = 8;
const BURST_MS = 600;

describeWithSandbox('kill -9 of the server', () => {
  const world = useWorld();

  test('[INV1] [INV2] [INV3] twenty times in mid-burst, under four who type and two runs: nothing is lost, doubled, left or untrue', async () => {
    const { server } = world;
    const person = await world.person('Ada', TALL);
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus', 'Hana', 'Ivo']);
    const { watch } = scene.host;
    await scene.createFile('endless.py', ENDLESS);
    const comeBack = async (kill: number) => {
      if (LONG_BREAKS.includes(kill)) {
        await watch.until('a banner says that the connection is lost', ({ notices, save }) => {
          return notices.some((notice) => notice.startsWith('Connection lost')) && save !== 'Saved';
        });
      }
      await server.start();
    };

    for (let kill = 1; kill <= KILLS; kill++) {
      await server.sandboxReady('python');
      for (let run = 0; run < 2; run++) {
        while ((await scene.start('endless.py')) !== null) await sleep(100);
      }
      await scene.untilPrinting(2);
      const runner = await runnerOf(server);
      const typing = scene.type(WORDS);
      await sleep(scene.random.next() * BURST_MS);
      await server.kill();
      await Promise.all([runner.expectNothingLeft(), comeBack(kill)]);
      await typing;
    }

    const log = await scene.expectAllWell();
    const lost = log.events.filter(
      ({ body }) => body.kind === 'run.ended' && body.reason === 'infrastructure',
    );
    expect(lost).toHaveLength(2 * KILLS);
    // The page was seen in each of these states: else the watch has not met what it is there for.
    expect(watch.looks('Saving…', 'online')).toBeGreaterThan(0);
    expect(watch.looks('On this device', 'reconnecting')).toBeGreaterThan(0);
    await expectPoolOnly(server);
    const { instance } = server;
    expect(await server.stop()).toBe(0);
    await expectNoContainers(instance);
  }, 900_000);
});

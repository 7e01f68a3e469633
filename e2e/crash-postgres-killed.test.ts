/** PostgreSQL is killed under people who type and a program that prints; the server itself brings it back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { Postgres } from './harness/postgres.ts';
import { expectNoContainers, expectPoolOnly } from './harness/sandboxes.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const KILLS = 6;
const WORDS = 16;
const BURST_MS = 500;
const STALLED = 'The server cannot reach its database.';

describeWithSandbox('kill -9 of PostgreSQL', () => {
  const world = useWorld();

  test('[INV2] again and again, the postmaster alone or all of it, and once for long: stalled, then everything, once', async () => {
    const { server } = world;
    const person = await world.person('Ada', TALL);
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus', 'Hana', 'Ivo']);
    const { page, watch } = scene.host;
    await scene.createFile('endless.py', ENDLESS);
    const postgres = await Postgres.of(server);
    const startRun = async () => {
      await server.sandboxReady('python');
      expect(await scene.start('endless.py')).toBeNull();
      await scene.untilPrinting(1);
    };

    await startRun();
    for (let kill = 1; kill <= KILLS; kill++) {
      const typing = scene.type(WORDS);
      await sleep(scene.random.next() * BURST_MS);
      await postgres.kill({ whole: kill % 2 === 0 });
      await typing;
    }
    await watch.until('the server saves again', ({ save }) => save === 'Saved');

    if (scene.going('running') === 0) await startRun();
    const acknowledged = () => scene.others.map((other) => other.acknowledged.numbers.size);
    await postgres.kill({ whole: true, hide: true });
    await scene.type(WORDS);
    await watch.until('the page says that nothing can be saved, and what is safe', ({ notices, save }) => {
      const told = notices.find((notice) => notice.startsWith(STALLED)) ?? '';
      return (
        /You can keep typing\. Your last \d+ changes are kept on this device/.test(told) && save !== 'Saved'
      );
    });
    const { saveDetail } = await page.glance();
    expect(saveDetail).toMatch(/^Saving…\. .*with the server, which cannot reach its database/);
    // Nobody is told of anything that is not in the log: nothing new is.
    const before = acknowledged();
    const printed = scene.witness.head;
    await scene.type(WORDS);
    expect(acknowledged()).toEqual(before);
    expect(scene.witness.head).toBe(printed);
    // The program is stopped while nothing can be written: its end is kept, too.
    await page.stop.click();

    postgres.giveFilesBack();
    await watch.until(
      'all is well again',
      ({ notices, save }) => {
        return save === 'Saved' && !notices.some((notice) => notice.startsWith(STALLED));
      },
      120_000,
    );
    await page.ended('Stopped').waitFor();
    await startRun();
    await page.stop.click();

    await scene.expectAllWell();
    expect(scene.ends.map((end) => end?.reason)).not.toContain('infrastructure');
    expect(watch.looks('Saving…', 'online')).toBeGreaterThan(0);
    await expectPoolOnly(server);
    const { instance } = server;
    expect(await server.stop()).toBe(0);
    await expectNoContainers(instance);
  }, 400_000);
});

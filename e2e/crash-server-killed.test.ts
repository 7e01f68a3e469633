/** The server is killed twenty times in the middle of everything: people type, two programs run. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Database } from './harness/database.ts';
import { eventually } from './harness/eventually.ts';
import { expectLaws } from './harness/laws.ts';
import { PageTypist } from './harness/page-typist.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { expectNoContainers, expectPoolOnly } from './harness/sandboxes.ts';
import { seeded } from './harness/seeded.ts';
import { Typist } from './harness/typist.ts';
import type { Witness } from './harness/witness.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const KILLS = 20;
/** After these the server stays away until the page says so in a banner. */
const LONG_BREAKS = [6, 13];
/** What each of them types around a kill, and when within it the kill comes. */
const WORDS = 24;
const BURST_MS = 600;
const ENDLESS =
  'import time\nn = 0\nwhile True:\n    print("tick", n, flush=True)\n    n += 1\n    time.sleep(0.01)\n';

describeWithSandbox('kill -9 of the server', () => {
  const world = useWorld();

  test('twenty times in mid-burst, under four who type and two runs: nothing is lost, doubled, left or untrue', async () => {
    const { seed, random } = seeded();
    console.log(`seed ${seed}`);
    const { server } = world;
    const database = new Database(server.database);
    const person = await world.person('Ada', { viewport: { width: 1400, height: 2400 } });
    person.expectTrouble(LOST_CONNECTION);
    const ada = await PageTypist.host(person, server.database);
    const room = ada.page.id;
    const secret = (await person.link(room, 'editor')).split('#')[1]!;
    const others: Typist[] = [];
    for (const name of ['Gus', 'Hana', 'Ivo']) {
      others.push(await Typist.arrive({ url: server.url, room, name, secret, random }));
    }
    const [gus, hana] = others as [Typist, Typist];
    const created = await gus.witness.send({
      kind: 'file.create',
      file: randomBytes(12).toString('base64url'),
      path: 'endless.py',
      text: ENDLESS,
    });
    expect(created).toBeNull();

    for (let kill = 1; kill <= KILLS; kill++) {
      await server.sandboxReady('python');
      await Promise.all([gus, hana].map(({ witness }) => startEndless(witness)));
      await eventually('two programs print', () => printing(gus.witness) === 2);
      const typing = Promise.all([ada.type(WORDS), ...others.map((other) => other.act(WORDS))]);
      await sleep(random() * BURST_MS);
      await server.kill();
      if (LONG_BREAKS.includes(kill)) {
        await ada.watch.until('a banner says that the connection is lost', ({ notices, save }) => {
          return notices.some((notice) => notice.startsWith('Connection lost')) && save !== 'Saved';
        });
      }
      await server.start();
      await typing;
    }

    const parties = [ada, ...others];
    const log = await expectLaws({ database, room, parties });
    await ada.watch.stop();
    for (const { name, refusals } of others) expect(refusals, `refused to ${name}`).toEqual([]);
    const lost = log.events.filter(
      ({ body }) => body.kind === 'run.ended' && body.reason === 'infrastructure',
    );
    expect(lost).toHaveLength(2 * KILLS);
    // The page was seen in each of these states: else the watch has not met what it is there for.
    expect(ada.watch.looks('Saving…', 'online')).toBeGreaterThan(0);
    expect(ada.watch.looks('On this device', 'reconnecting')).toBeGreaterThan(0);
    await expectPoolOnly(server);
    for (const other of others) other.leave();
    await database.close();
    const { instance } = server;
    expect(await server.stop()).toBe(0);
    await expectNoContainers(instance);
  }, 400_000);
});

/** Starts the endless program, as often as the server says that it cannot just now. */
async function startEndless(witness: Witness): Promise<void> {
  while ((await witness.send({ kind: 'run.start', entry: witness.fileId('endless.py') })) !== null) {
    await sleep(100);
  }
}

/** How many programs are running and have printed something. */
function printing(witness: Witness): number {
  return witness.runs.filter(({ phase, output }) => phase === 'running' && output.length > 0).length;
}

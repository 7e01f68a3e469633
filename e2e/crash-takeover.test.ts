/** A server that is held past its lease while another one takes its room over finds that out, and does no harm. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { expectPoolOnly } from './harness/sandboxes.ts';
import { Server } from './harness/server.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const CODESYNC_SECRET = 'one secret for both of the servers in this test';

describeWithSandbox('two servers on one database', () => {
  const world = useWorld({ env: { CODESYNC_SECRET } });

  test('[INV4] SIGSTOP past the lease, a takeover, SIGCONT: the first is fenced, its clients resync, nothing is lost', async () => {
    const first = world.server;
    const { host, port, user, database } = first.database;
    const DATABASE_URL = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host!)}`;
    const second = await Server.start({ engine: 'none', env: { CODESYNC_SECRET, DATABASE_URL } });
    onTestFinished(() => second.dispose());
    const door = await world.way(TcpProxy.before(first.url));
    const person = await world.person('Ada', { at: door.url, ...TALL });
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(first, person, ['Gus', 'Hana'], door.url);
    const owner = async () => {
      const rows = await scene.database.query<{ owner: string }>('SELECT owner FROM room WHERE id = $1', [
        scene.room,
      ]);
      return rows[0]!.owner;
    };

    await scene.createFile('endless.py', ENDLESS);
    expect(await scene.start('endless.py')).toBeNull();
    await scene.untilPrinting(1);
    // Has just been heard of, and so takes the held server for alive the longest.
    await scene.arrive('Jo');
    const old = [...scene.others];
    const burst = scene.type(20);
    await sleep(100 + scene.random.next() * 300);
    first.signal('SIGSTOP');
    await burst;
    door.leadTo(second.url);
    // Nobody has left the first server; a newcomer gets in once its lease has run out.
    const newcomer = await scene.arrive('Ivo');
    await newcomer.act(10);
    await eventually('the second server saves', () => newcomer.isSaved());
    expect(await owner()).toBe(second.instance);
    const { seq: takeover } = (await scene.database.after(scene.room, 0)).find(
      ({ body }) => body.kind === 'member.joined' && body.name === newcomer.name,
    )!;
    // Who has found the connection dead meanwhile is with the second server.
    const stranded = old.filter(({ witness }) => witness.online && witness.connections === 1);
    expect(stranded).not.toEqual([]);
    const heard = stranded.map(({ witness }) => witness.heard.length);

    first.signal('SIGCONT');
    for (const [i, { name, witness }] of stranded.entries()) {
      await eventually(`${name} is told to join again`, () => witness.resyncs.length > 0);
      // What the first server told them after it was held had been in the log before the other took over.
      const late = witness.heard.slice(heard[i], witness.resyncs[0]);
      for (const { seq } of late) expect(seq).toBeLessThan(takeover);
    }
    await expect.poll(() => first.printed).toContain('the room has lost its place in the log');
    await scene.type(10);
    await scene.expectAllWell();
    expect(await owner()).toBe(second.instance);
    expect(scene.ends).toMatchObject([{ reason: 'infrastructure' }]);
    await expectPoolOnly(first);
  });
});

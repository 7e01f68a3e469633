/** The disk of the data folder is full: nothing is lost, nothing is promised, and it goes on when there is space. */
import type { RunId } from '@codesync/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import type { Database } from './harness/database.ts';
import { eventually } from './harness/eventually.ts';
import { brokenPromises, brokenRuns, outputOf } from './harness/laws.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { expectNoContainers, expectPoolOnly } from './harness/sandboxes.ts';
import { Server } from './harness/server.ts';
import { MOUNTS, SmallDisk } from './harness/small-disk.ts';
import { describeWithSandboxAnd, useWorld } from './harness/world.ts';

const DISK_MB = 160;
const FULL = 'The server’s disk is full.';
/** What it says is more than one message of the runner's, and of the log. */
const LINES = 20_000;
const ANSWERING = `print("ready", flush=True)\ninput()\nfor n in range(${LINES}):\n    print("line", n)\n`;
const ANSWERED = ['ready', ...Array.from({ length: LINES }, (_, n) => `line ${n}`), ''].join('\n');

describeWithSandboxAnd(MOUNTS)('a full disk', () => {
  const disk = new SmallDisk();
  beforeAll(() => disk.mount(DISK_MB));
  afterAll(() => disk.unmount());
  const world = useWorld({ data: disk.folder });

  test('while people type and programs run, until PostgreSQL gives up: told, kept, and saved when there is space', async () => {
    const { server } = world;
    const person = await world.person('Ada', TALL);
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus']);
    const { host: ada, database } = scene;
    const gus = scene.others[0]!;
    await scene.type(10);
    await scene.createFile('answering.py', ANSWERING);
    await scene.createFile('endless.py', ENDLESS);
    for (const path of ['answering.py', 'endless.py']) {
      await server.sandboxReady('python');
      expect(await scene.start(path)).toBeNull();
    }
    await scene.untilPrinting(2);
    const [answering, endless] = gus.witness.runs.map(({ id }) => id) as [RunId, RunId];

    await fillUp(scene);
    // Both programs end while nothing can be written, and one of them says most of its words.
    const answered = gus.witness.send({ kind: 'run.input', run: answering, text: 'go\n', eof: false });
    const stopped = gus.witness.send({ kind: 'run.stop', run: endless });
    await eventually('both programs have ended', async () => {
      const sandbox = await server.sandbox();
      return sandbox?.state === 'ready' && sandbox.busy === 0;
    });
    expect(await scene.start('endless.py')).toMatchObject({ code: 'storage.full' });
    await scene.type(5);
    await ada.watch.until(
      'the page says what is wrong, what is safe, and what to do',
      ({ notices, save }) => {
        const notice = notices.find((told) => told.startsWith(FULL)) ?? '';
        return save !== 'Saved' && /keep typing.*kept on this device.*made space/.test(notice);
      },
    );
    expect(gus.isSaved()).toBe(false);
    const stalled = await database.log(scene.room);
    expect(brokenPromises(stalled.events, [ada, gus])).toEqual([]);
    expect(brokenRuns(stalled.events)).toEqual([answering, endless].map((run) => `run ${run} has no end`));
    expect(scene.ends).toEqual([null, null]);

    // Until it needs another segment of its own log, which it cannot have.
    const postmaster = await startOf(database);
    const giveUp = async () => {
      for (;;) await database.query(`SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000))`);
    };
    await expect(giveUp()).rejects.toThrow();
    await scene.type(5);
    expect(gus.isSaved()).toBe(false);

    disk.relieve();
    await ada.watch.until('the page says that all is saved', ({ notices, save }) => {
      return save === 'Saved' && !notices.some((told) => told.startsWith(FULL));
    });
    await expect.poll(() => gus.witness.storage).toBe('ok');
    expect(await startOf(database)).not.toBe(postmaster);
    expect([await answered, await stopped]).toEqual([null, null]);
    await expect
      .poll(() => scene.ends)
      .toMatchObject([{ reason: 'exit', exitCode: 0 }, { reason: 'stopped' }]);
    await ada.page.ended('Stopped').waitFor();
    await expectPoolOnly(server);

    // A stop in the middle of it is a good end all the same: what waited comes from the pages, and what ran has an end.
    expect(await scene.start('endless.py')).toBeNull();
    await scene.untilPrinting(1);
    await fillUp(scene);
    expect(await server.stop()).toBe(0);
    const { instance } = server;
    await expectNoContainers(instance);
    disk.relieve();
    await server.start();
    const log = await scene.expectAllWell();
    expect(outputOf(log.events, answering)).toBe(ANSWERED);
    expect(scene.ends.map((end) => end?.reason)).toEqual(['exit', 'stopped', 'infrastructure']);
    await expectPoolOnly(server);
  });

  /** Fills the disk, and then what PostgreSQL had set aside for itself, by typing. */
  async function fillUp(scene: CrashScene): Promise<void> {
    const { host, others } = scene;
    disk.fill();
    for (let round = 0; others[0]!.witness.storage === 'ok' && round < 60; round++) {
      await Promise.all([host.type(5), others[0]!.act(15)]);
    }
    expect(others[0]!.witness.storage).toBe('full');
  }

  test('a server that cannot start for it says so in a sentence; with space it starts, and has everything', async () => {
    const ada = await world.person('Ada');
    const room = await ada.createRoom('python');
    await world.server.stop();
    for (const spare of [0, 4096, 65_536, 1 << 20, 4 << 20]) {
      disk.fill(spare);
      const sentence = await refusal(world.server);
      if (sentence !== null)
        expect(sentence).toMatch(/^The disk with the data folder \S+ is full\. Make space/);
      // What has room to start has to stop in good order as well.
      else expect(await world.server.stop()).toBe(0);
      if (spare === 0) expect(sentence).not.toBeNull();
      disk.relieve();
    }
    await world.server.start();
    expect((await ada.witness(room)).paths).toEqual(['main.py']);
  });

  test('so does the first start of all', async () => {
    const empty = new SmallDisk();
    empty.mount(DISK_MB);
    try {
      const server = await Server.prepare({ engine: 'none', data: empty.folder });
      for (const spare of [0, 65_536, 10 << 20]) {
        empty.fill(spare);
        expect(await refusal(server)).toMatch(/^The disk with the data folder \S+ is full\. Make space/);
        empty.relieve();
      }
      await server.start();
      expect(await server.stop()).toBe(0);
    } finally {
      empty.unmount();
    }
  });
});

/** When PostgreSQL was started, or has recovered. */
async function startOf(database: Database): Promise<string> {
  const [row] = await database.query<{ at: Date }>('SELECT stats_reset AS at FROM pg_stat_wal');
  return row!.at.toISOString();
}

/** Starts a server; what it says besides its log if it does not start, null if it does. */
async function refusal(server: Server): Promise<string | null> {
  const before = server.printed.length;
  try {
    await server.start();
    return null;
  } catch (error) {
    if (server.crash === null) throw error;
    const lines = server.printed.slice(before).trim().split('\n');
    return lines.filter((line) => !line.startsWith('{')).join('\n');
  }
}

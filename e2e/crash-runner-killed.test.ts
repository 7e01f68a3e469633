/** The runner is killed while programs print, others compile or wait for a sandbox, and people type. */
import { expect, test } from 'vitest';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { eventually } from './harness/eventually.ts';
import { LOST_CONNECTION } from './harness/person.ts';
import { expectNoContainers, expectPoolOnly, runnerOf } from './harness/sandboxes.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';

const KILLS = 4;
/** What a room may have going at once: more than sandboxes wait, so that some wait for theirs. */
const RUNS = 4;
const WORDS = 12;

describeWithSandbox('kill -9 of the runner', () => {
  const world = useWorld();

  test('[A39] [INV9] in mid-run: each run ends with a reason, nothing is left, and the next run works', async () => {
    const { server } = world;
    const person = await world.person('Ada', TALL);
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus', 'Hana']);
    const { page } = scene.host;
    await scene.createFile('endless.py', ENDLESS);
    await scene.createFile('built.go', 'package main\nfunc main() { for { println("tick") } }\n');

    let waited = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      await server.sandboxReady('python');
      const typing = scene.type(WORDS);
      const before = scene.ends.length;
      const last = kill % 2 === 0 ? 'built.go' : 'endless.py';
      const starts = ['endless.py', 'endless.py', 'endless.py', last].map((path) => scene.start(path));
      expect(await Promise.all(starts)).toEqual(new Array(RUNS).fill(null));
      await scene.untilPrinting(1);
      const runner = await runnerOf(server);
      waited += scene.going('queued') + scene.going('compiling');
      process.kill(runner.pid, 'SIGKILL');
      await runner.expectNothingLeft();

      await eventually('the runs have ended', () => scene.ends.slice(before).every((end) => end !== null));
      for (const end of scene.ends.slice(before)) {
        expect(end).toMatchObject({ reason: 'infrastructure', exitCode: null, signal: null });
      }
      await page.ended('Sandbox lost').waitFor();
      await page.output.getByText('The sandbox was lost. Run it again.').waitFor();
      await typing;
    }
    expect(waited, 'runs that waited or compiled when the runner was killed').toBeGreaterThan(0);

    await server.sandboxReady('python');
    await page.page.getByRole('button', { name: 'Sandbox: Ready' }).waitFor();
    expect(await scene.start('endless.py')).toBeNull();
    await scene.untilPrinting(1);
    await page.output.getByText('tick 3').first().waitFor();
    await page.stop.click();
    await page.ended('Stopped').waitFor();
    await expect.poll(() => scene.ends.at(-1)).toMatchObject({ reason: 'stopped' });

    const log = await scene.expectAllWell();
    const started = log.events.filter(({ body }) => body.kind === 'run.started');
    expect(started).toHaveLength(KILLS * RUNS + 1);
    await expectPoolOnly(server);
    const { instance } = server;
    expect(await server.stop()).toBe(0);
    await expectNoContainers(instance);
  }, 400_000);
});

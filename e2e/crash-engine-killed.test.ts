/**
 * The container engine hangs or is killed in mid-run; the product uses it again when it goes on, starts it again by
 * itself, or says that it cannot.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './harness/chromium.ts';
import { CrashScene, ENDLESS, TALL } from './harness/crash-scene.ts';
import { eventually } from './harness/eventually.ts';
import { OWN_MACHINE, OwnEngine } from './harness/own-engine.ts';
import { LOST_CONNECTION, Person } from './harness/person.ts';
import { inWords, lives, treeOf } from './harness/processes.ts';
import { containersOf, expectPoolOnly } from './harness/sandboxes.ts';
import { Server } from './harness/server.ts';
import { describeWithSandboxAnd } from './harness/world.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

const WORDS = 10;
/** An engine that hangs is given time to answer before anything is given up. */
const LOST_WITHIN_MS = 60_000;
/** Two tries to start an engine, and the sandbox's check of itself. */
const READY_WITHIN_MS = 90_000;

describeWithSandboxAnd(OWN_MACHINE)('the container engine', () => {
  let engine: OwnEngine;
  let server: Server;
  let browser: Awaited<ReturnType<typeof launchChromium>>;

  beforeAll(async () => {
    [engine, browser] = await Promise.all([OwnEngine.prepare(), launchChromium()]);
    server = await Server.start({ by: engine.by, env: { DOCKER_HOST: '' } });
    await server.sandboxReady('python');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
    await engine?.dispose();
  });

  /** A try that began before may still fail. */
  function untilReadyAgain(): Promise<void> {
    return eventually(
      'it is ready again',
      async () => (await server.sandbox())?.state === 'ready',
      undefined,
      READY_WITHIN_MS,
    );
  }

  async function expectRunsAgain(scene: CrashScene): Promise<void> {
    const { page } = scene.host;
    expect(await scene.start('endless.py')).toBeNull();
    await scene.untilPrinting(1);
    await page.stop.click();
    await page.ended('Stopped').waitFor();
    await page.focusEditor();
    await expectPoolOnly(server, engine.host);
  }

  test('[A38] hangs in mid-run: runs end, typing goes on, and when it goes on it is used again', async ({
    onTestFailed,
  }) => {
    onTestFailed(() => console.log(server.output));
    const person = await Person.arrive(browser, server.url, 'Ada', TALL);
    await person.introduce();
    const scene = await CrashScene.begin(server, person, ['Gus', 'Hana']);
    const { page } = scene.host;
    const sandbox = (words: string) => page.page.getByRole('button', { name: `Sandbox: ${words}` });
    await scene.createFile('endless.py', ENDLESS);
    for (let i = 0; i < 2; i++) expect(await scene.start('endless.py')).toBeNull();
    await scene.untilPrinting(2);
    const programs = await engine.containerPids();
    const { pid } = engine;

    engine.hang();
    const hungAt = performance.now();
    const typing = scene.type(WORDS);
    await eventually(
      'the runs have ended',
      () => scene.ends.every((end) => end !== null),
      () => scene.ends.length,
      LOST_WITHIN_MS,
    );
    console.log(`given up ${Math.round(performance.now() - hungAt)} ms after it hung`);
    for (const end of scene.ends) expect(end).toMatchObject({ reason: 'infrastructure', exitCode: null });
    await page.ended('Sandbox lost').waitFor();
    await sandbox('Sandbox starting').waitFor();
    await typing;
    expect(await scene.start('endless.py')).not.toBeNull();
    await scene.type(WORDS);

    engine.goOn();
    await server.sandboxReady('python');
    expect(engine.pid).toBe(pid);
    await eventually(
      'nothing of before is left',
      () => programs.every((one) => !lives(one)),
      () => programs.filter(lives).join(),
    );
    await expectRunsAgain(scene);
    await scene.expectAllWell();
    await person.leave();
    expect(person.troubles, 'errors in the page').toEqual([]);
  }, 400_000);

  test('[A38] killed under a terminal: it says so and what to do, typing goes on, and one click has all of it again', async ({
    onTestFailed,
  }) => {
    onTestFailed(() => console.log(server.output));
    const person = await Person.arrive(browser, server.url, 'Ada', TALL);
    await person.introduce();
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus']);
    const { page } = scene.host;
    const pane = new TerminalPane(page);
    const again = pane.note.getByRole('button', { name: 'Start again' });
    await pane.show();
    await pane.open();
    await pane.enter('echo of the terminal > kept.txt');
    await page.files.getByText('kept.txt').waitFor();
    await page.focusEditor();

    await engine.kill({ keepAway: true });
    await pane.note.getByText(/engine has ended\. The files .*are safe\. Start it again\./).waitFor();
    await pane.until(/engine has\s+ended\./);
    await scene.type(WORDS);
    await page.page.getByRole('button', { name: /^Sandbox: Runs are off$/ }).waitFor();
    await again.click();
    await pane.note.getByText('The container engine could not be started').waitFor();
    await pane.until(/The container engine could\s+not be started/);
    await page.focusEditor();
    await scene.type(WORDS);

    engine.letBack();
    await untilReadyAgain();
    await again.click();
    await pane.until(/\$ $/m);
    await pane.enter('cat kept.txt; wc -l < main.py');
    await pane.until(/of the terminal\n\d+\n/);
    await page.focusEditor();
    await scene.type(WORDS);
    await scene.expectAllWell();
    await person.leave();
    expect(person.troubles, 'errors in the page').toEqual([]);
  }, 400_000);

  test('[A38] killed with -9 in mid-run: runs end, typing goes on, it comes back by itself, and else the page says why not', async ({
    onTestFailed,
  }) => {
    onTestFailed(() => console.log(server.output));
    const person = await Person.arrive(browser, server.url, 'Ada', TALL);
    onTestFailed(async () => {
      if (!person.page.isClosed())
        console.log(person.troubles, await person.page.locator('body').textContent());
    });
    await person.introduce();
    person.expectTrouble(LOST_CONNECTION);
    const scene = await CrashScene.begin(server, person, ['Gus', 'Hana']);
    const { page } = scene.host;
    const sandbox = (words: RegExp) => page.page.getByRole('button', { name: words });
    await scene.createFile('endless.py', ENDLESS);

    for (const keepAway of [false, true]) {
      const before = scene.ends.length;
      for (let i = 0; i < 2; i++) expect(await scene.start('endless.py')).toBeNull();
      await scene.untilPrinting(2);
      const programs = await engine.containerPids();
      expect(programs.length).toBeGreaterThanOrEqual(2);
      const told = sandbox(/^Sandbox: (Sandbox starting|Runs are off)$/).waitFor();
      const typing = scene.type(WORDS);
      const killed = engine.pid;
      await engine.kill({ keepAway });
      const killedAt = performance.now();
      await told;
      await eventually('the runs have ended', () => scene.ends.slice(before).every((end) => end !== null));
      for (const end of scene.ends.slice(before)) {
        expect(end).toMatchObject({ reason: 'infrastructure', exitCode: null });
      }
      await page.ended('Sandbox lost').waitFor();
      await typing;
      if (keepAway) {
        await sandbox(/^Sandbox: Runs are off$/).click();
        await page.page.getByText('The container engine could not be started').first().waitFor();
        await page.press('Escape');
        expect(await scene.start('endless.py')).toMatchObject({ code: 'run.unavailable' });
        await page.focusEditor();
        await scene.type(WORDS);
        engine.letBack();
        await untilReadyAgain();
      }
      await server.sandboxReady('python');
      // Without their engine they end at their own limits; an engine that is back has them ended at once.
      await eventually(
        'nothing of before is left',
        () => programs.every((pid) => !lives(pid)),
        () => programs.filter(lives).join(),
      );
      console.log(`ready again ${Math.round(performance.now() - killedAt)} ms after the kill`);
      expect(engine.pid).not.toBe(killed);
      await sandbox(/^Sandbox: Ready$/).waitFor();
      await expectRunsAgain(scene);
    }

    await scene.expectAllWell();
    await person.leave();
    expect(person.troubles, 'errors in the page').toEqual([]);
    expect(await containersOf(server.instance, engine.host)).not.toEqual([]);
    const programs = await engine.containerPids();
    // What the server started it stops: also an engine that it started a second time.
    expect(await server.stop()).toBe(0);
    await eventually(
      'nothing runs there',
      () => engine.processes().length === 0,
      () => engine.processes().flatMap(treeOf).map(inWords).join('\n'),
    );
    expect(programs.filter(lives)).toEqual([]);
  }, 400_000);
});

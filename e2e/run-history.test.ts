import { LIMITS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { faultsAtEachWidth, resize } from './harness/layout.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** Runs `code`, and resolves when the page says how that ended. */
async function runCode(at: RoomPage, code: string, end: string): Promise<void> {
  await at.replaceText(code);
  await at.run.click();
  await at.ended(end).waitFor();
}

async function openHistory({ outputPanel, page }: RoomPage) {
  await outputPanel.getByRole('button', { name: 'Run history' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run history' });
  await dialog.waitFor();
  const rows = dialog.getByRole('list', { name: 'Runs' }).getByRole('button', { name: /main\.py/ });
  return { dialog, rows };
}

describeWithSandbox('the history of runs', () => {
  const world = useSharedSandbox();

  test('an old run stands beside the code that it ran, is searched for, compared with now, and run again', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await runCode(hers, 'print("first apple")\n', 'Exit 0');
    await runCode(hers, 'raise SystemExit("second pear")\n', 'Exit 1');
    await runCode(theirs, 'print("third apple")\n', 'Exit 0');

    const { dialog, rows } = await openHistory(hers);
    await expect.poll(() => rows.count()).toBe(3);
    await rows.last().click();
    const code = dialog.getByRole('region', { name: 'The code that it ran' });
    await code.getByText('print("first apple")').waitFor();
    await dialog.getByRole('log', { name: 'Output' }).getByText('first apple', { exact: true }).waitFor();
    expect(await violations(hers.page)).toEqual([]);
    expect(await faultsAtEachWidth(hers.page, 'the history')).toEqual([]);
    await resize(hers.page, { width: 1280, height: 800 });
    await code.getByRole('button', { name: 'Compare with now' }).click();
    await code.getByText('print("third apple")').waitFor();

    const search = dialog.getByRole('searchbox', { name: 'Search the runs' });
    for (const [words, count] of [
      ['apple', 2],
      ['apple grace', 1],
      ['"exit 1"', 1],
      ['main.py', 3],
      ['banana', 0],
    ] as const) {
      await search.fill(words);
      await expect.poll(async () => [words, await rows.count()]).toEqual([words, count]);
    }
    await dialog.getByText('No run has all of this.').waitFor();
    await search.fill('');
    await hers.choose('Result', 'Failed');
    await expect.poll(() => rows.count()).toBe(1);
    await dialog.getByRole('log', { name: 'Output' }).getByText('second pear').waitFor();

    await dialog.getByRole('button', { name: 'Run again' }).click();
    await dialog.waitFor({ state: 'detached' });
    await hers.output.getByText('third apple').waitFor();
    await expect.poll(() => witness.runs.length).toBe(4);
  });

  test('a comparison is left before it is made', async () => {
    const linus = await world.person('Linus');
    // As long as no worker hears of it, no comparison can be made.
    await linus.page.addInitScript(() => {
      const { postMessage } = Worker.prototype;
      const held: (() => void)[] = [];
      Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
        held.push(() => Reflect.apply(postMessage, this, message));
      };
      addEventListener('workers may hear', () => {
        Worker.prototype.postMessage = postMessage;
        for (const post of held) post();
      });
    });
    const room = await RoomPage.open(linus, await linus.createRoom('python'));
    await runCode(room, 'print("then")\n', 'Exit 0');
    await room.replaceText('print("now")\n');
    const { dialog, rows } = await openHistory(room);
    await rows.first().click();
    const code = dialog.getByRole('region', { name: 'The code that it ran' });
    const compare = code.getByRole('button', { name: 'Compare with now' });
    await compare.click();
    await code.getByText('print("now")').waitFor();
    await code.getByRole('button', { name: 'Show it alone' }).click();
    await code.getByText('print("now")').waitFor({ state: 'detached' });
    await linus.page.evaluate(() => dispatchEvent(new Event('workers may hear')));
    // The next comparison is made by the same worker, after the one before.
    await compare.click();
    await code.locator('.line-insert, .char-insert').first().waitFor();
  });

  test('goes back beyond what the room keeps: the first run, its output and its code', async () => {
    const { ada, hers, id } = await twoInARoom(world);
    await hers.replaceText('print("run number one")\n');
    await hers.untilSaved();
    // Somebody new starts the runs: a participant has so many a minute, and the regulars run a lot in other tests.
    const linus = await world.person('Linus');
    const [, secret] = (await ada.link(id, 'editor')).split('#');
    const witness = await linus.witness(id, secret);
    const entry = witness.fileId('main.py');
    for (let n = 0; n <= LIMITS.runsPerPage; n++) {
      if (n === 1) {
        await hers.replaceText('print("another")\n');
        await hers.untilSaved();
      }
      const before = witness.runs.at(-1)?.id;
      expect(await witness.send({ kind: 'run.start', entry })).toBeNull();
      await expect
        .poll(() => witness.runs.at(-1)?.id !== before && witness.runs.at(-1)?.end)
        .toMatchObject({ exitCode: 0 });
    }
    const { dialog, rows } = await openHistory(hers);
    await expect.poll(() => rows.count()).toBe(LIMITS.runsPerPage);
    await dialog.getByRole('button', { name: 'Show older runs' }).click();
    await expect.poll(() => rows.count()).toBe(LIMITS.runsPerPage + 1);
    const search = dialog.getByRole('searchbox', { name: 'Search the runs' });
    await search.fill('"run NUMBER one"');
    await dialog.getByText('Searching what older runs printed…').waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await dialog.getByRole('log', { name: 'Output' }).getByText('run number one').waitFor();
    await search.fill('');
    await expect.poll(() => rows.count()).toBe(LIMITS.runsPerPage + 1);
    await rows.last().click();
    await dialog.getByRole('log', { name: 'Output' }).getByText('run number one').waitFor();
    const code = dialog.getByRole('region', { name: 'The code that it ran' });
    await code.getByText('print("run number one")').waitFor();
    await resize(hers.page, { width: 390, height: 844 });
    await dialog.getByRole('button', { name: 'Back to the runs' }).click();
    await expect.poll(() => rows.count()).toBe(LIMITS.runsPerPage + 1);
    await resize(hers.page, { width: 1280, height: 800 });
  });
});

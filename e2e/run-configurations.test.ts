import fs from 'node:fs/promises';
import { expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { faultsAtEachWidth, resize } from './harness/layout.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const TELLS_WHAT_IT_WAS_GIVEN =
  'import os, sys\nprint("args", sys.argv[1:])\nprint("mode", os.environ.get("MODE"))\nprint("sum", sum(map(int, sys.stdin)))\n';

const runMenu = ({ page }: RoomPage) =>
  page.getByRole('button', { name: /^(Entry file|Run configuration): / });

async function openConfigurations(at: RoomPage) {
  await runMenu(at).click();
  await at.page.getByRole('menuitem', { name: /onfigurations…$/ }).click();
  const dialog = at.page.getByRole('dialog', { name: 'Run configurations' });
  await dialog.waitFor();
  return dialog;
}

describeWithSandbox('run configurations', () => {
  const world = useSharedSandbox();

  test('one makes a configuration, the other runs it: arguments, variables, a file as its input', async () => {
    const { ada, id, hers, theirs, witness } = await twoInARoom(world);
    await hers.replaceText(TELLS_WHAT_IT_WAS_GIVEN);
    await hers.createFile('numbers.txt');
    await hers.replaceText('20\n22\n');
    await hers.untilSaved();

    const dialog = await openConfigurations(hers);
    await dialog.getByRole('button', { name: 'New configuration' }).click();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Sums');
    await dialog.getByRole('textbox', { name: 'Arguments' }).fill("--fast 'two words");
    await dialog.getByText("A quote is still open. Close it with '.").waitFor();
    await dialog.getByRole('textbox', { name: 'Arguments' }).fill("--fast 'two words'");
    await dialog.getByRole('button', { name: 'Add a variable' }).click();
    await dialog.getByRole('textbox', { name: 'Name of variable 1' }).fill('1MODE');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The name of a variable has letters, digits').waitFor();
    await dialog.getByRole('textbox', { name: 'Name of variable 1' }).fill('MODE');
    await dialog.getByRole('textbox', { name: 'Value of variable 1' }).fill('test');
    await hers.choose('Input', 'numbers.txt');
    expect(await violations(hers.page)).toEqual([]);
    expect(await faultsAtEachWidth(hers.page, 'a configuration')).toEqual([]);
    await resize(hers.page, { width: 1280, height: 800 });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Always run it' }).click();
    await dialog.getByRole('button', { name: 'Unpin' }).waitFor();
    await hers.press('Escape');

    await theirs.page.getByRole('button', { name: 'Run configuration: Sums, pinned' }).waitFor();
    await theirs.run.click();
    for (const { output } of [hers, theirs]) {
      await output.getByText("args ['--fast', 'two words']").waitFor();
      await output.getByText('mode test').waitFor();
      await output.getByText('sum 42').waitFor();
      await output
        .getByText("by “Sums” with --fast 'two words' where MODE=test reading numbers.txt")
        .waitFor();
    }
    await expect
      .poll(() => witness.runs.at(-1))
      .toMatchObject({
        configuration: { name: 'Sums' },
        args: ['--fast', 'two words'],
        env: [{ name: 'MODE', value: 'test' }],
      });

    const linus = await RoomPage.open(await world.regular('Linus'), await ada.link(id, 'viewer'));
    const seen = await openConfigurations(linus);
    await seen.getByRole('textbox', { name: 'Arguments' }).waitFor();
    expect(await seen.getByRole('textbox', { name: 'Arguments' }).isDisabled()).toBe(true);
    expect(await seen.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });

  test('a configuration follows its file, says when that is deleted, and is duplicated and deleted', async () => {
    const { hers, theirs } = await twoInARoom(world);
    const dialog = await openConfigurations(hers);
    await dialog.getByRole('button', { name: 'New configuration' }).click();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Plain');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Duplicate' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Plain 2' }).waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Plain 2' }).waitFor({ state: 'detached' });
    await hers.press('Escape');

    await hers.file('main.py').focus();
    await hers.press('F2');
    await hers.page.getByRole('textbox', { name: 'New name of main.py' }).fill('app.py');
    await hers.press('Enter');
    await runMenu(theirs).click();
    await theirs.page.getByRole('menuitem', { name: 'Plain app.py' }).click();
    await theirs.ended('Exit 0').waitFor();
    await hers.output.getByText('ran app.py by “Plain”').waitFor();

    await hers.command('Delete app.py…');
    await hers.page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await runMenu(theirs).click();
    const gone = theirs.page.getByRole('menuitem', { name: /^Plain The file that it runs was deleted/ });
    await gone.waitFor();
    expect(await gone.getAttribute('aria-disabled')).toBe('true');
  });

  test('output is found in, copied, saved, and cleared for oneself alone', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('for n in range(1000):\n    print("line", n)\n');
    await hers.run.click();
    for (const page of [hers, theirs]) await page.ended('Exit 0').waitFor();
    await hers.outputPanel.getByRole('button', { name: 'Find in the output' }).click();
    const field = hers.page.getByRole('textbox', { name: 'Find in the output' });
    await field.fill('LINE 50');
    await hers.outputPanel.getByText('1 of 11').waitFor();
    const current = hers.output.locator('[data-found="current"]');
    await expect
      .poll(() => current.evaluate(({ parentElement }) => parentElement?.textContent))
      .toBe('line 50');
    await field.press('Enter');
    await hers.outputPanel.getByText('2 of 11').waitFor();
    await expect
      .poll(() => current.evaluate(({ parentElement }) => parentElement?.textContent))
      .toBe('line 500');
    await expect
      .poll(() => current.evaluate((mark) => mark.getBoundingClientRect().top < innerHeight))
      .toBe(true);
    await field.press('Escape');
    expect(await current.count()).toBe(0);

    const [download] = await Promise.all([
      hers.page.waitForEvent('download'),
      hers.outputPanel.getByRole('button', { name: 'Save the output as a file' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^main\.py\..+\.txt$/);
    const saved = await fs.readFile(await download.path(), 'utf8');
    expect(saved).toBe(Array.from({ length: 1000 }, (_, n) => `line ${n}\n`).join(''));

    await hers.outputPanel.getByRole('button', { name: 'Clear my view' }).click();
    await hers.output.getByText('line 999').waitFor({ state: 'detached' });
    expect(await theirs.output.getByText('line 999').count()).toBe(1);
  });
});

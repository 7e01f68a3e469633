/** A program prints what would make a terminal write to the clipboard, rename its window, or type an answer. */
import { expect, test } from 'vitest';
import type { Person } from './harness/person.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** In the clipboard before, and still after. */
const OWN = 'copied by hand';
const STOLEN = 'stolen';

/** Control strings with both of their ends, after both of their beginnings; `\x9d` and `\x90` are single characters. */
const SEQUENCES = {
  'clipboard write': [
    String.raw`\x1b]52;c;${btoa(STOLEN)}\x07`,
    String.raw`\x1b]52;c;${btoa(STOLEN)}\x1b\\`,
    String.raw`\x9d52;p;${btoa(STOLEN)}\x9c`,
    String.raw`\x1bPtmux;\x1b\x1b]52;c;${btoa(STOLEN)}\x07\x1b\\`,
  ],
  'clipboard read': [String.raw`\x1b]52;c;?\x07`, String.raw`\x1b]52;p;?\x1b\\`],
  'title, and its report': [
    String.raw`\x1b]0;${STOLEN}\x07`,
    String.raw`\x1b]2;${STOLEN}\x1b\\`,
    String.raw`\x1bk${STOLEN}\x1b\\`,
    String.raw`\x1b[22;0t\x1b[21t\x1b[20t`,
  ],
  'device queries': [
    String.raw`\x05\x1b[c\x1b[>c\x1b[=c\x1bZ\x9bc`,
    String.raw`\x1b[5n\x1b[6n\x1b[?6n\x1b[?15n`,
    String.raw`\x1b[18t\x1b[14t\x1b[?2026$p\x1b[?u`,
    String.raw`\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x1b\\`,
    String.raw`\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\\x90$qm\x9c`,
  ],
  'links to scripts': [
    String.raw`\x1b]8;;javascript:document.title='${STOLEN}'\x07press me\x1b]8;;\x07`,
    String.raw`\x1b]8;id=1;data:text/html,<script>1</script>\x1b\\press me\x1b]8;;\x1b\\`,
    `javascript:document.title='${STOLEN}'`,
  ],
} as const;

const PROGRAM = [
  'import sys',
  ...Object.entries(SEQUENCES).flatMap(([name, sequences]) => [
    ...sequences.map((sequence) => `print("${sequence.replaceAll('"', String.raw`\"`)}")`),
    `print("past the ${name}")`,
  ]),
  'print("see https://example.org/safe and answer:", flush=True)',
  'print("read", repr(sys.stdin.readline()))',
  '',
].join('\n');

describeWithSandbox('a program that talks to a terminal', () => {
  const world = useSharedSandbox();

  test('[A9] [A10] the pages of all who watch keep their clipboard and title, answer nothing, and link to no script', async () => {
    const [ada, grace] = await Promise.all([world.person('Ada'), world.person('Grace')]);
    const id = await ada.createRoom('python');
    const hers = await RoomPage.open(ada, id);
    const theirs = await RoomPage.open(grace, await ada.link(id, 'viewer'));
    const witness = await ada.witness(id);
    await hers.replaceText(PROGRAM);
    await Promise.all([ada, grace].map(copyByHand));
    const titles = await Promise.all([hers, theirs].map(({ page }) => page.title()));

    await hers.run.click();
    for (const { output } of [hers, theirs]) await output.getByText('and answer:').waitFor();
    // What answers does so before it draws on: by now an answer is on its way, ahead of what is typed.
    const input = hers.page.getByRole('textbox', { name: 'Input for main.py' });
    await input.fill('by hand');
    await input.press('Enter');
    for (const page of [hers, theirs]) await page.ended('Exit 0').waitFor();

    for (const { output } of [hers, theirs]) {
      await output.getByText(String.raw`read 'by hand\n'`).waitFor();
      for (const name of Object.keys(SEQUENCES))
        expect(await output.textContent()).toContain(`past the ${name}`);
      expect(
        await output.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      ).toEqual(['https://example.org/safe']);
      await output.getByText('press me').first().click();
    }
    const typed = witness.heard.flatMap(({ body }) => (body.kind === 'run.input' ? [body.text] : []));
    expect(typed).toEqual(['by hand\n']);
    expect(await Promise.all([hers, theirs].map(({ page }) => page.title()))).toEqual(titles);
    for (const { page } of [hers, theirs])
      expect(await page.locator('a[href^="javascript:" i], a[href^="data:" i]').count()).toBe(0);
    for (const person of [ada, grace]) expect(await clipboardOf(person)).toBe(OWN);
  });
});

/** Lets the page use the clipboard, as somebody may have done who was once asked. */
async function copyByHand({ context, page }: Person): Promise<void> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.bringToFront();
  await page.evaluate((text) => navigator.clipboard.writeText(text), OWN);
}

async function clipboardOf({ page }: Person): Promise<string> {
  await page.bringToFront();
  return page.evaluate(() => navigator.clipboard.readText());
}

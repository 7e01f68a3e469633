/** What peers type is on the screen by a data channel of WebRTC before the server, which is far away, has heard of it. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharedChromium } from './harness/chromium.ts';
import { eventually, PATIENCE_MS } from './harness/eventually.ts';
import { Scenes } from './harness/scenes.ts';
import { describeInBrowser } from './harness/world.ts';

/** One way, in milliseconds: a key is in the log after one, and with the others after two. */
const WAY_MS = 3_000;

/** What apps/web/test/harness/peers.tsx leaves in the page. */
type Peers = {
  readonly peers: { readonly texts: () => readonly string[]; readonly kept: () => readonly string[] };
};

describeInBrowser('two people with a data channel between them', () => {
  let page: Page;

  beforeEach(async () => {
    const scenes = await Scenes.serve();
    const context = await (await sharedChromium()).newContext({ viewport: { width: 1200, height: 800 } });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(scenes.peers(WAY_MS));
    await page.locator('body[data-connected]').waitFor();
    await side('Grace').locator('.view-line', { hasText: 'print' }).waitFor();
  });
  afterEach(() => page.context().close());

  const side = (name: string) => page.getByRole('region', { name });
  const code = (name: string) => side(name).locator('.view-lines');
  const marked = async (name: string) => {
    const pieces = await side(name).locator('.previewed-text').allTextContents();
    return pieces.join('').replaceAll('\u00a0', ' ');
  };
  const texts = () => page.evaluate(() => (globalThis as unknown as Peers).peers.texts());
  const kept = () => page.evaluate(() => (globalThis as unknown as Peers).peers.kept());
  const write = async (name: string, ...keys: readonly string[]) => {
    await code(name).click();
    for (const key of keys) {
      if (key.length > 1 && /^(Control|Arrow|Home|End|Backspace)/.test(key)) await page.keyboard.press(key);
      else await page.keyboard.type(key);
    }
  };
  /** The log has all, and so has everybody, and nothing is marked any more. */
  const settled = async (expected: string) => {
    let seen: readonly unknown[] = [];
    await eventually(
      'one text, saved, and nothing marked',
      async () => {
        const saves = await page.locator('section').evaluateAll((all) => all.map((one) => one.dataset.save));
        seen = [...(await texts()), await marked('Ada'), await marked('Grace'), ...saves];
        const wanted = [expected, expected, expected, '', '', 'saved', 'saved'];
        return wanted.every((each, i) => each === seen[i]);
      },
      () => JSON.stringify(seen),
    );
  };

  test('a key is there and marked while its author waits for the log, and stays when the log has it', async () => {
    await write('Ada', 'Control+End', 'hello');
    await code('Grace').getByText('hello').waitFor({ timeout: WAY_MS });
    const [, grace, server] = await texts();
    expect([grace, server]).toEqual(['# two people\nprint()\nhello', '# two people\nprint()\n']);
    expect(await marked('Grace')).toBe('hello');
    expect(await marked('Ada')).toBe('');
    expect(await side('Ada').getAttribute('data-save')).toBe('sent');
    expect((await kept())[1]).toBe('# two people\nprint()\n');
    await settled('# two people\nprint()\nhello');
  });

  test('what is typed into it and deleted of it by another arrives, and all have one text', async () => {
    await write('Ada', 'Control+End', 'hello world');
    await code('Grace').getByText('hello world').waitFor({ timeout: WAY_MS });
    // Two letters of what only Ada has, and a word before it.
    await write('Grace', 'Control+End', 'Backspace', 'Backspace', 'Control+Home', 'now ');
    expect((await texts())[1]).toBe('now # two people\nprint()\nhello wor');
    expect((await kept())[1]).toBe('now # two people\nprint()\n');
    expect(await side('Grace').getAttribute('data-save')).toBe('sent');
    await settled('now # two people\nprint()\nhello wor');
    await write('Grace', 'Control+z');
    await settled('now # two people\nprint()\nhello world');
  });

  test('both type at once and see each other', async () => {
    await write('Ada', 'Control+Home', 'ada ');
    await write('Grace', 'Control+End', 'grace');
    await code('Ada').getByText('grace').waitFor({ timeout: WAY_MS });
    const [ada, grace, server] = await texts();
    expect([ada, grace]).toEqual(Array(2).fill('ada # two people\nprint()\ngrace'));
    expect(server).not.toContain('grace');
    await settled('ada # two people\nprint()\ngrace');
  });
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, describeWithSandbox, useSharedSandbox, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const KEYS = 'Shift+Alt+F';

const untilSaid = (page: Page, words: string | RegExp) => page.getByRole('status').getByText(words).waitFor();

/** Holds back what the page gives to its formatter, until the function that this resolves to is called. */
async function heldFormatter(page: Page): Promise<() => Promise<void>> {
  const gate = await page.evaluateHandle(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    globalThis.Worker = class extends Worker {
      override postMessage(message: unknown): void {
        void promise.then(() => super.postMessage(message));
      }
    };
    return { open: resolve };
  });
  return () => gate.evaluate(({ open }) => open());
}

describeInBrowser('formatting in the page', () => {
  const world = useSharedWorld();

  test('is merged with what both type meanwhile, and taken back in one step', async () => {
    const { hers, theirs, witness } = await twoInARoom({ regular: world.person }, 'javascript');
    const release = await heldFormatter(hers.page);
    await hers.replaceText("const a = {b:'c'}\n\n\n\nconst d   =  [1,2]\n");
    await theirs.untilShown('const d   =  [1,2]');
    await hers.press(KEYS);
    await untilSaid(hers.page, 'Formatting main.js…');
    await theirs.typeAtEnd('// of Grace');
    await hers.untilShown('// of Grace');
    await hers.typeAtStart('// of Ada;  \n');
    await theirs.untilShown('// of Ada');
    await release();
    await untilSaid(hers.page, 'Formatted main.js.');
    const formatted = '// of Ada;  \nconst a = { b: "c" };\n\nconst d = [1, 2];\n// of Grace';
    for (const each of [hers, theirs]) await each.untilShown((text) => text === formatted);
    await witness.untilText('main.js', (text) => text === formatted);

    await theirs.typeAtEnd(' again');
    await hers.untilShown('// of Grace again');
    await hers.focusEditor();
    await hers.press('Control+z');
    const before = "// of Ada;  \nconst a = {b:'c'}\n\n\n\nconst d   =  [1,2]\n// of Grace again";
    for (const each of [hers, theirs]) await each.untilShown((text) => text === before);
    await witness.untilText('main.js', (text) => text === before);
  });

  test('says which line cannot be read, and changes nothing', async () => {
    const ada = await world.regular('Ada');
    const room = await RoomPage.open(ada, await ada.createRoom('javascript'));
    const witness = await ada.witness(room.id);
    const odd = 'const a = 1;\nconst = =\n';
    await room.replaceText(odd);
    await room.press(KEYS);
    await untilSaid(
      room.page,
      /^main\.js: The formatter could not read line 2: “.+”\. Mend it, then format again\.$/,
    );
    await room.untilSaved();
    expect(witness.text('main.js')).toBe(odd);
  });

  test('is done on Ctrl+S by whoever has set that, and by nobody else', async () => {
    const { hers, theirs, witness } = await twoInARoom({ regular: world.person }, 'javascript');
    await hers.command('Settings…');
    await hers.choose('Format on save', 'On');
    await hers.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await theirs.replaceText('let a=1\n');
    await theirs.press('Control+s');
    await untilSaid(theirs.page, 'Everything you typed is in the room’s database.');
    await hers.untilShown((text) => text === 'let a=1\n');
    await hers.focusEditor();
    await hers.press('Control+s');
    await witness.untilText('main.js', (text) => text === 'let a = 1;\n');
    // Had a formatter been at work for Grace, it would have left nothing for Ada’s.
    const edits = witness.heard.filter(({ body }) => body.kind === 'edit');
    expect(edits.at(-1)!.actor).not.toBe(edits.at(-2)!.actor);
  });
});

describeWithSandbox('formatting in a sandbox', () => {
  const world = useSharedSandbox();

  test('is merged with what the other types, leaves no run behind, and says which line cannot be read', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.replaceText("x = {  'a':1 }  # of\n\n\n\ny   = 2\n");
    await theirs.untilShown('y   = 2');
    // Where the formatter changes nothing: at a place where both write at once, either may come first.
    await theirs.focusEditor();
    await theirs.press('Control+Home');
    await theirs.press('End');
    await Promise.all([hers.press(KEYS), theirs.type('-Grace')]);
    await untilSaid(hers.page, 'Formatted main.py.');
    await witness.untilText('main.py', (text) => text === 'x = {"a": 1}  # of-Grace\n\n\ny = 2\n');
    const saved = witness.text('main.py');
    for (const each of [hers, theirs]) await each.untilShown((text) => text === saved);
    expect(witness.heard.filter(({ body }) => body.kind.startsWith('run.'))).toEqual([]);

    await hers.replaceText('a = 1\nb = = 2\n');
    await hers.press(KEYS);
    await untilSaid(
      hers.page,
      /^main\.py: The formatter could not read line 2: “.+”\. Mend it, then format again\.$/,
    );
  });
});

import { expect, test } from 'vitest';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';

describeInBrowser('undo', () => {
  const world = useSharedWorld();

  async function twoInAFile() {
    const room = await twoInARoom(world);
    await room.theirs.replaceText('middle\n');
    await room.hers.untilShown((text) => text === 'middle\n');
    return room;
  }

  test('[INV7] takes back my own last step, and leaves what others typed since', async () => {
    const { hers, theirs, witness } = await twoInAFile();
    await hers.typeAtStart('ada ');
    await theirs.untilShown('ada middle');
    await theirs.typeAtEnd('grace');
    await hers.untilShown(/ada middle\ngrace/);

    await hers.press('Control+z');
    await theirs.untilShown((text) => text === 'middle\ngrace');
    await hers.press('Control+Shift+z');
    await theirs.untilShown((text) => text === 'ada middle\ngrace');

    await theirs.press('Control+z');
    await hers.untilShown((text) => text === 'ada middle\n');
    await witness.untilText('main.py', (text) => text === 'ada middle\n');
  });

  test('of what someone else deleted meanwhile brings nothing back that is theirs to decide', async () => {
    const { hers, theirs, witness } = await twoInAFile();
    await hers.typeAtStart('gone ');
    await theirs.untilShown('gone middle');
    await theirs.focusEditor();
    await theirs.press('Control+a', 'Delete');
    await hers.untilShown((text) => text === '');
    await hers.focusEditor();
    await hers.press('Control+z');
    // What the undo has done is saved when what is typed after it is.
    await hers.type('z');
    await witness.untilText('main.py', (text) => text.includes('z'));
    expect(witness.text('main.py')).toBe('z');
  });

  test('[INV7] brings nothing back that someone else took away: of a replacement, a move, and one of many places', async () => {
    const { hers, theirs, witness } = await twoInAFile();
    const both = (text: string) =>
      Promise.all([hers.untilShown((shown) => shown === text), theirs.untilShown((shown) => shown === text)]);
    /** What the undo has done is in the log when what is typed after it is. */
    const undoes = async (left: string) => {
      await hers.press('Control+z', 'Control+Home');
      await hers.type('z');
      await witness.untilText('main.py', (text) => text.startsWith('z'));
      expect(witness.text('main.py')).toBe(`z${left}`);
    };

    await hers.focusEditor();
    await hers.press('Control+Home', 'Control+Shift+ArrowRight');
    await hers.type('new');
    await theirs.untilShown((text) => text === 'new\n');
    await theirs.replaceText('bob');
    await both('bob');
    await undoes('bob');

    await theirs.replaceText('one\ntwo\nthree\n');
    await both('one\ntwo\nthree\n');
    await hers.press('Control+Home', 'Alt+ArrowDown');
    await both('two\none\nthree\n');
    await theirs.press('Control+Home', 'Control+Shift+k');
    await both('one\nthree\n');
    await undoes('one\nthree\n');

    await theirs.replaceText('(v)\n(v)\n(v)\n');
    await both('(v)\n(v)\n(v)\n');
    await hers.press('Control+Home', 'ArrowRight', 'Control+Shift+l');
    await hers.type('n');
    await both('(n)\n(n)\n(n)\n');
    await theirs.press('Control+Home', 'ArrowRight');
    await theirs.type('B');
    await theirs.press('ArrowDown', 'Backspace');
    await both('(Bn)\n()\n(n)\n');
    await hers.press('Control+z');
    await both('(Bv)\n()\n(v)\n');
    await hers.press('Control+Shift+z');
    await both('(Bn)\n()\n(n)\n');
  });

  test('works after a remote edit above the cursor moved it', async () => {
    const { hers, theirs, witness } = await twoInAFile();
    await hers.typeAtEnd('tail');
    await theirs.untilShown('tail');
    await theirs.typeAtStart('first\nsecond\n');
    await hers.untilShown('second');
    await hers.type('!');
    await theirs.untilShown('tail!');
    await hers.press('Control+z');
    await theirs.untilShown((text) => !text.includes('!'));
    await hers.untilSaved();
    await witness.untilText('main.py', (text) => /^first\nsecond\nmiddle\n(tail)?$/.test(text));
  });
});

/** Input methods, and keyboards of phones, which compose every word: others edit the same line meanwhile. */
import { Random, seedOfTest } from '@codesync/ot/testing';
import { test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { InputMethod } from './harness/input-method.ts';
import { PageEars } from './harness/page-ears.ts';
import type { Witness } from './harness/witness.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

/** What is composed step by step, and what it ends as. */
const KEYBOARDS = Object.entries({
  'kana that become kanji': { steps: ['n', 'に', 'にh', 'にほ', 'にほn', 'にほん', '日本'], end: '日本' },
  'a word on a phone': { steps: ['p', 'pr', 'pri', 'prim', 'pri', 'prin', 'print'], end: 'print ' },
  'a word that the keyboard corrects': { steps: ['t', 'te', 'teh', 'the'], end: 'the ' },
});

/** The line that both are at. Grace composes between its halves. */
const LEFT = 'xy = "';
const RIGHT = '" # end';
const ABOVE = 'first\n';
const BELOW = '\nlast';

/** What Ada does to the line: the keys that bring her there, those that change it, and what may come of it. */
type Remote = {
  readonly way: readonly string[];
  readonly keys: readonly string[];
  readonly text: (composed: string, typed: string) => readonly string[];
};

const line = (left: string, middle: string, right: string) => `${ABOVE}${left}${middle}${right}${BELOW}`;
const WORD = ['w', 'o', 'r', 'd', 's'];
const TO_THE_LINE = ['Control+Home', 'ArrowDown'];

const REMOTES: Readonly<Record<string, Remote>> = {
  'before it': {
    way: TO_THE_LINE,
    keys: WORD,
    text: (composed, typed) => [line(typed + LEFT, composed, RIGHT)],
  },
  'behind it': {
    way: [...TO_THE_LINE, 'End'],
    keys: WORD,
    text: (composed, typed) => [line(LEFT, composed, RIGHT + typed)],
  },
  'at the cursor': {
    way: [...TO_THE_LINE, ...Array<string>(LEFT.length).fill('ArrowRight')],
    keys: WORD,
    text: (composed, typed) => [line(LEFT, composed + typed, RIGHT), line(LEFT, typed + composed, RIGHT)],
  },
  'that delete the line': {
    way: TO_THE_LINE,
    keys: ['Control+Shift+k'],
    text: (composed) => [ABOVE + composed + BELOW.slice(1)],
  },
  'that empty the file': {
    way: ['Control+a'],
    keys: ['Delete'],
    text: (composed) => [composed],
  },
  'that its author takes back': {
    way: TO_THE_LINE,
    keys: ['w', 'Control+z'],
    text: (composed) => [line(LEFT, composed, RIGHT)],
  },
  'of a line above, and of this one': {
    way: ['Control+Home'],
    keys: ['n', 'e', 'w', 'Enter', 'ArrowDown', 'q'],
    text: (composed) => [`new\n${ABOVE}q${LEFT}${composed}${RIGHT}${BELOW}`],
  },
};

const FIELDS = ['edit context', 'text field'] as const;
type Field = (typeof FIELDS)[number];

describeInBrowser('composing with an input method', () => {
  const world = useSharedWorld();
  let graces: RoomPage;
  let adas: RoomPage;
  let ears: PageEars;
  let method: InputMethod;
  let witness: Witness;

  /** `field`: how Grace's browser tells the editor what is typed; Firefox and Safari know the text field alone. */
  async function meet(field: Field): Promise<void> {
    const ada = await world.regular('Ada');
    const grace = await (field === 'text field' ? world.person('Grace') : world.regular('Grace'));
    if (field === 'text field')
      await grace.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'EditContext'));
    const id = await ada.createRoom('python');
    ears = new PageEars(grace.page);
    [adas, graces] = await Promise.all([
      RoomPage.open(ada, id),
      RoomPage.open(grace, await ada.link(id, 'editor')),
    ]);
    witness = await ada.witness(id);
    method = await InputMethod.at(grace.page);
  }

  /** Grace's page was told of all that Ada has done. */
  async function sheHasHeard(): Promise<void> {
    await adas.untilSaved();
    await eventually('her page was told', () => ears.heard.some(({ seq }) => seq === witness.head));
  }

  /** Grace stands between the halves of the line. */
  async function begin(): Promise<void> {
    const text = line(LEFT, '', RIGHT);
    await graces.replaceText(text);
    await adas.untilShown((shown) => shown === text);
    await graces.press('Control+Home', 'ArrowDown', ...Array<string>(LEFT.length).fill('ArrowRight'));
  }

  /** Ada writes at the start of the line on which Grace composes. */
  async function writeBeforeIt(): Promise<void> {
    await adas.focusEditor();
    await adas.press(...TO_THE_LINE, 'w');
    await sheHasHeard();
  }

  async function allAgree(what: string, fits: (text: string) => boolean): Promise<void> {
    let last: string[] = [];
    await eventually(
      `${what}: both pages and the log agree`,
      async () => {
        last = [await graces.shown(), await adas.shown(), witness.text('main.py')];
        return last.every((text) => text === last[0]) && fits(last[0]!);
      },
      () => JSON.stringify(last),
    );
  }

  test.each(FIELDS)('%s: edits of the line by others wait, and nothing is torn', async (field) => {
    await meet(field);
    const seed = seedOfTest();
    const random = new Random(seed);
    console.log(`seed ${seed}`);
    const rounds = Object.entries(REMOTES).flatMap(([name, remote]) =>
      (field === 'edit context' ? [true, false] : [true]).map((committed) => ({ name, remote, committed })),
    );
    for (const { name, remote, committed } of rounds) {
      const [keyboard, { steps, end }] = random.pick(KEYBOARDS);
      const what = `${keyboard}, ${committed ? 'committed' : 'cancelled'}, edits ${name}, seed ${seed}`;
      await begin();
      await adas.focusEditor();
      await adas.press(...remote.way);
      // The keys of both, shuffled, but for the one that opens the composition.
      const [first, ...rest] = steps;
      await method.compose(first!);
      const mine = rest.map((step) => () => method.compose(step));
      const others = remote.keys.map((key) => () => adas.press(key));
      let last = mine;
      while (mine.length + others.length > 0) {
        last = random.next() < mine.length / (mine.length + others.length) ? mine : others;
        await last.shift()!();
        if (last === others && random.next() < 0.25) await sheHasHeard();
      }
      await sheHasHeard();
      // What she composes is seen by others as it grows, unless they delete it.
      if (last === mine) await adas.untilShown((shown) => shown.includes(steps.at(-1)!));
      await (committed ? method.commit(end) : method.compose(''));
      const expected = remote.text(committed ? end : '', WORD.join(''));
      await allAgree(what, (shown) => expected.includes(shown));
      if (!committed) continue;
      // One composition is one step of its author's, whatever was tried on the way.
      await graces.press('Control+z');
      const without = remote.text('', WORD.join(''));
      await allAgree(`${what}, taken back`, (shown) => without.includes(shown));
    }
  });

  test('edits of other lines go in at once, and the input method is told the line as it is', async () => {
    await meet('edit context');
    await begin();
    await method.compose('に');
    await adas.typeAtStart('new\n');
    await adas.typeAtEnd('!');
    await graces.untilShown((text) => text === `new\n${line(LEFT, 'に', RIGHT)}!`);
    await method.compose('にほ');
    await method.commit('日本');
    await allAgree('composed', (text) => text === `new\n${line(LEFT, '日本', RIGHT)}!`);
    await graces.press('ArrowRight');
    const told = () =>
      graces.editor.getByRole('textbox').evaluate((field) => {
        return (field as HTMLElement & { editContext: { text: string } }).editContext.text;
      });
    await eventually('no more and no less', async () => (await told()) === `${LEFT}日本${RIGHT}`);
  });

  test("ends by itself when it is left alone and another's edit waits for it", async () => {
    await meet('edit context');
    await begin();
    await method.compose('pri');
    await writeBeforeIt();
    await allAgree('let in', (text) => text === line(`w${LEFT}`, 'pri', RIGHT));
    await method.compose('x');
    await method.commit('xyz');
    await allAgree('typed on', (text) => text === line(`w${LEFT}`, 'prixyz', RIGHT));
  });

  test('ends when its author undoes, opens another file, or may only view, and with its file', async () => {
    await meet('edit context');
    await begin();
    await method.compose('pri');
    await writeBeforeIt();
    await graces.press('Control+z');
    await allAgree('undone', (text) => text === line(`w${LEFT}`, '', RIGHT));

    await graces.createFile('other.py');
    await graces.openFile('main.py');
    await begin();
    await method.compose('pri');
    await writeBeforeIt();
    await graces.openFile('other.py');
    await graces.openFile('main.py');
    await allAgree('back again', (text) => text === line(`w${LEFT}`, 'pri', RIGHT));

    await graces.focusEditor();
    await method.compose('gone');
    await witness.send({ kind: 'file.delete', file: witness.fileId('main.py') });
    await graces.seenTab('other.py').waitFor();
    await graces.type('after');
    await witness.untilText('other.py', (text) => text === 'after');

    await method.compose('pri');
    await adas.openFile('other.py');
    await adas.typeAtStart('w');
    await sheHasHeard();
    const participant = witness.members.find(({ name }) => name === 'Grace')!.id;
    await witness.send({ kind: 'member.role', participant, role: 'viewer' });
    await graces.untilShown((text) => text === 'wafterpri');
    await adas.untilShown((text) => text === 'wafterpri');
  });
});

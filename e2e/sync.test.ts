/** One set of files: what is typed in editors is on the disk of the terminals, and what programs do there is in the editors. */
import { createHash } from 'node:crypto';
import { type EventBody, LIMITS } from '@codesync/protocol';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { killContainer } from './harness/engine.ts';
import { eventually } from './harness/eventually.ts';
import type { Person } from './harness/person.ts';
import type { Witness } from './harness/witness.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

describeWithSandbox('the files of a room and the disk of its workspace', () => {
  const world = useSharedSandbox();

  /** The room of all tests: a workspace stays for a while after its room, and a machine has few. */
  let room: string | null = null;
  let commands = 0;
  let ada: Person;
  /** Ada's terminal, and Grace's editor. */
  let shell: TerminalPane;
  let grace: RoomPage;
  /** What is saved. */
  let saved: Witness;

  /** Has the shell carry out a line, and waits for its end. The line may not have a `"`. */
  async function does(line: string): Promise<void> {
    const n = ++commands;
    await shell.enter(`${line}; echo "do""ne $((${n}))"`);
    await shell.until(new RegExp(`done ${n}$`, 'm'));
  }

  /** Waits until the disk has the words in the file. */
  const onDisk = (words: string, path: string) =>
    does(`until grep -qs '${words}' ${path}; do sleep .05; done`);

  /** Waits until the room and the disk have the same text, whatever it is. */
  async function inStep(path: string): Promise<void> {
    await eventually(
      `${path} is the same on the disk and in the room`,
      async () => {
        const hash = createHash('sha256').update(saved.text(path)).digest('hex').slice(0, 20);
        const n = ++commands;
        await shell.enter(`sha256sum ${path} | cut -c1-20; echo "do""ne $((${n}))"`);
        return (await shell.until(new RegExp(`^done ${n}$`, 'm'))).includes(`${hash}\ndone ${n}`);
      },
      () => saved.text(path),
    );
  }

  const gone = (path: string) => saved.untilPaths((paths) => !paths.includes(path));
  const there = (path: string) => saved.untilPaths((paths) => paths.includes(path));

  beforeEach(async () => {
    const [first, second] = await Promise.all([world.regular('Ada'), world.regular('Grace')]);
    ada = first;
    room ??= await ada.createRoom('python');
    const link = await ada.link(room, 'editor');
    const [hers, theirs] = await Promise.all([RoomPage.open(ada, room), RoomPage.open(second, link)]);
    [shell, grace] = [new TerminalPane(hers), theirs];
    saved = await ada.witness(room);
    await shell.show();
    if (saved.fold.state.terminals.size === 0) await shell.open();
    await does('cd /w');
  });

  afterEach(async ({ task }) => {
    // After a failure, the next room is another one.
    if (task.result?.state === 'fail') room = null;
    else await shell.hide();
  });

  afterAll(async () => {
    if (room === null) return;
    const witness = await (await world.regular('Ada')).witness(room);
    for (const terminal of witness.fold.state.terminals.keys()) {
      await witness.send({ kind: 'terminal.close', terminal });
    }
  });

  test('what is typed is there for the next command, and what a program writes is in the editor', async () => {
    await grace.createFile('notes.txt');
    await grace.type('hello from the éditor');
    await onDisk('hello from the éditor', 'notes.txt');
    await does('cat notes.txt');
    expect(await shell.text()).toContain('hello from the éditor');
    await does('sed -i s/hello/goodbye/ notes.txt');
    await grace.untilShown('goodbye from the éditor');
    await does('echo added >> notes.txt');
    await grace.untilShown(/goodbye from the éditor.*added/s);
    await grace.typeAtStart('first: ');
    await onDisk('^first: goodbye', 'notes.txt');
    await inStep('notes.txt');
  });

  test('files that are formatted, moved, made and removed by programs are so in the tree, and stay open', async () => {
    await grace.createFile('ugly.py');
    await grace.type("x = {  'a':1 }");
    await onDisk('x =', 'ugly.py');
    await does('black -q ugly.py');
    await grace.untilShown('x = {"a": 1}');
    await does('mkdir -p lib/deep empty && mv ugly.py lib/deep/pretty.py');
    await grace.seenTab('lib/deep/pretty.py').waitFor();
    expect(saved.paths).not.toContain('ugly.py');
    await grace.typeAtStart('y = 2  # ');
    await onDisk('^y = 2  # x', 'lib/deep/pretty.py');
    await grace.file('empty').waitFor();
    await does('rmdir empty && rm -r lib');
    await gone('lib/deep/pretty.py');
    await grace.file('empty').waitFor({ state: 'detached' });
    await grace.file('lib').waitFor({ state: 'detached' });
  });

  test('a person who types while a formatter works loses no key, and the format stays', async () => {
    await grace.createFile('busy.py');
    const lines = Array.from({ length: 40 }, (_, i) => `v${i} = {  'n':${i} }`);
    await grace.paste(`# \n${lines.join('\n')}\n`);
    await onDisk('v39', 'busy.py');
    const words = Array.from({ length: 30 }, (_, i) => `word${i}_`).join('');
    await grace.focusEditor();
    await grace.press('Control+Home', 'End');
    let typed = false;
    const typing = grace.page.keyboard.type(words, { delay: 30 }).then(() => {
      typed = true;
    });
    let formats = 0;
    while (!typed) {
      await does(
        `sed -i 's/^v\\(.*\\) = {.n.: *\\(.*\\)}/v\\1 = { \\x27n\\x27:\\2}/' busy.py; black -q busy.py`,
      );
      formats++;
    }
    await typing;
    expect(formats).toBeGreaterThan(1);
    await does('black -q busy.py');
    await saved.untilText(
      'busy.py',
      (text) => text.startsWith(`# ${words}\n`) && text.includes('v39 = {"n": 39}'),
    );
    await inStep('busy.py');
    await does('rm busy.py');
    await gone('busy.py');
  });

  test('git works on the files: what it checks out, stashes and clones is in the editors, and its folder is not', async () => {
    await does('git init -q && git config user.name Ada && git config user.email ada@example.org');
    await grace.createFile('story.txt');
    await grace.type('once');
    await onDisk('once', 'story.txt');
    await does('git add -A && git commit -qm first && git status --porcelain');
    await grace.type(' upon a time');
    await onDisk('once upon a time', 'story.txt');
    await does('git stash -q');
    await grace.untilShown((text) => text === 'once');
    await does('git stash pop -q');
    await grace.untilShown('once upon a time');
    await does('git checkout -qb other && git commit -qam second && echo more > more.txt');
    await there('more.txt');
    await does('git add -A && git commit -qm third && git checkout -q main');
    await grace.untilShown((text) => text === 'once');
    await gone('more.txt');
    await does('git bundle create -q all.bundle --all');
    await there('all.bundle');
    // It is no text. Brought back by the room, it is the same bundle: git clones it.
    const bundle = saved.fileId('all.bundle');
    const { blob } = saved.fold.state.files.get(bundle)!;
    await does('rm all.bundle');
    await gone('all.bundle');
    await saved.send({ kind: 'file.restore', file: bundle });
    await does('until test -f all.bundle; do sleep .05; done; sha256sum all.bundle | cut -c1-20');
    expect(await shell.text()).toContain(blob!.hash.slice(0, 20));
    await does('git clone -q all.bundle copy -b other');
    await saved.untilText('copy/story.txt', (text) => text === 'once upon a time');
    await there('copy/more.txt');
    expect(saved.paths.filter((path) => path.includes('.git/'))).toEqual([]);
    await does('git status --porcelain > /tmp/status; grep -v -e copy -e bundle /tmp/status | wc -l');
    expect(await shell.text()).toMatch(/^0\ndone/m);
    await does('rm -rf copy .git story.txt all.bundle');
    await gone('copy/more.txt');
  });

  test('what the room cannot have is told with its reason; links and pipes are left alone', async () => {
    await does('ln -s main.py link.py; ln -s /etc/passwd stolen; mkfifo pipe; mkdir -p node_modules/x');
    await does('echo 1 > node_modules/x/index.js; echo > Main.py; echo x > after.txt');
    await there('after.txt');
    await grace.page.getByRole('button', { name: 'Terminal', exact: true }).click();
    const graces = new TerminalPane(grace);
    for (const pane of [shell, graces]) {
      await expect.poll(() => pane.onlyOnDisk.textContent()).toMatch(/^1 /);
      await pane.onlyOnDisk.click();
      const told = pane.room.page.getByRole('dialog', { name: '1 only on the disk' });
      await told.getByText('Main.py', { exact: true }).waitFor();
      await told.getByText('differs only in capitals').waitFor();
      expect(await violations(pane.room.page)).toEqual([]);
      await pane.room.press('Escape');
      await told.waitFor({ state: 'detached' });
    }
    const late = new TerminalPane(await grace.secondTab());
    await late.onlyOnDisk.waitFor();
    expect(saved.paths.filter((path) => /link|stolen|pipe|node_modules|Main/.test(path))).toEqual([]);
    await does('rm -rf node_modules Main.py link.py stolen pipe after.txt');
    await gone('after.txt');
    for (const pane of [shell, graces]) await pane.onlyOnDisk.waitFor({ state: 'detached' });
    await graces.hide();
  });

  test('ten thousand files at once fill the room and do not hold up who types', async () => {
    await grace.createFile('typed.txt');
    await grace.focusEditor();
    await shell.enter('mkdir many; seq 10000 | split -a 4 -l 1 - many/f');
    await saved.untilPaths((paths) => paths.some((path) => path.startsWith('many/')));
    const isTold = async () => /^8,\d\d\d /.test((await shell.onlyOnDisk.textContent()) ?? '');
    let letters = 0;
    while (!(await shell.onlyOnDisk.isVisible()) || !(await isTold())) {
      await grace.page.keyboard.type('x');
      letters++;
      await saved.untilText('typed.txt', (text) => text.length >= letters);
    }
    const of = (fits: (body: EventBody) => boolean) =>
      saved.heard.filter(({ body }) => fits(body)).map(({ seq }) => seq);
    const keys = of((body) => body.kind === 'edit' && body.file === saved.fileId('typed.txt'));
    const files = of((body) => body.kind === 'file.created');
    // Keys are saved between the files, not after them.
    expect(Math.min(...keys)).toBeLessThan(Math.max(...files));
    expect(saved.fold.state.files.size).toBe(LIMITS.files);
    await does('rm -r many typed.txt');
    await saved.untilPaths((paths) => !paths.some((path) => path.startsWith('many/')));
    await shell.onlyOnDisk.waitFor({ state: 'detached' });
  });

  test('a workspace that is killed takes nothing of the room with it, and the next one has the files', async () => {
    await grace.createFile('kept.txt');
    await grace.type('kept in the room');
    await onDisk('kept in the room', 'kept.txt');
    await does('echo from the shell > made.txt; mkdir -p node_modules; echo 1 > node_modules/gone.js');
    await there('made.txt');
    await does("grep -om1 'containers/[0-9a-f]*' /proc/self/mountinfo | cut -c12-31");
    const id = /^([0-9a-f]{20})\ndone/m.exec(await shell.text())![1]!;
    await killContainer(id);
    await shell.note.getByText('The workspace was lost').waitFor();
    await grace.type(', and typed meanwhile');
    await grace.untilSaved();
    await shell.region.getByRole('button', { name: 'Start again' }).click();
    await shell.note.waitFor({ state: 'detached' });
    await shell.until(/\$ $/m);
    await does('clear; cd /w; cat kept.txt made.txt; ls node_modules');
    const shown = await shell.text();
    for (const words of ['kept in the room, and typed meanwhile', 'from the shell', 'cannot access']) {
      expect(shown).toContain(words);
    }
  });
});

import { LANGUAGES, Language, stretchesOf } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { faultsAtEachWidth, resize } from './harness/layout.ts';
import { twoInARoom } from './harness/two-in-a-room.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeWithSandbox('running code', () => {
  const world = useSharedSandbox();

  test.each(Language.options)(
    'in %s: one presses Run, both see the output and how it ended',
    async (language) => {
      const { hers, theirs, witness } = await twoInARoom(world, language);
      await hers.run.click();
      for (const page of [hers, theirs]) {
        await page.output.getByText('Hello, world!').waitFor();
        await page.output.getByText('Hello, room!').waitFor();
        await page.ended('Exit 0').waitFor();
      }
      const end = { reason: 'exit', exitCode: 0, signal: null };
      await expect.poll(() => witness.runs).toMatchObject([{ language, end }]);
      expect(witness.runs[0]!.files.map(({ path }) => path)).toEqual([LANGUAGES[language].entry]);
    },
  );

  test('a file whose name says no language runs in the one that somebody chose for all, until it is taken back', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.createFile('tools/script');
    await hers.type('print("by hand", 6 * 7)');
    await hers.untilSaved();
    await theirs.openFile('script', 'tools/script');
    await theirs.untilShown('by hand');
    const language = (page: RoomPage) => page.page.getByRole('button', { name: /^Language: / });
    const coloured = (page: RoomPage) =>
      page.editor.locator('.view-line span span').evaluateAll((spans) => {
        const classes = spans.flatMap((span) => [...span.classList]);
        return new Set(classes.filter((name) => /^mtk\d/.test(name))).size > 1;
      });
    for (const page of [hers, theirs]) {
      expect(await language(page).textContent()).toBe('Plain text');
      expect(await coloured(page)).toBe(false);
    }

    await language(theirs).click();
    const picker = theirs.page.getByRole('dialog', { name: 'Language of tools/script' });
    const chosen = picker.getByRole('option', { selected: true });
    expect(await chosen.textContent()).toContain('By its name');
    await theirs.page.keyboard.type('pyth');
    await expect.poll(() => chosen.textContent()).toBe('Python');
    await theirs.page.keyboard.press('Enter');
    await picker.waitFor({ state: 'detached' });
    for (const page of [hers, theirs]) {
      await expect.poll(() => language(page).textContent()).toBe('Python');
      await expect.poll(() => coloured(page)).toBe(true);
      await page.file('script').locator('[data-mark="py"]').waitFor();
    }
    expect(await theirs.page.evaluate(() => document.activeElement?.textContent)).toBe('Python');

    await hers.run.click();
    for (const page of [hers, theirs]) {
      await page.output.getByText('by hand 42').waitFor();
      await page.ended('Exit 0').waitFor();
    }
    await expect.poll(() => witness.runs.at(-1)).toMatchObject({ language: 'python' });

    await hers.command('Change the language of tools/script…');
    const hersPicker = hers.page.getByRole('dialog', { name: 'Language of tools/script' });
    expect(await hersPicker.getByRole('option', { selected: true }).textContent()).toContain('Python');
    await hersPicker.getByRole('option', { name: 'By its name' }).click();
    for (const page of [hers, theirs]) {
      await expect.poll(() => language(page).textContent()).toBe('Plain text');
      await expect.poll(() => coloured(page)).toBe(false);
    }
  });

  test.each(['go', 'rust', 'javascript'] as const)(
    'a file without an ending runs in %s, and its errors are marked in it',
    async (chosen) => {
      const ada = await world.regular('Ada');
      const room = await RoomPage.open(ada, await ada.createRoom('python'));
      const witness = await ada.witness(room.id);
      await room.createFile('script');
      const file = witness.fileId('script');
      const text = {
        go: 'package main\n\nfunc main() { println("by hand"); missing() }\n',
        rust: 'fn main() { println!("by hand"); missing() }\n',
        javascript: 'console.log("by hand");\nmissing();\n',
      }[chosen];
      expect(await witness.send({ kind: 'edit', file, base: 0, op: [text] })).toBeNull();
      expect(await witness.send({ kind: 'file.language', file, language: chosen })).toBeNull();
      await room.untilShown('by hand');
      await room.run.click();
      await room.page.locator('.run-failure-glyph').waitFor();
    },
  );

  test('the keyboard runs it too, exactly as typed a moment ago', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('print("fresh", 6 * 7)\n');
    await hers.press('Control+Enter');
    await theirs.output.getByText('fresh 42').waitFor();
  });

  test('output appears while the program runs, and anyone who may edit stops it', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.replaceText(
      'import time\nn = 0\nwhile True:\n    n += 1\n    print("tick", n, flush=True)\n    time.sleep(0.2)\n',
    );
    await hers.run.click();
    await theirs.output.getByText('tick 3').waitFor();
    await theirs.stop.click();
    await hers.ended('Stopped').waitFor();
    await theirs.ended('Stopped').waitFor();
    await expect.poll(() => witness.runs.at(-1)!.end).toMatchObject({ reason: 'stopped' });
    await hers.run.waitFor();
  });

  test('[INV5] stdout and stderr stand in the order of the program, on the pages of both and in the log', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    const count = 120;
    await hers.replaceText(
      `import sys\nfor n in range(${count}):\n    print("line", n, file=sys.stderr if n % 2 else sys.stdout)\n`,
    );
    await hers.run.click();
    const streams = ['stdout', 'stderr'] as const;
    const lines = Array.from({ length: count }, (_, n) => `${streams[n % 2]} line ${n}`);
    for (const page of [hers, theirs]) {
      await page.ended('Exit 0').waitFor();
      const shown = () =>
        page.output
          .locator('[data-stream]')
          .evaluateAll((stretches) =>
            stretches.flatMap((stretch) =>
              [...stretch.querySelectorAll(':scope > div')].map(
                (line) => `${stretch.getAttribute('data-stream')} ${line.textContent}`,
              ),
            ),
          );
      await expect.poll(shown).toEqual(lines);
    }
    const logged = () =>
      witness.runs
        .at(-1)!
        .output.flatMap((piece) => (piece.stream === 'stdin' ? [] : [...stretchesOf(piece)]))
        .map(({ stream, text }) => `${stream} ${text.trimEnd()}`);
    await expect.poll(logged).toEqual(lines);
  });

  test('a program that fails shows its error apart from its output, and its exit code', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('print("so far so good", flush=True)\nraise SystemExit("no further")\n');
    await hers.run.click();
    for (const page of [hers, theirs]) {
      await page.ended('Exit 1').waitFor();
      await page.output.getByText('stderr:').waitFor();
      await page.output.getByText('no further').waitFor();
    }
  });

  test('nothing lies over anything or is cut off while it runs, when it has ended, and when it failed', async () => {
    const { hers } = await twoInARoom(world);
    const faults: string[] = [];
    const look = async (state: string) => {
      faults.push(...(await faultsAtEachWidth(hers.page, state)));
      await resize(hers.page, { width: 1280, height: 800 });
    };
    await hers.replaceText('import sys\nprint(input("Which code? "), flush=True)\nsys.exit(int(input()))\n');
    const idle = await hers.run.boundingBox();
    for (const [code, state] of [
      ['0', 'ended'],
      ['3', 'failed'],
    ] as const) {
      await hers.run.click();
      const input = hers.page.getByRole('textbox', { name: 'Input for main.py' });
      await input.fill(code);
      await input.press('Enter');
      await hers.output.getByText('Which code?').waitFor();
      expect(await hers.stop.boundingBox(), 'Stop is where Run was').toEqual(idle);
      await look('running');
      await input.fill(code);
      await input.press('Enter');
      await hers.ended(`Exit ${code}`).waitFor();
      await look(state);
    }
    expect(faults).toEqual([]);
  });

  test('what does not compile says where', async () => {
    const { hers } = await twoInARoom(world, 'rust');
    await hers.replaceText('fn main() { let x: u8 = "nope"; }\n');
    await hers.run.click();
    await hers.ended('Did not compile').waitFor();
    await hers.output.getByText('mismatched types').first().waitFor();
  });

  test('a program reads what is typed to it', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('name = input("Who? ")\nprint("Hi,", name)\n');
    await hers.run.click();
    const input = theirs.page.getByRole('textbox', { name: 'Input for main.py' });
    await input.fill('Linus');
    await input.press('Enter');
    await hers.output.getByText('Hi, Linus').waitFor();
    await hers.ended('Exit 0').waitFor();
  });

  test('all see who typed what; Ctrl+D sends a line as it stands, and ends the input where nothing stands in it', async () => {
    const { hers, theirs, witness } = await twoInARoom(world);
    await hers.replaceText('import sys\nprint(repr(sys.stdin.read()))\n');
    await hers.run.click();
    const line = ({ page }: RoomPage) => page.getByRole('textbox', { name: 'Input for main.py' });
    await line(theirs).fill('from Grace');
    await line(theirs).press('Enter');
    await hers.output.locator('[data-typist="Grace"]').getByText('from Grace').waitFor();
    await line(hers).fill('half');
    await line(hers).press('Control+d');
    await theirs.output.locator('[data-typist="Ada"]').getByText('half').waitFor();
    expect(await line(hers).inputValue()).toBe('');
    expect(witness.runs.at(-1)!.inputEnded).toBe(undefined);
    await line(hers).press('Control+d');
    for (const page of [hers, theirs]) {
      await page.output.getByText('Ada ended the input.').waitFor();
      await page.output.getByText(String.raw`'from Grace\nhalf'`).waitFor();
    }
  });

  test('a button ends the input, for all', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(
      'import sys\nprint(len(sys.stdin.read()), flush=True)\nimport time\ntime.sleep(20)\n',
    );
    await hers.run.click();
    await theirs.page.getByRole('button', { name: 'End input', exact: true }).click();
    await hers.output.getByText('Grace ended the input.').waitFor();
    const line = hers.page.getByRole('textbox', { name: 'Input for main.py' });
    await expect.poll(() => line.isDisabled()).toBe(true);
    await theirs.stop.click();
    await hers.ended('Stopped').waitFor();
  });

  test('the line that failed is marked for all until it changes, and one key goes there', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText('def half(n):\n    return n / zero\n\nprint(half(4))\n');
    await hers.run.click();
    await theirs.ended('Exit 1').waitFor();
    for (const { page } of [hers, theirs]) await page.locator('.run-failure-glyph').waitFor();

    await hers.press('Control+Home', 'F8');
    await hers.page.locator('.monaco-hover').getByText("NameError: name 'zero' is not defined").waitFor();
    await hers.page.getByText('Ln 2, Col').waitFor();
    await theirs.typeAtStart('# above\n');
    await hers.untilShown('# above');
    await hers.page.locator('.run-failure-text', { hasText: 'zero' }).waitFor();

    await hers.press('End');
    await hers.page.keyboard.type('  # mended');
    for (const { page } of [hers, theirs]) {
      await page.locator('.run-failure-glyph').waitFor({ state: 'detached' });
    }
  });

  test('all files of the room are there for the program', async () => {
    const { hers } = await twoInARoom(world);
    await hers.createFile('lib/words.py');
    await hers.replaceText('WORD = "imported"\n');
    await hers.untilSaved();
    await hers.openFile('main.py');
    await hers.replaceText('from lib.words import WORD\nprint(WORD)\n');
    await hers.run.click();
    await hers.output.getByText('imported').waitFor();
  });

  test('a child that was killed and a wall that was met are told beside the program’s own end, once each', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.replaceText(
      'import subprocess, sys, socket\nsubprocess.run([sys.executable, "-c", "b\'x\' * (1 << 30)"])\ntry: socket.getaddrinfo("example.org", 80)\nexcept OSError as e: print(e)\n',
    );
    await hers.run.click();
    for (const page of [hers, theirs]) {
      await page.ended('Exit 0').waitFor();
      for (const words of ['One of its processes was killed: ', 'A sandbox has no network: ']) {
        await page.output.getByText(words).waitFor();
        expect(await page.output.getByText(words).count()).toBe(1);
      }
    }
  });

  test('where programs start is said, and is one person’s to choose for both', async () => {
    const { hers, theirs } = await twoInARoom(world);
    await hers.createFile('app/start.py');
    await hers.replaceText('import os\nprint("at", os.getcwd())\nopen("start.py").close()\n');
    await hers.untilSaved();
    await hers.run.click();
    await hers.output.getByText('at /w', { exact: true }).waitFor();
    await hers.output.getByText('ran app/start.py in the top folder').waitFor();
    await hers.output.getByText('from there it is “app/start.py”').waitFor();
    await theirs.page.getByRole('button', { name: /^Entry file: / }).click();
    await theirs.page.getByRole('menuitem', { name: 'Start in the file’s own folder' }).click();
    await hers.page.getByRole('button', { name: /^Entry file: / }).click();
    await hers.page.getByRole('menuitem', { name: 'Start in the top folder' }).waitFor();
    await hers.press('Escape');
    await hers.run.click();
    await hers.output.getByText('at /w/app', { exact: true }).waitFor();
    await hers.ended('Exit 0').waitFor();
    await theirs.output.getByText('ran app/start.py in its own folder').waitFor();
  });

  test('someone who comes after a run sees what it printed', async () => {
    const { ada, id, hers } = await twoInARoom(world, 'javascript');
    await hers.run.click();
    await hers.ended('Exit 0').waitFor();
    const linus = await world.regular('Linus');
    const late = await RoomPage.open(linus, await ada.link(id, 'viewer'));
    await late.output.getByText('Hello, room!').waitFor();
    await late.ended('Exit 0').waitFor();
  });
});

/** How large files and rooms may be, as people meet it: a sentence names the limit, and nothing is lost. */
import { randomBytes } from 'node:crypto';
import { type CommandBody, FileId, LIMITS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import type { Person } from './harness/person.ts';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

const FILE_TOO_LARGE =
  'That would make the file larger than 2 million characters. Split it into smaller files.';
const ROOM_TOO_LARGE = 'That would make the room larger than 50 MiB. Delete or shorten a file first.';
const TOO_MANY = 'A room holds up to 2,000 files and empty folders. Delete one first.';

function file(path: string, text: string): CommandBody {
  return { kind: 'file.create', file: FileId.parse(randomBytes(9).toString('base64url')), path, text };
}

/** A client may give only so much at once: several give all that by turns, and `atOnce` of them at a time. */
async function give(
  person: Person,
  room: string,
  commands: readonly CommandBody[],
  { clients: count, atOnce }: { readonly clients: number; readonly atOnce: number } = {
    clients: 1,
    atOnce: 1,
  },
): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, () => person.witness(room)));
  for (let i = 0; i < commands.length; i += atOnce) {
    const some = commands.slice(i, i + atOnce);
    const answers = await Promise.all(some.map((body, n) => clients[(i + n) % count]!.send(body)));
    expect(answers).toEqual(some.map(() => null));
  }
  for (const client of clients) client.leave();
}

async function upload(room: RoomPage, ...files: readonly (readonly [name: string, text: string])[]) {
  const chosen = room.page.waitForEvent('filechooser');
  await room.page.getByRole('button', { name: 'Upload files' }).click();
  const chooser = await chosen;
  await chooser.setFiles(
    files.map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })),
  );
}

describeInBrowser('limits', () => {
  const world = useSharedWorld();

  test('a paste that would make a file too long is taken back, told and kept for the clipboard', async () => {
    const ada = await world.person('Ada');
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const id = await ada.createRoom('python');
    const text = `start\n${'long line\n'.repeat(LIMITS.fileUnits / 10 - 1)}`;
    await give(ada, id, [file('long.txt', text)]);
    const hers = await RoomPage.open(ada, id);
    const witness = await ada.witness(id);
    await hers.openFile('long.txt');
    await hers.untilShown('start');
    await hers.press('Control+Home');
    const pasted = 'pasted '.repeat(20);
    await hers.paste(pasted);
    await hers.page.getByText('An edit to long.txt did not reach the room.').waitFor();
    await hers.page.getByText(FILE_TOO_LARGE).waitFor();
    await hers.page.getByRole('button', { name: 'Copy what I typed' }).click();
    await hers.page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await hers.page.evaluate(() => navigator.clipboard.readText())).toBe(pasted);
    await hers.untilShown((shown) => shown.startsWith('start\nlong line'));
    expect(witness.text('long.txt')).toBe(text);
    await hers.focusEditor();
    await hers.type('!');
    await witness.untilText('long.txt', (saved) => saved === `!${text}`);
    await hers.untilSaved();
  });

  test('a room that is full says so of an upload and of a paste, and whoever comes has all of it', async () => {
    const ada = await world.person('Ada');
    const id = await ada.createRoom('python');
    const witness = await ada.witness(id);
    const left = LIMITS.roomBytes - witness.text('main.py').length - 100;
    const whole = Math.floor(left / LIMITS.fileUnits);
    const fill = (start: string, units: number) => `${start}\n`.padEnd(units, 'some words in a line\n');
    await give(
      ada,
      id,
      [
        ...Array.from({ length: whole }, (_, n) => file(`f${n}.txt`, fill(`${n}`, LIMITS.fileUnits))),
        file('rest.txt', fill('rest', left - whole * LIMITS.fileUnits)),
      ],
      { clients: 4, atOnce: 1 },
    );
    const hers = await RoomPage.open(ada, id);
    await upload(
      hers,
      ['big.txt', 'x'.repeat(LIMITS.fileUnits + 1)],
      ['more.txt', 'x'.repeat(200)],
      ['little.txt', 'x'.repeat(20)],
    );
    await hers.page.getByText('1 of 3 uploaded.').waitFor();
    await hers.page.getByText(`big.txt: ${ROOM_TOO_LARGE}`).waitFor();
    await hers.page.getByText(`more.txt: ${ROOM_TOO_LARGE}`).waitFor();
    await witness.untilText('little.txt', (text) => text.length === 20);

    await hers.findFile('rest.txt');
    await hers.untilShown('rest');
    await hers.press('Control+Home');
    await hers.paste('y'.repeat(100));
    await hers.page.getByText(ROOM_TOO_LARGE, { exact: true }).waitFor();
    await hers.untilShown((shown) => shown.startsWith('rest'));
    await hers.paste('y'.repeat(70));
    await witness.untilText('rest.txt', (text) => text.startsWith(`${'y'.repeat(70)}rest`));
    await hers.untilSaved();

    const grace = await world.person('Grace');
    const theirs = await RoomPage.open(grace, await ada.link(id, 'editor'));
    await theirs.openFile(`f${whole - 1}.txt`);
    await theirs.untilShown(`${whole - 1}\n`);
    await theirs.openFile('rest.txt');
    await theirs.untilShown('yyyrest');
  });

  test('a text that is too long to be edited is kept, and says why it cannot be', async () => {
    const ada = await world.person('Ada');
    const hers = await RoomPage.open(ada, await ada.createRoom('python'));
    await upload(hers, ['big.txt', 'x'.repeat(LIMITS.fileUnits + 1)]);
    await hers.page.getByRole('treeitem', { name: 'big.txt' }).waitFor();
    await hers.openFile('big.txt');
    await hers.page.getByText('longer than the 2,000,000 characters that can be edited').waitFor();
    await hers.page.getByRole('button', { name: 'Download' }).waitFor();
  });

  test('the file after the last one is refused where its name is typed, and by an upload', async () => {
    const ada = await world.person('Ada');
    const id = await ada.createRoom('python');
    const folders = Array.from({ length: LIMITS.files - 1 }, (_, n) => `d${n}`);
    await give(
      ada,
      id,
      folders.map((path) => ({ kind: 'folder.create', path })),
      { clients: 9, atOnce: 180 },
    );
    const hers = await RoomPage.open(ada, id);
    const witness = await ada.witness(id);
    await hers.page.getByRole('button', { name: 'New file' }).click();
    const field = hers.page.getByRole('textbox', { name: 'Name of the new file' });
    await field.fill('one-more.py');
    await hers.press('Enter');
    await hers.page.getByText(TOO_MANY).waitFor();
    expect(await field.inputValue()).toBe('one-more.py');
    await witness.send({ kind: 'folder.delete', path: 'd7' });
    await field.press('Enter');
    await hers.seenTab('one-more.py').waitFor();
    await upload(hers, ['notes.txt', 'kept here']);
    await hers.page.getByText(`notes.txt: ${TOO_MANY}`).waitFor();
    expect(witness.paths).toEqual(['main.py', 'one-more.py']);
  });
});

/** Files on the disks of real workspaces, from the runner's socket to the agent and back. */
import { createHash } from 'node:crypto';
import {
  BLOB_PART_BYTES,
  BlobHash,
  type FilesChange,
  LIMITS,
  WORKSPACE_FILE_LIMITS,
} from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import type { ClientTerminal, ClientWorkspace } from '../support/client-workspace.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const PROMPT = '$ ';

/** A workspace that holds a file, whose shell waits for a command. */
async function opened(): Promise<[ClientWorkspace, ClientTerminal]> {
  const workspace = runner.client.openWorkspace({}, { begins: false });
  const terminal = workspace.terminal();
  await workspace.until(() => workspace.ready);
  const write = {
    type: 'files.write',
    path: 'lib/main.py',
    over: 0,
    at: 0,
    remove: 0,
    text: 'x = 1\n',
  } as const;
  expect(await workspace.files(write)).toMatchObject({ type: 'files.done', n: 1 });
  expect(terminal.bytes).toBe(0);
  workspace.begin();
  await terminal.untilShown(PROMPT);
  return [workspace, terminal];
}

async function does(terminal: ClientTerminal, line: string): Promise<void> {
  const from = terminal.mark();
  terminal.type(`${line}; echo do''ne\n`);
  await terminal.untilShown('done\r\n', from);
}

const files = ({ changes }: ClientWorkspace) =>
  changes.filter((change): change is Extract<FilesChange, { kind: 'file' }> => change.kind === 'file');

async function gone(workspace: ClientWorkspace): Promise<void> {
  workspace.close();
  expect(await workspace.ended()).toMatchObject({ reason: 'closed' });
}

describe.skipIf(skip)(`files of workspaces${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('a shell finds what was written before it started, and what it changes is told with its base', async () => {
    const [workspace, terminal] = await opened();
    await does(terminal, 'cat lib/main.py; echo "x = 2" > lib/new~; mv lib/new~ lib/main.py');
    expect(terminal.shown).toContain('x = 1\r\n');
    await workspace.until(() => files(workspace).length > 0);
    const { path, revision, base } = files(workspace)[0]!;
    expect(path).toBe('lib/main.py');
    const read = await workspace.files({ type: 'files.read', path });
    expect(read).toMatchObject({ type: 'files.text', text: 'x = 2\n', revision });
    expect(base).not.toBe(revision);
    await gone(workspace);
    expect(terminal.faults).toEqual([]);
  });

  test('[A27] pipes, devices and links are neither told of nor opened, and the files go on', async () => {
    const [workspace, terminal] = await opened();
    await does(
      terminal,
      'mkfifo pipe; ln -s /etc/passwd stolen; ln -s lib loop; ln -s . lib/here; echo x > last',
    );
    await workspace.until(() => files(workspace).some(({ path }) => path === 'last'));
    expect(files(workspace).map(({ path }) => path)).toEqual(['last']);
    for (const path of ['pipe', 'stolen', '../etc/passwd', '/etc/passwd', 'loop/main.py']) {
      expect(await workspace.files({ type: 'files.read', path })).toMatchObject({ type: 'files.refused' });
    }
    const write = { type: 'files.write', path: 'loop/new', over: 0, at: 0, remove: 0, text: 'x' } as const;
    expect(await workspace.files(write)).toMatchObject({ type: 'files.refused' });
    await gone(workspace);
  });

  test('what is no text comes in parts by its hash, and what no room may have is refused for it', async () => {
    const [workspace, terminal] = await opened();
    const bytes = WORKSPACE_FILE_LIMITS.readBytes;
    await does(
      terminal,
      `head -c 10 /dev/zero > zeros; printf '\\377' > latin; head -c ${bytes + 1} /dev/zero > long`,
    );
    await does(terminal, `head -c ${bytes} /dev/zero | tr '\\0' '\\1' > escapes`);
    await does(terminal, `head -c ${LIMITS.fileUnits} /dev/zero | tr '\\0' '\\1' > most`);
    const read = async (path: string) => workspace.files({ type: 'files.read', path });
    const hashOf = (body: Buffer) => createHash('sha256').update(body).digest('hex');
    for (const [path, body] of [
      ['zeros', Buffer.alloc(10)],
      ['latin', Buffer.of(0xff)],
      ['escapes', Buffer.alloc(bytes, 1)],
    ] as const) {
      const hash = hashOf(body);
      const told = await read(path);
      expect(told).toMatchObject({ type: 'files.binary', bytes: body.length, hash });
      if (told.type !== 'files.binary') continue;
      const length = Math.min(body.length, BLOB_PART_BYTES);
      const at = body.length - length;
      const part = await workspace.files({ type: 'files.fetch', path, over: told.revision, at, length });
      expect(part).toMatchObject({ data: body.subarray(at).toString('base64') });
    }
    expect(await read('long')).toMatchObject({ reason: 'large' });
    const picture = Buffer.from([0, 1, 2, 255]);
    const hash = BlobHash.parse(hashOf(picture));
    const data = picture.toString('base64');
    expect(await workspace.files({ type: 'files.stage', hash, at: 0, data })).toMatchObject({
      type: 'files.done',
    });
    const write = { type: 'files.write', path: 'img/a.png', over: 0, at: 0, remove: 0, text: '' } as const;
    expect(await workspace.files({ ...write, staged: hash })).toMatchObject({ type: 'files.done' });
    await does(terminal, `test $(sha256sum img/a.png | cut -c -64) = ${hash}`);
    expect(await read('most')).toMatchObject({ text: '\u0001'.repeat(LIMITS.fileUnits) });
    expect(await read('none')).toMatchObject({ reason: 'missing' });
    await gone(workspace);
  });

  test('thousands of files at once are all told of, so many at a time, and terminals go on', async () => {
    const [workspace, terminal] = await opened();
    await does(terminal, 'mkdir many; seq 5000 | split -a 4 -l 1 - many/f');
    await does(terminal, 'echo still here');
    const paths = () => new Set(files(workspace).map(({ path }) => path));
    await workspace.until(() => paths().size === 5_000);
    expect(workspace.changes.findIndex(({ kind }) => kind === 'folder')).toBe(0);
    await does(terminal, 'rm -r many');
    // The folder goes last, and with it what was not told to be gone.
    await workspace.until(() =>
      workspace.changes.some((change) => change.kind === 'gone' && change.path === 'many'),
    );
    await gone(workspace);
  });
});

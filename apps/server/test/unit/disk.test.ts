// A room's files and its workspace's disk: what is done to one is done to the other, whoever is first.

import { createHash } from 'node:crypto';
import { diffLines } from '@codesync/ot';
import type { Random } from '@codesync/ot/testing';
import { chance } from '@codesync/ot/testing/property';
import {
  BLOB_PART_BYTES,
  BlobHash,
  type CommandBody,
  type DiskApart,
  type FileId,
  LIMITS,
} from '@codesync/protocol';
import { fileId, settle, terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage } from '../support/actor.ts';

const T = terminalId('terminal-1');

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const picture = (...bytes: number[]): Uint8Array => Uint8Array.of(0, ...bytes);

/** A room with a terminal, whose disk has the room's files. */
async function scene(files: Readonly<Record<string, string>> = {}) {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS);
  let seq = 0;
  const send = (body: CommandBody, who = hana) => stage.send(room, who, ++seq, body);
  await send({ kind: 'file.delete', file: fileOf(hana) });
  let made = 0;
  const create = async (path: string, text = ''): Promise<FileId> => {
    const file = fileId(`file-${String(++made).padStart(8, '0')}`);
    await send({ kind: 'file.create', file, path, text });
    return file;
  };
  for (const [path, text] of Object.entries(files)) await create(path, text);
  await send({ kind: 'terminal.open', terminal: T, name: 'Build' });
  const workspace = stage.workspaces.all[0]!;
  workspace.listener.phase({ kind: 'ready' });
  const { disk } = workspace;
  const fold = () => foldOf(hana);
  const texts = (): Record<string, string> => {
    const { state, texts } = fold();
    return Object.fromEntries(
      [...state.files.values()]
        .map(({ id, path, blob }) => {
          return [path, blob === null ? texts.get(id)!.buffer.toString() : `blob ${blob.hash}`] as const;
        })
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  const onDisk = () =>
    Object.fromEntries(
      disk.paths.map((path) => {
        const bytes = disk.bytes(path)!;
        return [path, bytes.includes(0) ? `blob ${hashOf(bytes)}` : bytes.toString()];
      }),
    );
  /** Stores a content that is no text, as a page does before it names it. */
  const stored = async (bytes: Uint8Array) => {
    const hash = BlobHash.parse(hashOf(bytes));
    const none = async () => [];
    await stage.blobs.put(room.id, { hash, bytes: bytes.length }, 0, Buffer.from(bytes), none);
    return hash;
  };
  const upload = async (path: string, bytes: Uint8Array): Promise<FileId> => {
    const file = fileId(`file-${String(++made).padStart(8, '0')}`);
    await send({ kind: 'file.upload', file, path, blob: await stored(bytes) });
    return file;
  };
  const at = (path: string): FileId =>
    [...fold().state.files.values()].find((file) => file.path === path)!.id;
  const edit = async (path: string, text: string) => {
    const file = at(path);
    const { version, buffer } = fold().texts.get(file)!;
    await send({ kind: 'edit', file, base: version, op: diffLines(buffer.toString(), text) });
  };
  /** Lets everything happen that is under way. */
  const rest = async () => {
    for (let i = 0; i < 40; i++) {
      await settle();
      stage.clock.advance(60);
    }
    await settle();
  };
  await rest();
  return {
    stage,
    room,
    hana,
    gus,
    workspace,
    disk,
    send,
    create,
    upload,
    stored,
    edit,
    at,
    texts,
    onDisk,
    fold,
    rest,
  };
}

test('a workspace gets the files before its shells start', async () => {
  const { disk, stage } = await scene({ 'main.py': 'print(1)\n', 'lib/a.py': 'a\n' });
  expect(disk.paths).toEqual(['lib/a.py', 'main.py']);
  expect(disk.text('main.py')).toBe('print(1)\n');
  expect(stage.workspaces.shells).toHaveLength(1);
});

test('what is typed is on the disk soon, and what a program writes is in the room', async () => {
  const { disk, edit, texts, onDisk, rest, fold } = await scene({ 'a.py': 'one\ntwo\n' });
  await edit('a.py', 'one\ntwo\nthree\n');
  await rest();
  expect(disk.text('a.py')).toBe('one\ntwo\nthree\n');
  disk.put('a.py', 'ONE\ntwo\nthree\n');
  disk.put('new/b.py', 'b\n');
  await rest();
  expect(texts()).toEqual({ 'a.py': 'ONE\ntwo\nthree\n', 'new/b.py': 'b\n' });
  expect(onDisk()).toEqual(texts());
  expect(fold().state.emptyFolders.size).toBe(0);
});

test('both survive when somebody types while a program writes', async () => {
  const { disk, edit, texts, onDisk, rest } = await scene({ 'a.py': 'a=1\nb=2\n' });
  disk.put('a.py', 'a = 1\nb = 2\n');
  await edit('a.py', 'a=1\nb=2\ntyped\n');
  await rest();
  expect(texts()).toEqual({ 'a.py': 'a = 1\nb = 2\ntyped\n' });
  expect(onDisk()).toEqual(texts());
});

test('an edit of the disk is of whoever typed into a terminal last, and of no client', async () => {
  const { stage, room, hana, gus, disk, rest, send } = await scene({ 'a.py': 'a\n' });
  await send({ kind: 'member.role', participant: GUS.id, role: 'editor' });
  disk.put('a.py', 'b\n');
  await rest();
  room.terminal(gus.seat, { kind: 'type', terminal: T, shell: 1, number: 1, text: 'x' });
  disk.put('a.py', 'c\n');
  await rest();
  await send({ kind: 'member.role', participant: GUS.id, role: 'viewer' });
  disk.put('a.py', 'd\n');
  await rest();
  const edits = hana.heard.filter(({ body }) => body.kind === 'edit');
  expect(edits.map(({ actor }) => actor)).toEqual([HANA.id, GUS.id, HANA.id]);
  expect(edits.every(({ origin }) => origin === undefined)).toBe(true);
  expect(stage.errors).toEqual([]);
});

test('files and folders that are moved keep what they are, on both sides', async () => {
  const { disk, send, at, texts, onDisk, rest } = await scene({
    'a.py': 'a\n',
    'lib/b.py': 'b\n',
    'lib/c.py': 'c\n',
  });
  const [a, b] = [at('a.py'), at('lib/b.py')];
  disk.move('a.py', 'app/a.py');
  disk.move('lib', 'library');
  await rest();
  expect(at('app/a.py')).toBe(a);
  expect(at('library/b.py')).toBe(b);
  await send({ kind: 'folder.move', from: 'library', to: 'app/lib' });
  await send({ kind: 'file.rename', file: a, path: 'z.py' });
  await rest();
  expect(texts()).toEqual({ 'app/lib/b.py': 'b\n', 'app/lib/c.py': 'c\n', 'z.py': 'a\n' });
  expect(onDisk()).toEqual(texts());
});

test('two files may change names', async () => {
  const { send, at, texts, onDisk, rest } = await scene({ a: 'of a\n', b: 'of b\n' });
  const [a, b] = [at('a'), at('b')];
  await send({ kind: 'file.rename', file: a, path: 'c' });
  await send({ kind: 'file.rename', file: b, path: 'a' });
  await send({ kind: 'file.rename', file: a, path: 'b' });
  await rest();
  expect(texts()).toEqual({ a: 'of b\n', b: 'of a\n' });
  expect(onDisk()).toEqual(texts());
});

test('what is removed on the disk is deleted, can be brought back, and is itself when a program makes it again', async () => {
  const { disk, send, at, texts, onDisk, rest, fold } = await scene({ 'a.py': 'a\n', 'lib/b.py': 'b\n' });
  const a = at('a.py');
  disk.remove('a.py');
  disk.remove('lib');
  await rest();
  expect(texts()).toEqual({});
  expect([...fold().state.deletedFolders.keys()]).toEqual(['lib']);
  disk.put('a.py', 'a again\n');
  await send({ kind: 'folder.restore', path: 'lib' });
  await rest();
  expect(at('a.py')).toBe(a);
  expect(texts()).toEqual({ 'a.py': 'a again\n', 'lib/b.py': 'b\n' });
  expect(onDisk()).toEqual(texts());
});

test('what is deleted in the room goes from the disk, unless a program has changed it', async () => {
  const { disk, send, at, texts, onDisk, rest } = await scene({
    'a.py': 'a\n',
    'lib/b.py': 'b\n',
    'lib/c.py': 'c\n',
  });
  const a = at('a.py');
  await send({ kind: 'file.delete', file: a });
  const deleted = send({ kind: 'folder.delete', path: 'lib' });
  disk.put('lib/c.py', 'changed\n');
  await deleted;
  await rest();
  expect(texts()).toEqual({ 'lib/c.py': 'changed\n' });
  expect(onDisk()).toEqual(texts());
});

test('folders come and go on both sides', async () => {
  const { disk, send, fold, rest } = await scene();
  disk.makeFolder('of/disk');
  await send({ kind: 'folder.create', path: 'of-room' });
  await rest();
  expect([...fold().state.emptyFolders].sort()).toEqual(['of-room', 'of/disk']);
  expect(disk.folders).toEqual(['of', 'of-room', 'of/disk']);
  disk.remove('of-room');
  await send({ kind: 'folder.delete', path: 'of' });
  await rest();
  expect([...fold().state.emptyFolders]).toEqual([]);
  expect(disk.folders).toEqual([]);
});

test('a file made on both sides at once is kept in both its texts', async () => {
  const { disk, create, texts, onDisk, rest } = await scene();
  disk.put('a.py', 'of the disk\n');
  await create('a.py', 'of the room\n');
  disk.put('b.py', 'same\n');
  await create('b.py', 'same\n');
  disk.put('c.py', 'c\n');
  await create('c.py', '');
  await rest();
  expect(texts()).toEqual({
    'a (from the disk).py': 'of the disk\n',
    'a.py': 'of the room\n',
    'b.py': 'same\n',
    'c.py': 'c\n',
  });
  expect(onDisk()).toEqual(texts());
});

test('line ends of the disk stay as they are', async () => {
  const { disk, edit, texts, rest } = await scene();
  disk.put('dos.txt', 'a\r\nb\r\n');
  disk.put('mixed.txt', 'a\r\nb\n');
  await rest();
  expect(texts()).toEqual({ 'dos.txt': 'a\nb\n', 'mixed.txt': 'a\nb\n' });
  expect(disk.text('mixed.txt')).toBe('a\r\nb\n');
  await edit('dos.txt', 'a\nnew ä\nb\n');
  await edit('mixed.txt', 'a\nnew\nb\n');
  await rest();
  expect(disk.text('dos.txt')).toBe('a\r\nnew ä\r\nb\r\n');
  expect(disk.text('mixed.txt').replaceAll('\r', '')).toBe('a\nnew\nb\n');
});

test('[A25] what the room cannot have stays on the disk, and is told with the reason', async () => {
  const { hana, disk, texts, rest, at, send } = await scene({ 'a.py': 'a\n' });
  disk.put('A.py', 'A\n');
  disk.put('bad\u0007name', 'x');
  disk.put('bad\u0007picture', picture(1));
  disk.put('long', Buffer.alloc(LIMITS.roomBytes + 1));
  disk.put('half', Buffer.alloc(LIMITS.roomBytes / 2 + 1, 1));
  disk.put('half too', Buffer.alloc(LIMITS.roomBytes / 2 + 1, 2));
  await rest();
  const told = () => {
    const apart = hana.notes.flatMap((note) => (note.kind === 'disk' ? [note.disk] : [])).at(-1);
    return Object.fromEntries((apart?.apart ?? []).map(({ path, why }: DiskApart) => [path, why]));
  };
  expect(told()).toEqual({
    'A.py': 'case',
    'bad\u0007name': 'name',
    'bad\u0007picture': 'name',
    long: 'large',
    'half too': 'room',
  });
  expect(Object.keys(texts())).toEqual(['a.py', 'half']);
  // What was in the way has gone.
  disk.put('long', 'text\n');
  await send({ kind: 'file.rename', file: at('a.py'), path: 'b.py' });
  await rest();
  expect(texts()).toMatchObject({ long: 'text\n', 'A.py': 'A\n' });
});

test('what is no text is on both sides as it is, from whichever it comes', async () => {
  const { disk, upload, send, stored, at, texts, onDisk, rest, fold } = await scene({ 'a.py': 'a\n' });
  const first = await upload('img/one.png', picture(1));
  const large = Buffer.alloc(3 * BLOB_PART_BYTES + 1);
  disk.put('two.png', large);
  await rest();
  expect(texts()).toEqual({
    'a.py': 'a\n',
    'img/one.png': `blob ${hashOf(picture(1))}`,
    'two.png': `blob ${hashOf(large)}`,
  });
  expect(onDisk()).toEqual(texts());
  const second = at('two.png');
  await send({ kind: 'file.replace', file: first, blob: await stored(picture(3)) });
  disk.put('two.png', picture(4));
  disk.move('two.png', 'img/two.png');
  await rest();
  await rest();
  expect(at('img/two.png')).toBe(second);
  expect(texts()).toMatchObject({
    'img/one.png': `blob ${hashOf(picture(3))}`,
    'img/two.png': `blob ${hashOf(picture(4))}`,
  });
  expect(onDisk()).toEqual(texts());
  disk.remove('img/one.png');
  await send({ kind: 'file.delete', file: second });
  await rest();
  expect(Object.keys(onDisk())).toEqual(['a.py']);
  await send({ kind: 'file.restore', file: first });
  disk.put('img/two.png', picture(4));
  await rest();
  expect(fold().state.files.get(first)?.path).toBe('img/one.png');
  expect(onDisk()).toEqual(texts());
});

test('a text that becomes something else is another file, and the one before can be brought back', async () => {
  const { disk, at, texts, onDisk, rest, fold } = await scene({ 'a.py': 'a\n' });
  const text = at('a.py');
  disk.put('a.py', picture(1));
  await rest();
  expect(at('a.py')).not.toBe(text);
  expect(fold().state.deleted.get(text)).toMatchObject({ text: 'a\n', blob: null });
  const other = at('a.py');
  disk.put('a.py', 'text again\n');
  await rest();
  expect(texts()).toEqual({ 'a.py': 'text again\n' });
  expect(fold().state.deleted.get(other)?.blob).not.toBeNull();
  expect(onDisk()).toEqual(texts());
});

test('a content that a program changes all the time is stored now and then, and as it is in the end', async () => {
  const { stage, disk, texts, rest, hana } = await scene();
  const changes = () => hana.heard.filter(({ body }) => /^file\.(uploaded|replaced)$/.test(body.kind)).length;
  for (let i = 0; i < 100; i++) {
    disk.put('a.db', picture(i));
    stage.clock.advance(50);
    await settle();
  }
  expect(changes()).toBeLessThanOrEqual(4);
  await rest();
  await rest();
  expect(texts()).toEqual({ 'a.db': `blob ${hashOf(picture(99))}` });
});

test('a move waits for what lies in its way until that is stored, and asks for it seldom', async () => {
  const { disk, send, at, texts, onDisk, rest, stage } = await scene({ a: 'text\n' });
  const soon = async (isSo: () => boolean) => {
    for (let i = 0; i < 20 && !isSo(); i++) {
      await settle();
      stage.clock.advance(10);
    }
    expect(isSo()).toBe(true);
  };
  // The next content that comes to lie there is stored after a while.
  disk.put('c', picture(1));
  await soon(() => 'c' in texts());
  await send({ kind: 'file.delete', file: at('c') });
  await soon(() => !disk.paths.includes('c'));
  const before = disk.heard;
  disk.put('c', picture(2));
  await send({ kind: 'file.rename', file: at('a'), path: 'c' });
  for (let i = 0; i < 3; i++) await rest();
  expect(onDisk()).toEqual(texts());
  expect(Object.values(texts()).sort()).toEqual([`blob ${hashOf(picture(2))}`, 'text\n']);
  expect(disk.heard - before).toBeLessThan(40);
});

test('a file that is made where another was moved away from at once is in the room', async () => {
  const { disk, texts, onDisk, rest, at } = await scene({ 'd/a': 'a\n' });
  const a = at('d/a');
  disk.put('d/a', 'a changed\n');
  await rest();
  disk.move('d/a', 'c');
  disk.put('d/a', 'new\n');
  await rest();
  expect(texts()).toEqual({ c: 'a changed\n', 'd/a': 'new\n' });
  expect(onDisk()).toEqual(texts());
  expect(at('c')).toBe(a);
});

test('a file that is away for the moment in which it is read is in the room', async () => {
  for (let before = 0; before < 8; before++) {
    for (let away = 1; away < 4; away++) {
      const { disk, texts, rest } = await scene();
      disk.put('f/a', 'a\n');
      for (let i = 0; i < before; i++) await Promise.resolve();
      disk.move('f', 'g');
      for (let i = 0; i < away; i++) await Promise.resolve();
      disk.move('g', 'f');
      await rest();
      expect(texts()).toEqual({ 'f/a': 'a\n' });
    }
  }
});

test('a full disk is told, keeps nobody from typing, and has what was typed when there is space again', async () => {
  const { hana, disk, edit, create, texts, onDisk, rest } = await scene({ 'a.py': 'a\n' });
  const told = () => hana.notes.findLast((note) => note.kind === 'disk')?.disk;
  disk.full = true;
  await edit('a.py', 'a\ntyped\n');
  await create('new.py', 'new\n');
  await rest();
  expect(onDisk()).toEqual({ 'a.py': 'a\n' });
  expect(told()?.apart).toEqual([
    { path: 'a.py', why: 'full' },
    { path: 'new.py', why: 'full' },
  ]);
  disk.full = false;
  await rest();
  expect(onDisk()).toEqual(texts());
  expect(told()?.count).toBe(0);
});

test('a room that is full takes no more, and takes the rest when there is space', async () => {
  const { disk, rest, fold, send, at } = await scene({ keep: 'x' });
  for (let i = 0; i < 2_100; i++) disk.put(`many/${i}`, `${i}`);
  for (let i = 0; i < 20; i++) await rest();
  expect(fold().state.files.size).toBe(2_000);
  await send({ kind: 'file.delete', file: at('keep') });
  await rest();
  expect(fold().state.files.size).toBe(2_000);
});

test('a long file that a program changes all the time is taken in now and then, and as it is in the end', async () => {
  const { stage, disk, texts, rest, hana } = await scene();
  const before = hana.heard.length;
  const long = 'line\n'.repeat(200_000);
  for (let i = 0; i < 20; i++) {
    disk.put('log', `${long}${i}\n`);
    stage.clock.advance(20);
    await settle();
  }
  expect(hana.heard.length - before).toBeLessThanOrEqual(3);
  await rest();
  expect(texts().log === `${long}19\n`).toBe(true);
});

test('nothing of a shell that has gone is asked for any more', async () => {
  const { workspace, disk, texts, edit, rest, stage } = await scene({ 'a.py': 'a\n' });
  disk.put('a.py', 'never told\n');
  workspace.listener.ended('The workspace was lost.');
  await rest();
  await edit('a.py', 'b\n');
  expect(texts()).toEqual({ 'a.py': 'b\n' });
  expect(stage.errors).toEqual([]);
});

/** One thing that happens in the room or on the disk. */
async function happens(
  random: Random,
  s: Awaited<ReturnType<typeof scene>>,
  word: () => string,
): Promise<void> {
  const { disk, send, create, upload, stored, edit, texts, at, fold } = s;
  const paths = Object.keys(texts());
  const isText = (path: string) => !texts()[path]!.startsWith('blob ');
  const written = paths.filter(isText);
  const textsOnDisk = disk.paths.filter((path) => !disk.bytes(path)!.includes(0));
  const content = () => picture(...Buffer.from(word()));
  const name = () => random.pick(['a', 'b', 'c', 'd/a', 'd/b', 'd/e/a', 'f/a']);
  const folder = () => random.pick(['d', 'd/e', 'f', 'g']);
  const grown = (text: string) => {
    const lines = text.split('\n');
    lines.splice(random.below(lines.length), 0, word());
    return lines.join('\n');
  };
  switch (random.below(16)) {
    case 0:
    case 1:
      if (written.length > 0) {
        const path = random.pick(written);
        await edit(path, grown(texts()[path]!));
      }
      return;
    case 2:
    case 3:
      if (textsOnDisk.length > 0) {
        const path = random.pick(textsOnDisk);
        disk.put(path, grown(disk.text(path)));
      }
      return;
    case 4:
      await create(name(), word());
      return;
    case 5: {
      const path = name();
      if (!disk.folders.includes(path)) disk.put(path, word());
      return;
    }
    case 6:
      if (paths.length > 0) await send({ kind: 'file.rename', file: at(random.pick(paths)), path: name() });
      return;
    case 7: {
      const [from, to] = [random.pick([...disk.paths, 'a']), name()];
      if (disk.paths.includes(from) && from !== to && !disk.folders.includes(to)) disk.move(from, to);
      return;
    }
    case 8:
      await send({ kind: 'folder.move', from: folder(), to: folder() });
      return;
    case 9: {
      const [from, to] = [folder(), folder()];
      if (disk.folders.includes(from) && !disk.folders.includes(to) && !`${to}/`.startsWith(`${from}/`)) {
        disk.move(from, to);
      }
      return;
    }
    case 12:
      await upload(name(), content());
      return;
    case 13: {
      const path = name();
      if (!disk.folders.includes(path)) disk.put(path, content());
      return;
    }
    case 14: {
      const others = paths.filter((path) => !isText(path));
      if (others.length === 0) return;
      await send({ kind: 'file.replace', file: at(random.pick(others)), blob: await stored(content()) });
      return;
    }
    case 10:
      if (paths.length > 0) await send({ kind: 'file.delete', file: at(random.pick(paths)) });
      return;
    case 11:
      if (disk.paths.length > 0) disk.remove(random.pick([...disk.paths]));
      return;
    default: {
      const deleted = [...fold().state.deleted.keys()];
      if (deleted.length > 0) await send({ kind: 'file.restore', file: random.pick(deleted) });
    }
  }
}

test('whatever happens on both sides, they end alike', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(chance(), async (random) => {
      const s = await scene({ a: '1\n2\n', 'd/a': '3\n', 'd/b': '4\n' });
      let words = 0;
      for (let i = random.below(25); i >= 0; i--) {
        await happens(random, s, () => `w${++words}`);
        if (random.below(3) === 0) await settle();
        if (random.below(4) === 0) s.stage.clock.advance(random.below(80));
      }
      // What comes to lie in one place again and again is stored after a while.
      for (let i = 0; i < 3; i++) await s.rest();
      expect(s.onDisk()).toEqual(s.texts());
      expect(s.stage.errors).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

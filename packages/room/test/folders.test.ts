// Folders: what lies in them goes with them, and empty ones exist.
import { type CommandBody, type FileId, LIMITS, type REFUSALS } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldersOf, type RoomState } from '../src/index.ts';
import { commandOf, happen, open, RandomRoom, steps, whoOf } from './support/random-room.ts';

const ADA = participantId('person-ada-xx');

/** A room of Ada's with empty files at `paths`. */
function roomWith(...paths: readonly string[]): RandomRoom {
  const room = new RandomRoom();
  room.append({ kind: 'room.created', name: 'a room', language: 'python' });
  room.append({ kind: 'member.joined', participant: ADA, name: 'Ada', hue: 1, role: 'host' }, ADA);
  for (const path of paths) does(room, { kind: 'file.create', file: idOf(path), path, text: `in ${path}` });
  return room;
}

const idOf = (path: string): FileId => fileId(`file-${path.replaceAll(/[/.]/g, '-')}`);

/** The code of the refusal, or 'done'. */
function does(room: RandomRoom, command: CommandBody): string {
  const decision = room.decide(ADA, command);
  if (decision.kind === 'refused') return decision.error.code;
  if (decision.kind !== 'fact') throw new Error(`${command.kind} came to ${decision.kind}`);
  room.append(decision.body, ADA);
  return 'done';
}

/** All paths of a room, folders with a slash at their end. */
function tree({ fold: { state } }: RandomRoom): string[] {
  const files = [...state.files.values()].map(({ path }) => path);
  return [...files, ...[...foldersOf(state)].map((path) => `${path}/`)].toSorted();
}

const textOf = ({ fold }: RandomRoom, path: string) => fold.texts.get(idOf(path))?.buffer.toString();

describe('a folder', () => {
  test('is there without a file in it, and is known by its files where it has some', () => {
    const room = roomWith('main.py');
    expect(does(room, { kind: 'folder.create', path: 'a/b' })).toBe('done');
    expect(tree(room)).toEqual(['a/', 'a/b/', 'main.py']);
    expect(does(room, { kind: 'folder.create', path: 'a/b/c' })).toBe('done');
    expect([...room.fold.state.emptyFolders]).toEqual(['a/b/c']);
    expect(does(room, { kind: 'file.create', file: fileId('file-new'), path: 'a/b/c/x.py', text: '' })).toBe(
      'done',
    );
    expect([...room.fold.state.emptyFolders]).toEqual([]);
    expect(tree(room)).toEqual(['a/', 'a/b/', 'a/b/c/', 'a/b/c/x.py', 'main.py']);
  });

  test.each<[string, CommandBody]>([
    ['deleted', { kind: 'file.delete', file: idOf('a/b/x.py') }],
    ['moved', { kind: 'file.rename', file: idOf('a/b/x.py'), path: 'x.py' }],
  ])('stays when its last file is %s', (_, command) => {
    const room = roomWith('a/b/x.py');
    expect(does(room, command)).toBe('done');
    expect(tree(room)).toEqual(expect.arrayContaining(['a/', 'a/b/']));
    expect([...room.fold.state.emptyFolders]).toEqual(['a/b']);
  });

  test('stays when its last folder goes', () => {
    const room = roomWith('a/b/x.py', 'c/d/y.py');
    expect(does(room, { kind: 'folder.move', from: 'a/b', to: 'b' })).toBe('done');
    expect(does(room, { kind: 'folder.delete', path: 'c/d' })).toBe('done');
    expect(tree(room)).toEqual(['a/', 'b/', 'b/x.py', 'c/']);
  });

  test('moves with all that lies in it, and no text changes', () => {
    const room = roomWith('lib/a.py', 'lib/deep/b.py', 'library/c.py', 'main.py');
    does(room, { kind: 'folder.create', path: 'lib/empty' });
    expect(does(room, { kind: 'folder.move', from: 'lib', to: 'src/lib' })).toBe('done');
    expect(tree(room)).toEqual([
      'library/',
      'library/c.py',
      'main.py',
      'src/',
      'src/lib/',
      'src/lib/a.py',
      'src/lib/deep/',
      'src/lib/deep/b.py',
      'src/lib/empty/',
    ]);
    expect(textOf(room, 'lib/deep/b.py')).toBe('in lib/deep/b.py');
  });

  test('may change nothing but its capitals', () => {
    const room = roomWith('lib/a.py', 'p/lib/b.py');
    expect(does(room, { kind: 'folder.move', from: 'lib', to: 'Lib' })).toBe('done');
    expect(does(room, { kind: 'folder.move', from: 'p/lib', to: 'p/LIB' })).toBe('done');
    expect(tree(room)).toEqual(['Lib/', 'Lib/a.py', 'p/', 'p/LIB/', 'p/LIB/b.py']);
  });

  test.each<[keyof typeof REFUSALS, CommandBody]>([
    ['folder.unknown', { kind: 'folder.move', from: 'nowhere', to: 'x' }],
    ['folder.unknown', { kind: 'folder.move', from: 'main.py', to: 'x' }],
    ['folder.unknown', { kind: 'folder.delete', path: 'li' }],
    ['folder.inside', { kind: 'folder.move', from: 'lib', to: 'lib/deep/lib' }],
    ['folder.exists', { kind: 'folder.move', from: 'lib', to: 'other' }],
    ['folder.exists', { kind: 'folder.move', from: 'lib/deep', to: 'lib' }],
    ['folder.exists', { kind: 'folder.move', from: 'single/in', to: 'single' }],
    ['folder.exists', { kind: 'file.rename', file: idOf('single/in/c.py'), path: 'single/in' }],
    ['file.exists', { kind: 'folder.move', from: 'lib', to: 'main.py' }],
    ['file.exists', { kind: 'folder.move', from: 'lib', to: 'main.py/lib' }],
    ['file.case', { kind: 'folder.move', from: 'lib', to: 'Other/lib' }],
    ['file.case', { kind: 'folder.move', from: 'lib', to: 'OTHER' }],
    ['file.case', { kind: 'file.rename', file: idOf('single/in/c.py'), path: 'Single/in/c.py' }],
    ['file.path', { kind: 'folder.move', from: 'lib', to: `${'x/'.repeat(LIMITS.pathSegments - 2)}lib` }],
    ['folder.exists', { kind: 'folder.create', path: 'lib' }],
    ['file.exists', { kind: 'folder.create', path: 'main.py' }],
    ['file.case', { kind: 'folder.create', path: 'LIB' }],
    ['folder.gone', { kind: 'folder.restore', path: 'lib' }],
  ])('is refused with %s: %j', (code, command) => {
    const room = roomWith('main.py', 'lib/a.py', 'lib/deep/b.py', 'other/c.py', 'single/in/c.py');
    const before = tree(room);
    expect(does(room, command)).toBe(code);
    expect(tree(room)).toEqual(before);
  });

  test('says which name is there where two differ only in capitals', () => {
    const room = roomWith('src/Lib/a.py');
    const decision = room.decide(ADA, {
      kind: 'file.create',
      file: fileId('new'),
      path: 'src/lib/b.py',
      text: '',
    });
    expect(decision).toMatchObject({
      error: { message: expect.stringMatching(/^There is “src\/Lib” already/) },
    });
  });

  test('counts as a file where it is empty', () => {
    const room = roomWith();
    for (let i = 0; i < LIMITS.files; i++) room.append({ kind: 'folder.created', path: `f${i}` }, ADA);
    expect(does(room, { kind: 'folder.create', path: 'more' })).toBe('file.tooMany');
    expect(does(room, { kind: 'file.create', file: fileId('more'), path: 'more', text: '' })).toBe(
      'file.tooMany',
    );
  });
});

describe('a folder that was deleted', () => {
  test('comes back with all that lay in it: texts, versions, empty folders', () => {
    const room = roomWith('lib/a.py', 'lib/deep/b.py', 'main.py');
    does(room, { kind: 'folder.create', path: 'lib/empty' });
    does(room, { kind: 'edit', file: idOf('lib/a.py'), base: 0, op: ['# '] });
    const before = tree(room);
    const units = room.order.units;
    expect(does(room, { kind: 'folder.delete', path: 'lib' })).toBe('done');
    expect(tree(room)).toEqual(['main.py']);
    expect(room.order.units).toBe('in main.py'.length);
    expect(does(room, { kind: 'edit', file: idOf('lib/a.py'), base: 1, op: ['x'] })).toBe('file.unknown');

    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('done');
    expect(tree(room)).toEqual(before);
    expect(room.order.units).toBe(units);
    expect(textOf(room, 'lib/a.py')).toBe('# in lib/a.py');
    // What was typed for the version of then finds its place.
    expect(does(room, { kind: 'edit', file: idOf('lib/a.py'), base: 1, op: ['! '] })).toBe('done');
    expect(textOf(room, 'lib/a.py')).toBe('! # in lib/a.py');
    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('folder.gone');
  });

  test('comes back without what was brought back before, and beside what has its names now', () => {
    const room = roomWith('lib/a.py', 'lib/b.py', 'lib/c.py');
    does(room, { kind: 'folder.delete', path: 'lib' });
    does(room, { kind: 'file.restore', file: idOf('lib/a.py') });
    does(room, { kind: 'file.create', file: fileId('file-new'), path: 'lib/b.py', text: 'new' });
    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('done');
    expect(tree(room)).toEqual(['lib/', 'lib/a.py', 'lib/b (restored).py', 'lib/b.py', 'lib/c.py']);
  });

  test('is whole however many files it has, and however many were deleted before', () => {
    const many = Array.from({ length: LIMITS.files - 1 }, (_, i) => `lib/${i}.py`);
    const room = roomWith(...many, 'main.py');
    does(room, { kind: 'file.delete', file: idOf('main.py') });
    does(room, { kind: 'folder.delete', path: 'lib' });
    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('done');
    expect(room.fold.state.files.size).toBe(many.length);
  });

  test('waits until the file that has its name is renamed', () => {
    const room = roomWith('lib/a.py');
    does(room, { kind: 'folder.delete', path: 'lib' });
    does(room, { kind: 'file.create', file: fileId('file-new'), path: 'lib', text: '' });
    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('file.exists');
    does(room, { kind: 'file.rename', file: fileId('file-new'), path: 'lib.txt' });
    expect(does(room, { kind: 'folder.restore', path: 'lib' })).toBe('done');
    expect(tree(room)).toEqual(['lib.txt', 'lib/', 'lib/a.py']);
  });

  test('gives way to later ones, and goes when nothing of it can be brought back', () => {
    const room = roomWith();
    for (let i = 0; i < LIMITS.deletedFoldersKept + 2; i++) {
      does(room, { kind: 'folder.create', path: `f${i}` });
      does(room, { kind: 'folder.delete', path: `f${i}` });
    }
    expect([...room.fold.state.deletedFolders.keys()]).toEqual(
      Array.from({ length: LIMITS.deletedFoldersKept }, (_, i) => `f${i + 2}`),
    );
  });
});

describe('in random rooms, files and folders make one tree', () => {
  /** What is wrong with a tree; null when nothing is. */
  function fault({ files, emptyFolders, deleted }: RoomState): string | null {
    const folders = foldersOf({ files, emptyFolders });
    const names = [...[...files.values()].map(({ path }) => path), ...folders];
    const folded = new Set(names.map((name) => name.toLowerCase()));
    if (folded.size !== names.length) return `two things have one name: ${names.toSorted().join(', ')}`;
    for (const empty of emptyFolders) {
      if (names.some((name) => name.startsWith(`${empty}/`))) return `${empty} is not empty`;
    }
    for (const file of deleted.keys()) if (files.has(file)) return `${file} is deleted, and there`;
    return null;
  }

  test('in which every name is there once, capitals or not, and empty folders are empty', () => {
    fc.assert(
      fc.property(steps(120), (all) => {
        const room = new RandomRoom();
        open(room);
        for (const step of all) {
          const decision = room.decide(whoOf(step), commandOf(room, step));
          if (decision.kind === 'fact') room.append(decision.body, whoOf(step));
          happen(room, step);
          expect(fault(room.fold.state)).toBeNull();
        }
      }),
    );
  });

  test('in which nothing is lost: what goes with its folder comes back with it', () => {
    fc.assert(
      fc.property(steps(80), fc.nat(), (all, n) => {
        const room = new RandomRoom();
        open(room);
        room.append({ kind: 'member.joined', participant: ADA, name: 'Ada', hue: 1, role: 'host' }, ADA);
        for (const step of all) {
          const decision = room.decide(ADA, commandOf(room, step));
          if (decision.kind === 'fact') room.append(decision.body, ADA);
        }
        const folders = [...foldersOf(room.fold.state)];
        fc.pre(folders.length > 0);
        const path = folders[n % folders.length]!;
        const [before, texts] = [tree(room), JSON.stringify(room.fold.toKeyframe().files.toSorted(byId))];
        expect(does(room, { kind: 'folder.delete', path })).toBe('done');
        expect(does(room, { kind: 'folder.restore', path })).toBe('done');
        expect(tree(room)).toEqual(before);
        expect(JSON.stringify(room.fold.toKeyframe().files.toSorted(byId))).toBe(texts);
      }),
    );
  });

  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
});

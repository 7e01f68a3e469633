import { type CommandBody, Language, LIMITS } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { EMPTY_ROOM, programPath, RoomFold, type RoomState } from '../src/index.ts';
import { open, RandomRoom } from './support/random-room.ts';
import { decideIn } from './support/rooms.ts';

test('a room holds so many files', () => {
  const files = Array.from(
    { length: LIMITS.files },
    (_, i) =>
      [fileId(`file-${i}`), { id: fileId(`file-${i}`), path: `${i}`, language: null, blob: null }] as const,
  );
  const state = { ...EMPTY_ROOM, files: new Map(files) };
  const decision = decideIn(state, { kind: 'file.create', file: fileId('one-more'), path: 'more', text: '' });
  expect(decision).toMatchObject({ error: { code: 'file.tooMany' } });
});

test('no file comes into a full room, however short', () => {
  const create = (text: string) =>
    decideIn(
      EMPTY_ROOM,
      { kind: 'file.create', file: fileId('new'), path: 'new', text },
      LIMITS.roomBytes - 5,
    );
  expect(create('fits.')).toMatchObject({ kind: 'fact' });
  expect(create('fits no')).toMatchObject({ error: { code: 'room.tooLarge' } });
});

describe('a deleted file that is brought back', () => {
  const GONE = fileId('gone');
  const kept = (path: string, text = 'kept'): RoomState => ({
    ...EMPTY_ROOM,
    deleted: new Map([
      [
        GONE,
        { id: GONE, path, language: null, blob: null, version: 7, text, by: participantId('ada'), at: 1 },
      ],
    ]),
  });
  const withFiles = (state: RoomState, ...paths: string[]): RoomState => ({
    ...state,
    files: new Map(
      paths.map((path, i) => [fileId(`f${i}`), { id: fileId(`f${i}`), path, language: null, blob: null }]),
    ),
  });
  const restore = (state: RoomState, units = 0) =>
    decideIn(state, { kind: 'file.restore', file: GONE }, units);

  test('has its text, its version and its name', () => {
    expect(restore(kept('a.py'))).toEqual({
      kind: 'fact',
      body: { kind: 'file.restored', file: 'gone', path: 'a.py', version: 7, text: 'kept' },
    });
  });

  test.each([
    ['lib/a.py', ['lib/A.py'], 'lib/a (restored).py'],
    ['lib/sub/a.py', ['LIB/Sub/a.py'], 'LIB/Sub/a (restored).py'],
    ['lib/a.py', ['LIB/b.py'], 'LIB/a.py'],
    ['a.py', ['a.py', 'a (restored).py'], 'a (restored 2).py'],
    ['Makefile', ['Makefile/x'], 'Makefile (restored)'],
    ['.env', ['.env'], '.env (restored)'],
  ])('stands beside what has its name now: %s', (path, others, expected) => {
    expect(restore(withFiles(kept(path), ...others))).toMatchObject({ body: { path: expected } });
  });

  test('is refused where it cannot be, with the reason', () => {
    const code = (state: RoomState, units = 0) => {
      const decision = restore(state, units);
      return decision.kind === 'refused' ? decision.error.code : 'done';
    };
    expect(code(EMPTY_ROOM)).toBe('file.gone');
    expect(
      code({
        ...kept('a.py'),
        files: new Map([[GONE, { id: GONE, path: 'a.py', language: null, blob: null }]]),
      }),
    ).toBe('file.restored');
    expect(code(kept('a.py'), LIMITS.roomBytes - 3)).toBe('room.tooLarge');
    expect(code(kept('a.py'), LIMITS.roomBytes - 4)).toBe('done');
    const full = Array.from({ length: LIMITS.files }, (_, i) => `f/${i}`);
    expect(code(withFiles(kept('a.py'), ...full))).toBe('file.tooMany');
    const long = `${'x'.repeat(LIMITS.pathBytes - 3)}.py`;
    expect(code(withFiles(kept(long), long))).toBe('file.exists');
  });
});

describe('the language of a file', () => {
  const HOST = participantId('person-0-person-xx');
  const SCRIPT = fileId('script');

  function roomWithAScript(path = 'script'): RandomRoom {
    const room = new RandomRoom();
    open(room);
    room.append({ kind: 'member.joined', participant: HOST, name: 'One', hue: 1, role: 'editor' }, HOST);
    room.append({ kind: 'file.created', file: SCRIPT, path, text: '' }, HOST);
    return room;
  }

  const give = (room: RandomRoom, command: CommandBody): void => {
    const decision = room.decide(HOST, command);
    if (decision.kind !== 'fact') throw new Error(`${command.kind} came to ${JSON.stringify(decision)}`);
    room.append(decision.body, HOST);
  };

  test('follows from its name until somebody chooses it, and again when the choice is taken back', () => {
    const room = roomWithAScript();
    const language = () => room.fold.state.files.get(SCRIPT)!.language;
    expect(language()).toBeNull();
    give(room, { kind: 'file.language', file: SCRIPT, language: 'python' });
    expect(language()).toBe('python');
    give(room, { kind: 'file.language', file: SCRIPT, language: null });
    expect(language()).toBeNull();
  });

  test.each<[string, CommandBody[]]>([
    ['another name', [{ kind: 'file.rename', file: SCRIPT, path: 'lib/other.md' }]],
    [
      'its folder’s move',
      [
        { kind: 'file.rename', file: SCRIPT, path: 'lib/script' },
        { kind: 'folder.move', from: 'lib', to: 'bin' },
      ],
    ],
    [
      'its deletion',
      [
        { kind: 'file.delete', file: SCRIPT },
        { kind: 'file.restore', file: SCRIPT },
      ],
    ],
    [
      'its folder’s deletion',
      [
        { kind: 'file.rename', file: SCRIPT, path: 'lib/script' },
        { kind: 'folder.delete', path: 'lib' },
        { kind: 'folder.restore', path: 'lib' },
      ],
    ],
  ])('outlives %s, and a keyframe at any moment of it', (_, commands) => {
    const room = roomWithAScript();
    give(room, { kind: 'file.language', file: SCRIPT, language: 'python' });
    for (const command of commands) {
      give(room, command);
      const { state } = RoomFold.from(room.fold.toKeyframe());
      expect((state.files.get(SCRIPT) ?? state.deleted.get(SCRIPT))?.language).toBe('python');
    }
    expect(room.fold.state.files.get(SCRIPT)?.language).toBe('python');
  });

  test('is not chosen for a file that is not there', () => {
    const room = roomWithAScript();
    give(room, { kind: 'file.delete', file: SCRIPT });
    expect(room.decide(HOST, { kind: 'file.language', file: SCRIPT, language: 'go' })).toMatchObject({
      error: { code: 'file.unknown' },
    });
  });

  test('is what a run is in', () => {
    const room = roomWithAScript();
    const run = () => room.decide(HOST, { kind: 'run.start', entry: SCRIPT });
    expect(run()).toMatchObject({ error: { code: 'run.language' } });
    for (const language of Language.options) {
      give(room, { kind: 'file.language', file: SCRIPT, language });
      expect(run()).toMatchObject({ body: { kind: 'run.started', language, entry: SCRIPT } });
    }
    give(room, { kind: 'file.language', file: SCRIPT, language: 'markdown' });
    expect(run()).toMatchObject({ error: { code: 'run.language' } });
  });

  test('lets a program have a name with its ending where its tools read that, and one that is free', () => {
    const tree = (...paths: string[]) => ({
      files: new Map(paths.map((path, i) => [fileId(`f${i}`), { path }])),
      emptyFolders: new Set<string>(),
    });
    expect(programPath('script', 'python', tree('script'))).toBe('script');
    expect(programPath('lib/script', 'rust', tree('lib/script'))).toBe('lib/script');
    expect(programPath('main.go', 'go', tree('main.go'))).toBe('main.go');
    expect(programPath('lib/main.txt', 'go', tree('lib/main.txt'))).toBe('lib/main.txt.go');
    expect(programPath('script', 'javascript', tree('script'))).toBe('script.js');
    expect(programPath('script', 'go', tree('script', 'Script.go'))).toBe('script (program).go');
  });

  test('cannot be run where no name with its ending can be had', () => {
    const room = roomWithAScript('x'.repeat(LIMITS.pathBytes));
    give(room, { kind: 'file.language', file: SCRIPT, language: 'go' });
    expect(room.decide(HOST, { kind: 'run.start', entry: SCRIPT })).toMatchObject({
      error: { code: 'run.language', message: expect.stringContaining('Rename it') },
    });
    give(room, { kind: 'file.language', file: SCRIPT, language: 'python' });
    expect(room.decide(HOST, { kind: 'run.start', entry: SCRIPT }).kind).toBe('fact');
  });
});

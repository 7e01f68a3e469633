import { LIMITS } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { EMPTY_ROOM, type RoomState } from '../src/index.ts';
import { decideIn } from './support/rooms.ts';

test('a room holds so many files', () => {
  const files = Array.from(
    { length: LIMITS.files },
    (_, i) => [fileId(`file-${i}`), { id: fileId(`file-${i}`), path: `${i}` }] as const,
  );
  const state = { ...EMPTY_ROOM, files: new Map(files) };
  const decision = decideIn(state, { kind: 'file.create', file: fileId('one-more'), path: 'more', text: '' });
  expect(decision).toMatchObject({ error: { code: 'file.tooMany' } });
});

describe('a deleted file that is brought back', () => {
  const GONE = fileId('gone');
  const kept = (path: string, text = 'kept'): RoomState => ({
    ...EMPTY_ROOM,
    deleted: new Map([[GONE, { id: GONE, path, version: 7, text, by: participantId('ada'), at: 1 }]]),
  });
  const withFiles = (state: RoomState, ...paths: string[]): RoomState => ({
    ...state,
    files: new Map(paths.map((path, i) => [fileId(`f${i}`), { id: fileId(`f${i}`), path }])),
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
    expect(code({ ...kept('a.py'), files: new Map([[GONE, { id: GONE, path: 'a.py' }]]) })).toBe(
      'file.restored',
    );
    expect(code(kept('a.py'), LIMITS.roomUnits - 3)).toBe('room.tooLarge');
    expect(code(kept('a.py'), LIMITS.roomUnits - 4)).toBe('done');
    const full = Array.from({ length: LIMITS.files }, (_, i) => `f/${i}`);
    expect(code(withFiles(kept('a.py'), ...full))).toBe('file.tooMany');
    const long = `${'x'.repeat(LIMITS.pathBytes - 3)}.py`;
    expect(code(withFiles(kept(long), long))).toBe('file.exists');
  });
});

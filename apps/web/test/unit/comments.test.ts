import { CommentId } from '@codesync/protocol';
import { commentId, fileId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  foundAgain,
  inOrder,
  lineAround,
  type Placed,
  spotOf,
  startOfLine,
  stepFrom,
} from '../../src/features/comments/places.ts';
import { type Unsent, UnsentComments } from '../../src/features/comments/unsent.ts';
import { FakeRoom, ME } from '../harness/fake-room.ts';

const MAIN = fileId('file-main');
const TEXT = 'def area(r):\n    return 3.14\n\nprint(area(2))';

describe('a place in a text', () => {
  test('is a line and a column from 1', () => {
    expect(spotOf(TEXT, 0)).toEqual({ line: 1, column: 1 });
    expect(spotOf(TEXT, 12)).toEqual({ line: 1, column: 13 });
    expect(spotOf(TEXT, 13)).toEqual({ line: 2, column: 1 });
    expect(spotOf(TEXT, TEXT.indexOf('print'))).toEqual({ line: 4, column: 1 });
    for (const line of [1, 2, 3, 4]) expect(spotOf(TEXT, startOfLine(TEXT, line)).line).toBe(line);
    expect(startOfLine(TEXT, 9)).toBe(TEXT.indexOf('print'));
  });

  test('stands for the words of its line', () => {
    const at = (position: number) => {
      const { start, end } = lineAround(TEXT, position);
      return TEXT.slice(start, end);
    };
    for (const position of [13, 20, 28]) expect(at(position)).toBe('return 3.14');
    expect(at(0)).toBe('def area(r):');
    expect(at(29)).toBe('');
    expect(at(TEXT.length)).toBe('print(area(2))');
    expect(lineAround('   ', 1)).toEqual({ start: 3, end: 3 });
  });

  test('is found again by its words, the nearest ones', () => {
    expect(foundAgain('a two b two', { start: 2, end: 5 }, 'two')).toEqual({ start: 2, end: 5 });
    expect(foundAgain('xx a two b two', { start: 2, end: 5 }, 'two')).toEqual({ start: 5, end: 8 });
    expect(foundAgain('two', { start: 20, end: 23 }, 'two')).toEqual({ start: 0, end: 3 });
    expect(foundAgain('gone', { start: 20, end: 23 }, 'two')).toEqual({ start: 4, end: 4 });
  });
});

describe('threads in order', () => {
  const placed = (id: string, path: string, start: number | null): Placed => ({
    thread: {
      id: commentId(id),
      file: fileId(path),
      quote: '',
      by: null,
      resolved: null,
      comments: [],
    },
    path,
    range: start === null ? null : { start, end: start },
    line: 1,
  });
  const all = inOrder([
    placed('lost', 'a.py', null),
    placed('b-late', 'b.py', 9),
    placed('b-early', 'b.py', 1),
    placed('a-only', 'a.py', 3),
  ]);
  const next = (by: 1 | -1, chosen: string | null, file = 'none', position = 0) =>
    stepFrom(all, chosen === null ? null : commentId(chosen), { file: fileId(file), position }, by)?.thread
      .id;

  test('are by file and place, those of deleted files last', () => {
    expect(all.map(({ thread }) => thread.id)).toEqual(['a-only', 'b-early', 'b-late', 'lost']);
  });

  test('are gone through both ways and round, never to what has no place', () => {
    expect(['a-only', 'b-early', 'b-late'].map((chosen) => next(1, chosen))).toEqual([
      'b-early',
      'b-late',
      'a-only',
    ]);
    expect(['a-only', 'b-early', 'b-late'].map((chosen) => next(-1, chosen))).toEqual([
      'b-late',
      'a-only',
      'b-early',
    ]);
    expect(next(1, null, 'b.py', 5)).toBe('b-late');
    expect(next(-1, null, 'b.py', 5)).toBe('b-early');
    expect(next(1, null)).toBe('a-only');
    expect(next(-1, null)).toBe('b-late');
    expect(stepFrom([], null, null, 1)).toBeUndefined();
  });
});

describe('a comment that is not in the room yet', () => {
  let kept: Map<string, string>;
  let room: FakeRoom;
  let stops: (() => void)[];

  const storage = () =>
    ({
      get length() {
        return kept.size;
      },
      key: (i: number) => [...kept.keys()][i] ?? null,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    }) as unknown as Storage;

  const unsent = (name: string, more: Partial<Extract<Unsent, { kind: 'open' }>> = {}): Unsent => ({
    kind: 'open',
    comment: CommentId.parse(name),
    file: MAIN,
    start: 4,
    end: 8,
    quote: 'area',
    text: 'Why?',
    at: 1,
    refused: null,
    ...more,
  });

  const online = (is: boolean) =>
    room.patch({
      connection: is ? { kind: 'online', rttMs: 1, way: 'websocket' } : { kind: 'offline', since: 0 },
    });

  function page(): UnsentComments {
    const made = new UnsentComments(room, storage);
    stops.push(made.start());
    return made;
  }

  const settled = (comments: UnsentComments) =>
    vi.waitFor(() => expect(comments.state.getState()).toEqual([]));
  const wordsOf = (name: string) => {
    const { start, end } = room.anchors(MAIN).get(commentId(name))!;
    return room.text(MAIN)!.slice(start, end);
  };

  beforeEach(() => {
    kept = new Map();
    stops = [];
    room = new FakeRoom();
    room.log({ kind: 'file.created', file: MAIN, path: 'main.py', text: TEXT });
  });
  afterEach(() => {
    for (const stop of stops) stop();
  });

  test('is sent at once, and kept no longer', async () => {
    const comments = page();
    comments.add(unsent('comment-one'));
    expect(kept.size).toBe(1);
    await settled(comments);
    expect(kept.size).toBe(0);
    expect(wordsOf('comment-one')).toBe('area');
  });

  test('waits for the connection, and goes with its words meanwhile', async () => {
    online(false);
    const comments = page();
    comments.add(unsent('comment-one'));
    room.document(MAIN)!.edit(['# first\n'], true);
    expect(comments.state.getState()).toMatchObject([{ start: 12, end: 16 }]);
    expect(room.view().room.threads.size).toBe(0);
    online(true);
    await settled(comments);
    expect(wordsOf('comment-one')).toBe('area');
  });

  test('outlives its page, and is found where its words are', async () => {
    online(false);
    page().add(unsent('comment-one'));
    for (const stop of stops.splice(0)) stop();
    room.document(MAIN)!.edit(['# first\n'], true);
    const comments = page();
    expect(comments.state.getState()).toMatchObject([{ comment: 'comment-one', start: 12 }]);
    online(true);
    await settled(comments);
    expect(wordsOf('comment-one')).toBe('area');
    expect(kept.size).toBe(0);
  });

  test('is there once, though two pages send it', async () => {
    online(false);
    const first = page();
    first.add(unsent('comment-one'));
    const second = page();
    expect(second.state.getState()).toHaveLength(1);
    online(true);
    await settled(first);
    await settled(second);
    expect(room.view().room.threads.size).toBe(1);
  });

  test('that the room refuses stays, says why, and is sent again or thrown away', async () => {
    room.log({ kind: 'file.deleted', file: MAIN });
    const comments = page();
    comments.add(unsent('comment-one'));
    await vi.waitFor(() => expect(comments.state.getState()[0]?.refused).toContain('no longer exists'));
    expect(kept.size).toBe(1);
    room.log({ kind: 'file.restored', file: MAIN, path: 'main.py', version: 0, text: TEXT });
    comments.retry(commentId('comment-one'));
    await settled(comments);
    expect(wordsOf('comment-one')).toBe('area');
    comments.add({ ...unsent('reply-one'), kind: 'reply', thread: commentId('comment-none') } as Unsent);
    await vi.waitFor(() => expect(comments.state.getState()[0]?.refused).not.toBeNull());
    comments.discard(commentId('reply-one'));
    expect(kept.size).toBe(0);
  });

  test('of somebody else who used this browser is not sent', () => {
    const value = { by: 'somebody-else-00000', unsent: unsent('comment-one') };
    kept.set(`codesync-comment:${room.view().id}:comment-one`, JSON.stringify(value));
    kept.set(`codesync-comment:${room.view().id}:comment-two`, '{"torn');
    kept.set(
      `codesync-comment:${room.view().id}:comment-six`,
      JSON.stringify({ by: ME, unsent: { kind: 'open' } }),
    );
    expect(page().state.getState()).toEqual([]);
  });
});

// Comments: who may do what with them, where they stand, and what becomes of them when their file goes.
import { CommandBody, LIMITS } from '@codesync/protocol';
import { commentId, fileId, participantId } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { RoomFold } from '../src/index.ts';
import { open, RandomRoom } from './support/random-room.ts';

const [ADA, EDDA, VERA, VITO] = ['ada', 'edda', 'vera', 'vito'].map((name) =>
  participantId(`${name}-0123456789abcdef`),
) as [P, P, P, P];
type P = ReturnType<typeof participantId>;
const MAIN = fileId('file-main');
const WHY = commentId('comment-why');

let room: RandomRoom;

function ask(who: P, command: Parameters<RandomRoom['decide']>[1]): string {
  const decision = room.decide(who, command);
  if (decision.kind === 'fact') room.append(decision.body, who);
  return decision.kind === 'refused' ? decision.error.code : decision.kind;
}

const type = (op: readonly (number | string)[]) => {
  const { version } = room.fold.texts.get(MAIN)!;
  return ask(ADA, { kind: 'edit', file: MAIN, base: version, op });
};

/** On “ell” of the “hello” in the file, unless told otherwise. */
const begin = (who: P, comment = WHY, more: object = {}) =>
  ask(who, {
    kind: 'comment.open',
    comment,
    file: MAIN,
    version: 0,
    start: 1,
    end: 4,
    text: 'Why?',
    ...more,
  });

const reply = (who: P, name: string, text = 'So.') =>
  ask(who, { kind: 'comment.reply', thread: WHY, comment: commentId(name), text });

/** What the thread is about now. */
function words(comment = WHY): string | undefined {
  const { buffer, anchors } = room.fold.texts.get(MAIN)!;
  const range = anchors?.get(comment);
  return range === undefined ? undefined : buffer.slice(range.start, range.end);
}

const thread = (comment = WHY) => room.fold.state.threads.get(comment);

beforeEach(() => {
  room = new RandomRoom();
  open(room);
  for (const [who, role] of [
    [ADA, 'host'],
    [EDDA, 'editor'],
    [VERA, 'viewer'],
    [VITO, 'viewer'],
  ] as const)
    room.append({ kind: 'member.joined', participant: who, name: who, hue: 1, role }, who);
});

describe('a thread', () => {
  test('is begun by whoever is in the room, a viewer too, and says what it is about', () => {
    expect(begin(VERA)).toBe('fact');
    expect(thread()).toMatchObject({ file: MAIN, quote: 'ell', by: VERA, resolved: null });
    expect(thread()!.comments).toMatchObject([{ id: WHY, by: VERA, text: 'Why?', editedAt: null }]);
    expect(begin(participantId('nobody-0123456789'), commentId('comment-two'))).toBe('room.removed');
  });

  test('is begun once, however often it is asked for', () => {
    expect(begin(VERA)).toBe('fact');
    expect(begin(VERA)).toBe('comment.exists');
    expect(reply(EDDA, 'reply-one')).toBe('fact');
    expect(reply(EDDA, 'reply-one')).toBe('comment.exists');
    expect(reply(EDDA, WHY)).toBe('comment.exists');
    expect(thread()!.comments).toHaveLength(2);
  });

  test('that was written for an old version comes to stand on the same words', () => {
    type(['# well, ']);
    type([9, '-']);
    expect(words()).toBeUndefined();
    expect(begin(VERA)).toBe('fact');
    expect(words()).toBe('ell');
    expect(thread()!.quote).toBe('ell');
    expect(begin(VERA, commentId('comment-two'), { start: 0, end: 2 })).toBe('fact');
    expect(words(commentId('comment-two'))).toBe('h-e');
  });

  test('that was written for a version the memory no longer has asks for the edits since', () => {
    for (let i = 0; i < 600; i++) type(['x']);
    const again = new RandomRoom(RoomFold.from(room.fold.toKeyframe()));
    const command = {
      kind: 'comment.open',
      comment: WHY,
      file: MAIN,
      version: 0,
      start: 1,
      end: 4,
      text: 'a',
    } as const;
    expect(again.decide(VERA, command, room.log)).toEqual(room.decide(VERA, command));
    expect(room.decide(VERA, command)).toMatchObject({ body: { start: 601, end: 604, quote: 'ell' } });
  });

  test('that was written for a version of long ago is refused, so that no log is read for it', () => {
    const { version } = room.fold.texts.get(MAIN)!;
    for (let i = 0; i <= LIMITS.resumeEvents; i++)
      room.append({ kind: 'edit', file: MAIN, version: version + i + 1, op: i % 2 === 0 ? ['x'] : [-1] });
    expect(begin(VERA)).toBe('comment.place');
    expect(begin(VERA, WHY, { version: 1 })).not.toBe('comment.place');
  });

  test('of a place that is not in the file is refused', () => {
    for (const range of [{ start: 3, end: 2 }, { end: 100 }, { version: 1 }, { version: 2 ** 52 }])
      expect(begin(VERA, WHY, range)).toBe('comment.place');
    expect(begin(VERA, WHY, { file: fileId('file-none') })).toBe('file.unknown');
    expect(room.fold.state.threads.size).toBe(0);
  });

  test('stays on its words in every edit, on a page that came in the middle as well', () => {
    begin(VERA);
    type([1, '<', 3, '>']);
    expect(words()).toBe('ell');
    const page = RoomFold.from(JSON.parse(JSON.stringify(room.fold.toKeyframe())));
    const seen = room.log.length;
    type([3, '__']);
    expect(words()).toBe('e__ll');
    type([1, -7]);
    expect(words()).toBe('');
    for (const event of room.log.slice(seen)) page.apply(event);
    expect(page.texts.get(MAIN)!.anchors).toEqual(room.fold.texts.get(MAIN)!.anchors);
    expect(thread()!.quote).toBe('ell');
  });

  test('stays with a file that is renamed, deleted and brought back', () => {
    begin(VERA);
    ask(ADA, { kind: 'file.rename', file: MAIN, path: 'lib/other.py' });
    type(['oh, ']);
    ask(ADA, { kind: 'file.delete', file: MAIN });
    expect(thread()).toMatchObject({ file: MAIN });
    expect(reply(EDDA, 'reply-gone')).toBe('fact');
    const kept = RoomFold.from(JSON.parse(JSON.stringify(room.fold.toKeyframe())));
    expect(kept.state.deleted.get(MAIN)?.anchors).toEqual([{ thread: WHY, start: 5, end: 8 }]);
    ask(ADA, { kind: 'file.restore', file: MAIN });
    expect(words()).toBe('ell');
    ask(ADA, { kind: 'folder.delete', path: 'lib' });
    ask(ADA, { kind: 'folder.restore', path: 'lib' });
    expect(words()).toBe('ell');
    expect(begin(VERA, commentId('comment-gone'), { version: 1, file: MAIN })).toBe('fact');
  });

  test('of a file that was deleted is not begun', () => {
    ask(ADA, { kind: 'file.delete', file: MAIN });
    expect(begin(VERA)).toBe('file.unknown');
  });

  test('is resolved and reopened by editors and whoever began it', () => {
    begin(VERA);
    const resolve = (who: P) => ask(who, { kind: 'comment.resolve', thread: WHY });
    const reopen = (who: P) => ask(who, { kind: 'comment.reopen', thread: WHY });
    expect(resolve(VITO)).toBe('comment.resolve');
    expect(reopen(VERA)).toBe('comment.open');
    expect(resolve(VERA)).toBe('fact');
    expect(thread()!.resolved).toMatchObject({ by: VERA });
    expect(resolve(EDDA)).toBe('comment.resolved');
    expect(reopen(VITO)).toBe('comment.resolve');
    expect(reopen(EDDA)).toBe('fact');
    expect(thread()!.resolved).toBeNull();
    expect(ask(ADA, { kind: 'comment.resolve', thread: commentId('comment-none') })).toBe('comment.unknown');
  });
});

describe('a comment', () => {
  beforeEach(() => {
    begin(VERA);
    reply(EDDA, 'reply-one');
  });

  test('is written anew by its author only', () => {
    const edit = (who: P, comment = WHY) =>
      ask(who, { kind: 'comment.edit', thread: WHY, comment, text: 'Why so?' });
    for (const who of [ADA, EDDA, VITO]) expect(edit(who)).toBe('comment.notYours');
    expect(edit(VERA, commentId('comment-none'))).toBe('comment.unknown');
    expect(edit(VERA)).toBe('fact');
    expect(thread()!.comments[0]).toMatchObject({ text: 'Why so?', by: VERA, editedAt: expect.any(Number) });
    expect(thread()!.comments[1]).toMatchObject({ text: 'So.', editedAt: null });
  });

  test('is deleted by its author or the host, and the thread goes with the last', () => {
    const remove = (who: P, comment: string) =>
      ask(who, { kind: 'comment.delete', thread: WHY, comment: commentId(comment) });
    expect(remove(EDDA, WHY)).toBe('comment.notYours');
    expect(remove(VITO, 'reply-one')).toBe('comment.notYours');
    expect(remove(VERA, WHY)).toBe('fact');
    expect(remove(VERA, WHY)).toBe('comment.unknown');
    expect(thread()).toMatchObject({ by: VERA, comments: [{ id: 'reply-one' }] });
    expect(words()).toBe('ell');
    expect(remove(ADA, 'reply-one')).toBe('fact');
    expect(thread()).toBeUndefined();
    expect(words()).toBeUndefined();
    expect(reply(EDDA, 'reply-two')).toBe('comment.unknown');
  });
});

describe('a room', () => {
  test('keeps so many threads', () => {
    for (let i = 0; i < LIMITS.threads; i++) expect(begin(VERA, commentId(`comment-${i}`))).toBe('fact');
    expect(begin(ADA)).toBe('comment.tooMany');
  });

  test('keeps so many comments in a thread', () => {
    begin(VERA);
    for (let i = 1; i < LIMITS.commentsPerThread; i++) expect(reply(EDDA, `reply-${i}`)).toBe('fact');
    expect(reply(EDDA, 'reply-more')).toBe('comment.threadFull');
  });

  test('keeps so much text of comments, which can still be shortened', () => {
    const text = 'x'.repeat(LIMITS.commentUnits);
    const full = LIMITS.commentUnitsOfAll / LIMITS.commentUnits;
    for (let i = 0; i < full; i++) expect(begin(VERA, commentId(`comment-${i}`), { text })).toBe('fact');
    expect(begin(ADA)).toBe('comment.tooMuch');
    const of = { thread: commentId('comment-0'), comment: commentId('comment-0') };
    expect(ask(VERA, { kind: 'comment.edit', ...of, text: 'short' })).toBe('fact');
    expect(begin(ADA)).toBe('fact');
  });

  test('takes no comment that is empty, too long, torn or more than a comment', () => {
    const good = { kind: 'comment.open', comment: WHY, file: MAIN, version: 0, start: 0, end: 1, text: 'a' };
    expect(CommandBody.safeParse(good).success).toBe(true);
    for (const bad of [
      { text: ' \n ' },
      { text: 'x'.repeat(LIMITS.commentUnits + 1) },
      { text: '\ud800' },
      { text: ['a'] },
      { start: -1 },
      { start: 0.5 },
      { end: Number.MAX_SAFE_INTEGER + 1 },
      { comment: '__proto__ is no id' },
      { by: ADA },
    ])
      expect(CommandBody.safeParse({ ...good, ...bad }).success).toBe(false);
  });
});

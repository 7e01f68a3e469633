import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Op } from '@codesync/ot';
import { EventBody, type Keyframe, LIMITS, RoomName } from '@codesync/protocol';
import { UNCOMPARABLE, withInEachPlace } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { FORMAT, parsed, RoomFold, readEvent, readKeyframe, Unreadable } from '../src/index.ts';

const FOLDER = join(import.meta.dirname, 'golden');

type EventRow = {
  readonly seq: number;
  readonly at: number;
  readonly actor: string | null;
  readonly client_id: string | null;
  readonly client_seq: number | null;
  readonly kind: string;
  readonly body: string;
};

function golden<T>(format: number, name: string): readonly T[] {
  return JSON.parse(readFileSync(join(FOLDER, `format-${format}`, `${name}.json`), 'utf8'));
}

/** Rows as the store gives them, with ids that are strings until they are read. */
const storedEvents = (format: number): readonly unknown[] =>
  golden<EventRow>(format, 'events').map(({ seq, at, actor, client_id, client_seq, body }) => {
    const origin = client_id === null ? {} : { origin: { client: client_id, clientSeq: client_seq! } };
    return { seq, at, actor, ...origin, body: JSON.parse(body) };
  });

const storedKeyframes = (format: number, name: string): readonly unknown[] =>
  golden<{ readonly body: string }>(format, name).map(({ body }) => JSON.parse(body));

const readAnyEvent = (format: number, stored: unknown) =>
  readEvent(format, stored as Parameters<typeof readEvent>[1]);

const eventsOf = (format: number) => storedEvents(format).map((stored) => readAnyEvent(format, stored));

const keyframesOf = (format: number, name: string) =>
  storedKeyframes(format, name).map((stored) => readKeyframe(format, stored));

const json = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Keyframes before this format did not say who typed into a run, nor who ended its input. Events always did. */
const WITH_TYPISTS = 3;

/** A keyframe without what those of that format did not say. */
function asOf(format: number, keyframe: Keyframe): unknown {
  if (format >= WITH_TYPISTS) return json(keyframe);
  const runs = keyframe.runs.map(({ inputEnded: _, ...run }) => ({
    ...run,
    output: run.output.map((piece) => (piece.stream === 'stdin' ? { ...piece, by: undefined } : piece)),
  }));
  return json({ ...keyframe, runs });
}

const FORMATS = Array.from({ length: FORMAT }, (_, i) => i + 1);

test('the golden files of all formats together have every kind of event that there is', () => {
  const kinds = new Set(FORMATS.flatMap(eventsOf).map(({ body }) => body.kind));
  const all = EventBody.options.map(({ shape }) => shape.kind.value);
  // A new kind comes with a new format: see docs/changing-the-log.md.
  expect([...kinds].toSorted()).toEqual(all.toSorted());
});

test('keyframes of before a field was known have its default', () => {
  const [now] = keyframesOf(1, 'keyframes');
  const older = keyframesOf(1, 'older-keyframes');
  expect(older.length).toBe(3);
  for (const keyframe of older)
    expect(keyframe).toEqual({ ...now, entry: null, workFolder: 'room', deleted: [] });
});

test('files of before languages could be chosen have the one that their names say', () => {
  for (const format of [1, 2, 3]) {
    const files = keyframesOf(format, 'keyframes').flatMap(({ files, deleted }) => [...files, ...deleted]);
    expect(new Set(files.map(({ language }) => language))).toEqual(new Set([null]));
  }
  const [, ...languages] = keyframesOf(4, 'keyframes').map(({ files, deleted }) =>
    [...files, ...deleted].flatMap(({ path, language }) => (language === null ? [] : `${path} ${language}`)),
  );
  expect(languages.slice(-5)).toEqual([
    ['main.py markdown', 'script python'],
    ['bin/script python'],
    ['bin/script python'],
    ['bin/script python'],
    ['bin/script python'],
  ]);
});

test('files of before there were others are text', () => {
  const blobsOf = (format: number) =>
    keyframesOf(format, 'keyframes').map(({ files, deleted }) =>
      [...files, ...deleted].flatMap(({ path, blob }) => (blob === null ? [] : `${path} ${blob.bytes}`)),
    );
  for (const format of [1, 2, 3, 4]) expect(blobsOf(format).flat()).toEqual([]);
  expect(blobsOf(5).slice(-5)).toEqual([
    ['img/logo.png 70123', 'img/empty.bin 0'],
    ['img/duck.png 1048577', 'img/empty.bin 0'],
    ['img/duck.png 1048577', 'img/empty.bin 0'],
    ['img/empty.bin 0', 'pictures/duck.png 1048577'],
    ['pictures/duck.png 1048577', 'img/empty.bin 0'],
  ]);
});

test('rooms of before there were comments have none', () => {
  const threads = (format: number) =>
    keyframesOf(format, 'keyframes').map(({ threads, files, deleted }) => [
      ...threads.map(
        ({ id, comments, resolved }) => `${id} ${comments.length}${resolved ? ' resolved' : ''}`,
      ),
      ...[...files, ...deleted].flatMap(({ anchors = [] }) => anchors.map(({ start, end }) => end - start)),
    ]);
  for (const format of [1, 2, 3, 4, 5]) expect(threads(format).flat()).toEqual([]);
  expect(threads(6).slice(-14, -9)).toEqual([
    ['comment-world 2', 'comment-kanji 1', 5, 2],
    ['comment-world 2 resolved', 'comment-kanji 1', 5, 0],
    ['comment-world 1 resolved', 'comment-kanji 1', 5, 0],
    ['comment-world 1 resolved', 'comment-kanji 1', 5, 0],
    ['comment-world 1 resolved', 5],
  ]);
});

test('rooms of before there was a chat have nothing said in them', () => {
  const saidIn = (format: number) =>
    keyframesOf(format, 'keyframes').map(({ messages, messagePlaces }) => [
      messages.map(({ text }) => text),
      messagePlaces.map(({ from, to }) => [from, to]),
    ]);
  for (const format of [1, 2, 3, 4, 5]) expect(saidIn(format).flat(2)).toEqual([]);
  expect(saidIn(6).slice(-9, -3)).toEqual([
    [['Hello **Bob**, see <@bob-bob-bob-bob-22> 👋🏽', 'here?'], [[15, 17]]],
    [['Hello **Bob**, see <@bob-bob-bob-bob-22> 👋🏽', 'here?'], [[26, 28]]],
    ...Array(4).fill([['Hello all', 'here?'], [[26, 28]]]),
  ]);
  const among = keyframesOf(6, 'keyframes').map(({ hostMessages }) => hostMessages.map(({ text }) => text));
  expect(among.slice(-6, -3)).toEqual([[], ['between us hosts'], ['between us hosts']]);
});

test('an edit is read that concurrent ones have made longer than a client may send it', () => {
  const op: Op = Array.from({ length: LIMITS.opComponents + 1 }, (_, i) => (i % 2 === 0 ? -1 : 1));
  const body = { kind: 'edit', file: 'file-main', version: 1, op };
  expect(readEvent(FORMAT, { seq: 1, at: 0, actor: null, body }).body).toEqual(body);
});

describe.each(FORMATS)('what was stored with format %i', (format) => {
  const events = eventsOf(format);

  test('is read with nothing lost: each event says what its row says', () => {
    const rows = golden<EventRow>(format, 'events');
    expect(events.map(({ body }) => json(body))).toEqual(rows.map(({ body }) => JSON.parse(body)));
    expect(events.map(({ body }) => body.kind)).toEqual(rows.map(({ kind }) => kind));
  });

  test('[INV5] folds to the keyframes that were written then, at each of their seqs', () => {
    const keyframes = keyframesOf(format, 'keyframes');
    const fold = new RoomFold();
    const seen: number[] = [];
    for (const event of events) {
      fold.apply(event);
      const keyframe = keyframes.find(({ seq }) => seq === fold.seq);
      if (keyframe === undefined) continue;
      seen.push(keyframe.seq);
      expect(asOf(format, fold.toKeyframe())).toEqual(keyframe);
    }
    expect(seen).toEqual(keyframes.map(({ seq }) => seq));
  });

  test('goes on from a keyframe to the same room', () => {
    const [first, ...others] = keyframesOf(format, 'keyframes');
    const fold = RoomFold.from(first!);
    for (const event of events.slice(first!.seq)) fold.apply(event);
    expect(asOf(format, fold.toKeyframe())).toEqual(asOf(format, others.at(-1)!));
  });

  test('is the same read twice', () => {
    for (const keyframe of keyframesOf(format, 'keyframes'))
      expect(readKeyframe(FORMAT, json(keyframe))).toEqual(keyframe);
    for (const event of events) expect(readEvent(FORMAT, json(event))).toEqual(event);
  });
});

describe('what cannot be read is named', () => {
  const event = (body: unknown) => ({ seq: 17, at: 0, actor: null, body });
  const problem = (read: () => unknown): Unreadable => {
    try {
      read();
    } catch (error) {
      if (error instanceof Unreadable) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  test.each([
    ['a kind that is not known', { kind: 'sketch.drawn' }, /Event 17 has the kind "sketch.drawn"/],
    ['a kind that every object has a value for', { kind: 'toString' }, /Event 17 has the kind "toString"/],
  ])('%s: it may be of a newer version', (_, body, message) => {
    const { newer, message: said } = problem(() => readEvent(FORMAT, event(body)));
    expect(said).toMatch(message);
    expect(newer).toBe(true);
  });

  test.each([0, 1.5, Number.NaN, FORMAT + 1])('format %s', (format) => {
    for (const read of [
      () => readEvent(format, event({ kind: 'room.locked', locked: true })),
      () => readKeyframe(format, { seq: 17 }),
    ]) {
      const { newer, message } = problem(read);
      expect(message).toContain(`17 has the format ${format}`);
      expect(newer).toBe(format > FORMAT);
    }
  });

  test.each([
    ['no body at all', null, 'body'],
    ['no kind', {}, 'body.kind'],
    ['a field that is missing', { kind: 'room.locked' }, 'body.locked'],
    [
      'an operation that is not canonical',
      { kind: 'edit', file: 'file-main', version: 1, op: [1, 1] },
      'body.op',
    ],
    ['an id that is none', { kind: 'file.deleted', file: '../..' }, 'body.file'],
  ])('%s: it is damaged, and nothing of its text is told', (_, body, where) => {
    const { newer, message } = problem(() => readEvent(FORMAT, event(body)));
    expect(newer).toBe(false);
    expect(message).toContain(`damaged at “${where}”`);
  });

  test.each(FORMATS)('a value without text or number in any place of what has format %i', (format) => {
    const readOrNamed = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    };
    for (const hostile of UNCOMPARABLE.flatMap((value) => [value, { length: value }])) {
      for (const event of storedEvents(format)) {
        for (const copy of withInEachPlace(event, hostile)) readOrNamed(() => readAnyEvent(format, copy));
      }
      for (const keyframe of storedKeyframes(format, 'keyframes')) {
        for (const copy of withInEachPlace(keyframe, hostile)) readOrNamed(() => readKeyframe(format, copy));
      }
    }
  });

  test.each(UNCOMPARABLE.map((length, n) => [n, length]))(
    'a value that a schema fails at: %#',
    (_, length) => {
      expect(problem(() => parsed(RoomName, { length }, 'A name')).message).toContain('A name is damaged');
    },
  );

  test('a keyframe that lacks what it must have', () => {
    const [stored] = golden<{ readonly body: string }>(1, 'keyframes');
    const { members: _, ...rest } = JSON.parse(stored!.body);
    expect(problem(() => readKeyframe(1, rest)).message).toContain(
      'The keyframe at 3 is damaged at “members”',
    );
  });
});

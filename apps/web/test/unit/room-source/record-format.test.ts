import 'fake-indexeddb/auto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, pendingOp, restoreClient } from '@codesync/ot';
import { UNCOMPARABLE, withInEachPlace } from '@codesync/protocol/testing';
import { FORMAT, RoomFold, Unreadable } from '@codesync/room';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { storedLastWords } from '../../../src/room-source/last-words.ts';
import type { ClientRecord, StoredRoom } from '../../../src/room-source/record.ts';
import { bringUpToDate } from '../../../src/room-source/record.ts';
import { readLastWords, readRecord, readStoredRoom } from '../../../src/room-source/record-format.ts';
import { indexedDbRecords } from '../../../src/room-source/record-store.ts';
import { FILE } from './support/fake-server.ts';

type Stored = { readonly key: [string, string]; readonly value: object };
type Golden = {
  readonly what: string;
  readonly records: readonly Stored[];
  readonly keyframes: readonly Stored[];
  readonly events: readonly Stored[];
  readonly lastWords: readonly object[];
  /** What the page showed. */
  readonly text: string;
};

const FOLDER = join(import.meta.dirname, 'golden');
const FORMATS = Array.from({ length: FORMAT }, (_, i) => i + 1);

const goldenOf = (format: number): Readonly<Record<string, Golden>> =>
  JSON.parse(readFileSync(join(FOLDER, `format-${format}.json`), 'utf8'));

const golden = goldenOf(1);

const partsOf = ({ records, keyframes, events }: Golden) => ({
  record: records[0]!.value,
  keyframe: keyframes[0]!.value,
  events: events.map(({ value }) => value),
});

/** A record as it was stored with that format; the first one has no number. */
const withFormatOf = (format: number, record: ClientRecord) =>
  format === 1 ? record : { ...record, format };

/** The text that a page shows which goes on from there. */
function shown({ keyframe, events, record }: StoredRoom): string {
  const fold = RoomFold.from(keyframe);
  for (const event of events) fold.apply(event);
  const text = fold.texts.get(FILE)!.buffer.toString();
  const pending = record.pending.find(({ file }) => file === FILE);
  const op = pending === undefined ? null : pendingOp(restoreClient(pending.client));
  return op === null ? text : apply(text, op);
}

it('there are golden records of every format', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(files.toSorted()).toEqual(FORMATS.map((format) => `format-${format}.json`).toSorted());
});

describe.each(FORMATS)('records of pages of format %i', (format) => {
  const moments = goldenOf(format);

  it.each(Object.entries(moments))('%s: shows what that page showed', (_, moment) => {
    const stored = readStoredRoom(partsOf(moment));
    const words = moment.lastWords.map((each) => readLastWords(JSON.stringify(each)))[0] ?? null;
    expect(shown(bringUpToDate(stored, words)!)).toBe(moment.text);
  });

  it('are of the same six moments', () => {
    expect(Object.keys(moments)).toEqual(Object.keys(golden));
  });

  it('keep every pending edit, its number, and every notice', () => {
    for (const moment of Object.values(moments)) {
      const { record } = readStoredRoom(partsOf(moment));
      expect(withFormatOf(format, record)).toEqual(moment.records[0]!.value);
    }
  });

  it('are written anew as a whole unless their keyframe and their events are of the format of today', () => {
    for (const moment of Object.values(moments))
      expect(readStoredRoom(partsOf(moment)).settled).toBe(format === FORMAT);
  });

  it('of before changes were counted have no count', () => {
    const record = structuredClone(partsOf(moments['in-flight']!).record) as {
      pending: { changes?: number }[];
    };
    delete record.pending[0]!.changes;
    expect(readRecord(record).pending[0]).not.toHaveProperty('changes');
  });
});

describe('what the keyframes of a format lack', () => {
  const keyframeOf = (format: number) => readStoredRoom(partsOf(goldenOf(format).synchronized!)).keyframe;

  it('has its default in those of format 1', () => {
    expect(keyframeOf(1)).toMatchObject({ entry: null, workFolder: 'room', deleted: [] });
  });

  it('is there in those of format 2', () => {
    const deleted = { id: 'file-gone', path: 'old.py', text: 'print("old")\n' };
    expect(keyframeOf(2)).toMatchObject({ entry: FILE, workFolder: 'entry', deleted: [deleted] });
  });

  it('has no folders of their own before format 3', () => {
    for (const format of [1, 2])
      expect(keyframeOf(format)).toMatchObject({ emptyFolders: [], deletedFolders: [] });
    expect(keyframeOf(3)).toMatchObject({
      emptyFolders: ['docs/drafts'],
      deletedFolders: [{ path: 'lib', files: ['file-lib'], empty: ['lib/empty'] }],
    });
  });

  it('has no chosen languages before format 4', () => {
    const languages = (format: number) =>
      [...keyframeOf(format).files, ...keyframeOf(format).deleted].map(({ language }) => language);
    for (const format of [1, 2, 3]) expect(new Set(languages(format))).toEqual(new Set([null]));
    expect(languages(4)).toEqual([null, 'python', 'sql', null]);
  });

  it('has nothing but text before format 5', () => {
    const blobs = (format: number) =>
      [...keyframeOf(format).files, ...keyframeOf(format).deleted].flatMap(({ blob }) => blob ?? []);
    for (const format of [1, 2, 3, 4]) expect(blobs(format)).toEqual([]);
    expect(blobs(5).map(({ bytes }) => bytes)).toEqual([70_123, 0]);
  });

  it('has no comments before format 6', () => {
    for (const format of [1, 2, 3, 4, 5]) expect(keyframeOf(format).threads).toEqual([]);
    expect(keyframeOf(6)).toMatchObject({
      threads: [{ id: 'comment-one', quote: 'ell' }],
      files: [{ anchors: [{ thread: 'comment-one', start: 1, end: 4 }] }, {}, {}],
    });
  });
});

describe('what waits to be said in the chat', () => {
  it('is in records of format 6, and in none before', () => {
    const unsent = (format: number) =>
      Object.values(goldenOf(format)).flatMap(
        (moment) => readStoredRoom(partsOf(moment)).record.commands?.map(({ body }) => body.kind) ?? [],
      );
    for (const format of [1, 2, 3, 4, 5]) expect(unsent(format)).toEqual([]);
    expect(new Set(unsent(6))).toEqual(new Set(['chat.send']));
  });
});

describe('what cannot be read', () => {
  it('is named, and nothing of its text is told', () => {
    const { record } = partsOf(golden['in-flight']!);
    expect(() => readRecord({ ...record, format: FORMAT + 1 })).toThrow(`has the format ${FORMAT + 1}`);
    expect(() => readRecord({ ...record, pending: 3 })).toThrow('damaged at “pending”');
    expect(() => readRecord(null)).toThrow(Unreadable);
    expect(() => readLastWords('{"record"')).toThrow(SyntaxError);
  });

  it('is named wherever a value without text or number stands in it', () => {
    const readOrNamed = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    };
    for (const moment of FORMATS.flatMap((format) => Object.values(goldenOf(format)))) {
      const parts = partsOf(moment);
      const stored = { ...parts, record: { format: 1, ...parts.record } };
      for (const hostile of UNCOMPARABLE.flatMap((value) => [value, { length: value }])) {
        for (const record of withInEachPlace(stored.record, hostile))
          readOrNamed(() => readStoredRoom({ ...stored, record }));
        for (const keyframe of withInEachPlace(stored.keyframe, hostile))
          readOrNamed(() => readStoredRoom({ ...stored, keyframe }));
        for (const event of stored.events.flatMap((event) => [...withInEachPlace(event, hostile)]))
          readOrNamed(() => readStoredRoom({ ...stored, events: [event] }));
      }
      for (const words of moment.lastWords) {
        for (const copy of withInEachPlace({ format: 1, ...words }, { length: UNCOMPARABLE[0] }))
          readOrNamed(() => readLastWords(JSON.stringify(copy)));
      }
    }
  });

  it('stays in the storage, and hides nothing else', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const items = new Map([['codesync-last:a:b', '{"torn']]);
    const storage = {
      length: 1,
      key: () => 'codesync-last:a:b',
      getItem: (key: string) => items.get(key) ?? null,
    } as unknown as Storage;
    const store = indexedDbRecords(
      'unreadable',
      storedLastWords(() => storage),
    );
    const good = partsOf(golden['in-flight']!);
    const db = await openDB('unreadable', 1, {
      upgrade: (made) => {
        for (const name of ['records', 'keyframes', 'events']) made.createObjectStore(name);
      },
    });
    await db.put('records', good.record, ['room-one', 'tab-one']);
    await db.put('keyframes', good.keyframe, ['room-one', 'tab-one']);
    await db.put('records', { ...good.record, format: FORMAT + 1 }, ['room-two', 'tab-two']);
    db.close();
    expect(await store.list()).toHaveLength(1);
    expect(said).toHaveBeenCalledTimes(2);
    const after = await openDB('unreadable', 1);
    expect(await after.count('records')).toBe(2);
    after.close();
    said.mockRestore();
  });
});

// The records of clients in IndexedDB, and what pages wrote last as they went away.
import type { ClientId, RoomId } from '@codesync/protocol';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { type LastWords, storedLastWords } from './last-words.ts';
import { bringUpToDate, type ClientRecord, type RecordStore } from './record.ts';
import { readRecord, readStoredRoom, withFormat } from './record-format.ts';
import { readable } from './unreadable.ts';

type Key = [room: RoomId, client: ClientId];

/** Values are parsed where they are read, since another version may have written them. */
interface Schema extends DBSchema {
  records: { key: Key; value: object };
  keyframes: { key: Key; value: object };
  events: { key: [...Key, seq: number]; value: object };
}

const NAME = 'codesync';
const VERSION = 1;
/** Safe from a crash of the browser, without a disk flush per keystroke. */
const RELAXED = { durability: 'relaxed' } as const;
const STORES = ['records', 'keyframes', 'events'] as const;

/** @param name of the database; another one for tests, as are the last words. */
export function indexedDbRecords(name: string = NAME, last: LastWords = storedLastWords()): RecordStore {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;

  const open = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(name, VERSION, {
      upgrade(db) {
        for (const store of STORES) db.createObjectStore(store);
      },
      // Another tab has a newer page. It may upgrade. This page opens the database again when there is something to
      // write.
      blocking: (_from, _to, event) => {
        (event.target as IDBDatabase).close();
        opening = null;
      },
      terminated: () => {
        opening = null;
      },
    }).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  return {
    async write({ record, keyframe, events }) {
      const key: Key = [record.room, record.client];
      const tx = (await open()).transaction(STORES, 'readwrite', RELAXED);
      const work: Promise<unknown>[] = [tx.done];
      try {
        work.push(tx.objectStore('records').put(withFormat(record), key));
        if (keyframe !== null) {
          work.push(tx.objectStore('keyframes').put(keyframe, key));
          work.push(tx.objectStore('events').delete(eventsOf(key)));
        }
        for (const event of events) work.push(tx.objectStore('events').put(event, [...key, event.seq]));
        await Promise.all(work);
      } catch (error) {
        await undone(tx, work);
        throw error;
      }
      last.forget(record.room, record.client, record.writtenAt);
    },

    writeAtOnce: last.write,

    async list() {
      const records = new Map<string, ClientRecord>();
      const stored = await (await open()).getAll('records');
      const written = stored.flatMap((each) => readable(() => readRecord(each)));
      for (const record of [...written, ...last.all().map((words) => words.record)]) {
        const key = `${record.room} ${record.client}`;
        const known = records.get(key);
        if (known === undefined || known.writtenAt <= record.writtenAt) records.set(key, record);
      }
      return [...records.values()].sort((a, b) => b.writtenAt - a.writtenAt);
    },

    async load(room, client) {
      const key: Key = [room, client];
      const tx = (await open()).transaction(STORES);
      const [record, keyframe, events] = await Promise.all([
        tx.objectStore('records').get(key),
        tx.objectStore('keyframes').get(key),
        tx.objectStore('events').getAll(eventsOf(key)),
        tx.done,
      ]);
      const whole = record !== undefined && keyframe !== undefined;
      const [stored = null] = whole ? readable(() => readStoredRoom({ record, keyframe, events })) : [];
      const words = last.all().find(({ record }) => record.room === room && record.client === client);
      return bringUpToDate(stored, words ?? null);
    },

    async remove(room, client) {
      const key: Key = [room, client];
      const tx = (await open()).transaction(STORES, 'readwrite', RELAXED);
      await Promise.all([
        tx.objectStore('records').delete(key),
        tx.objectStore('keyframes').delete(key),
        tx.objectStore('events').delete(eventsOf(key)),
        tx.done,
      ]);
      last.forget(room, client, Number.POSITIVE_INFINITY);
    },
  };
}

/** Takes back what the transaction has done so far; without that, what was put before an error would stay. */
async function undone(tx: { readonly abort: () => void }, work: readonly Promise<unknown>[]): Promise<void> {
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
  await Promise.allSettled(work);
}

function eventsOf(key: Key): IDBKeyRange {
  return IDBKeyRange.bound([...key, 0], [...key, Number.MAX_SAFE_INTEGER]);
}

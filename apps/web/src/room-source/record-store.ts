// The records of clients in IndexedDB.
import type { ClientId, Keyframe, RoomEvent, RoomId } from '@codesync/protocol';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ClientRecord, RecordStore } from './record.ts';

type Key = [room: RoomId, client: ClientId];

interface Schema extends DBSchema {
  records: { key: Key; value: ClientRecord };
  keyframes: { key: Key; value: Keyframe };
  events: { key: [...Key, seq: number]; value: RoomEvent };
}

const NAME = 'codesync';
const VERSION = 1;
/** Safe from a crash of the browser, without a disk flush per keystroke. */
const RELAXED = { durability: 'relaxed' } as const;
const STORES = ['records', 'keyframes', 'events'] as const;

/** @param name of the database; another one for tests. */
export function indexedDbRecords(name: string = NAME): RecordStore {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;

  const open = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(name, VERSION, {
      upgrade(db) {
        for (const store of STORES) db.createObjectStore(store);
      },
      // Another tab has a newer page: let it upgrade, and open again when there is something to write.
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
      const work: Promise<unknown>[] = [tx.objectStore('records').put(record, key)];
      if (keyframe !== null) {
        work.push(tx.objectStore('keyframes').put(keyframe, key));
        work.push(tx.objectStore('events').delete(eventsOf(key)));
      }
      for (const event of events) work.push(tx.objectStore('events').put(event, [...key, event.seq]));
      await Promise.all([...work, tx.done]);
    },

    async list() {
      const records = await (await open()).getAll('records');
      return records.sort((a, b) => b.writtenAt - a.writtenAt);
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
      if (record === undefined || keyframe === undefined) return null;
      return { record, keyframe, events };
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
    },
  };
}

function eventsOf(key: Key): IDBKeyRange {
  return IDBKeyRange.bound([...key, 0], [...key, Number.MAX_SAFE_INTEGER]);
}

import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { storedLastWords } from '../../../src/room-source/last-words.ts';
import { indexedDbRecords } from '../../../src/room-source/record-store.ts';
import { type RecordStage, recordStoreContract } from '../../contracts/record-store-contract.ts';
import { memoryStorage } from './support/memory-storage.ts';

const LIMIT = 100_000;
let browsers = 0;

function browser(): RecordStage {
  const name = `records-${++browsers}`;
  const storage = memoryStorage(LIMIT);
  let broken = false;
  const words = storedLastWords(() => {
    if (broken) throw new DOMException('no storage', 'SecurityError');
    return storage;
  });
  return {
    page: () => indexedDbRecords(name, words),
    // A newer page has the database: this one may not open it.
    fail: async () => {
      broken = true;
      (await openDB(name, 9)).close();
    },
    tooMuch: LIMIT,
  };
}

recordStoreContract('IndexedDB', browser);

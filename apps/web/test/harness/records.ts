// What a browser keeps, for a test to call in a real one.
import { indexedDbRecords } from '../../src/room-source/record-store.ts';

Object.assign(globalThis, { records: indexedDbRecords() });

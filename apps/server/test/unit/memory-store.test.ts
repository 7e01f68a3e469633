import { ManualClock } from '@codesync/protocol/testing';
import { MemoryStore } from '../support/memory-store.ts';
import { roomStoreContract } from '../support/room-store-contract.ts';

const clock = new ManualClock();
const store = new MemoryStore(clock);

roomStoreContract(
  'in memory',
  () => store,
  (ms) => clock.pass(ms + 1),
);

import { FakeClock } from '../support/fake-clock.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { roomStoreContract } from '../support/room-store-contract.ts';

const clock = new FakeClock();
const store = new MemoryStore(clock);

roomStoreContract(
  'in memory',
  () => store,
  (ms) => clock.advance(ms + 1),
);

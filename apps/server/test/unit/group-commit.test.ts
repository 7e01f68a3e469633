import type { RoomEvent, RoomId } from '@codesync/protocol';
import { clientId, fileId, ManualClock, participantId, roomId, settle } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Batch, StorageUnavailable } from '../../src/ports.ts';
import { GroupCommit } from '../../src/rooms/group-commit.ts';
import { textUnits } from '../../src/rooms/text-units.ts';
import { MemoryStore } from '../support/memory-store.ts';

let clock: ManualClock;
let store: MemoryStore;
let commit: GroupCommit;
let stalls: boolean[];
let faults: string[];

function event(seq: number, origin?: RoomEvent['origin']): RoomEvent {
  const body = { kind: 'room.renamed' as const, name: `n${seq}` };
  return { seq, at: 1, actor: participantId('alice-alice-alice'), ...(origin ? { origin } : {}), body };
}

/** Somebody has put so much text in, in UTF-16 units. */
function longEvent(seq: number, units: number): RoomEvent {
  const body = {
    kind: 'edit' as const,
    file: fileId('file_12345678'),
    version: seq,
    op: ['x'.repeat(units)],
  };
  return { seq, at: 1, actor: participantId('alice-alice-alice'), body };
}

/** A room that is open for writing at head 1, and what it was told. */
async function open(room: RoomId) {
  await store.create(room, [event(1)]);
  const acquired = await store.acquire(room, 'one', 60_000);
  if (acquired.kind !== 'acquired') throw new Error('not acquired');
  const told: (number[] | string)[] = [];
  commit.open(
    {
      room,
      epoch: acquired.epoch,
      committed: (events) => told.push(events.map(({ seq }) => seq)),
      lost: (reason) => told.push(reason),
    },
    1,
  );
  return told;
}

/** Submits an event of the room of that name. */
function submit(room: string, of: RoomEvent): void {
  commit.submit(roomId(room), of, textUnits(of.body));
}

function log(room: RoomId): Promise<readonly RoomEvent[]> {
  return store.events(room, 0, 99);
}

beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryStore(clock);
  stalls = [];
  faults = [];
  commit = new GroupCommit({
    store,
    clock,
    onStalled: (stalled) => stalls.push(stalled),
    onFault: (room) => faults.push(room),
  });
});

describe('grouping', () => {
  test('what is submitted in one turn goes in one flush, over all rooms', async () => {
    const [a, b] = [await open(roomId('a')), await open(roomId('b'))];
    submit('a', event(2));
    submit('b', event(2));
    submit('a', event(3));
    await commit.drained();
    expect(store.appends).toEqual([3]);
    expect([a, b]).toEqual([[[2, 3]], [[2]]]);
  });

  test('while one flush is in flight, everything waits for the next', async () => {
    const told = await open(roomId('a'));
    let release: () => void = () => undefined;
    store.gate = new Promise((resolve) => {
      release = resolve;
    });
    submit('a', event(2));
    await settle();
    for (const seq of [3, 4, 5]) submit('a', event(seq));
    await settle();
    expect(told).toEqual([]);
    release();
    await commit.drained();
    expect(told).toEqual([[2], [3, 4, 5]]);
    expect(commit.queued).toBe(0);
  });

  test('what is submitted from inside a commit is not lost', async () => {
    await open(roomId('a'));
    commit.open(
      {
        room: roomId('a'),
        epoch: 1,
        committed: (events) => {
          if (events[0]!.seq < 4) submit('a', event(events[0]!.seq + 1));
        },
        lost: () => undefined,
      },
      1,
    );
    submit('a', event(2));
    await commit.drained();
    expect(await log(roomId('a'))).toHaveLength(4);
  });
});

describe('a burst', () => {
  test('of much text goes in several flushes, none larger than the store is meant to take', async () => {
    const [a, b] = [await open(roomId('a')), await open(roomId('b'))];
    for (const seq of [2, 3, 4]) submit('a', longEvent(seq, 3_000_000));
    submit('b', longEvent(2, 9_000_000));
    submit('b', event(3));
    await commit.drained();
    expect(store.appends).toEqual([2, 1, 2]);
    expect([a, b]).toEqual([
      [[2, 3], [4]],
      [[2], [3]],
    ]);
  });

  test('of many events in one room lets the others go first with what it has left', async () => {
    const told: string[] = [];
    for (const room of ['a', 'b']) {
      await store.create(roomId(room), [event(1)]);
      await store.acquire(roomId(room), 'one', 60_000);
      const committed = (events: readonly RoomEvent[]) => void told.push(`${room} ${events.length}`);
      commit.open({ room: roomId(room), epoch: 1, committed, lost: (reason) => told.push(reason) }, 1);
    }
    for (let seq = 2; seq < 12_002; seq++) submit('a', event(seq));
    submit('b', event(2));
    await commit.drained();
    expect(told).toEqual(['a 5000', 'b 1', 'a 4999', 'a 2001']);
  });

  test('is to be refused when too many events wait, or too much text, and not when they have gone', async () => {
    await open(roomId('a'));
    store.down = true;
    for (let seq = 2; seq < 34; seq++) {
      expect(commit.crowded).toBe(false);
      submit('a', longEvent(seq, 2_000_000));
    }
    expect(commit.crowded).toBe(true);
    store.down = false;
    await clock.pass(5_000);
    await commit.drained();
    expect(commit.crowded).toBe(false);
    store.down = true;
    for (let seq = 34; seq < 20_034; seq++) {
      expect(commit.crowded).toBe(false);
      submit('a', event(seq));
    }
    expect(commit.crowded).toBe(true);
    commit.close(roomId('a'));
    expect(commit.crowded).toBe(false);
  });
});

/** A store whose first append is carried out long after its answer was lost: just before the second one. */
class LateStore extends MemoryStore {
  #late: readonly Batch[] | null = null;
  #first = true;

  override async append(batches: readonly Batch[]): Promise<ReadonlySet<RoomId>> {
    if (this.#first) {
      this.#first = false;
      this.#late = batches;
      throw new StorageUnavailable('no answer');
    }
    if (this.#late !== null) {
      const late = this.#late;
      this.#late = null;
      await super.append(late);
    }
    return super.append(batches);
  }
}

describe('a flush that is carried out late', () => {
  const origin = { client: clientId('client-client-1'), clientSeq: 1 };

  beforeEach(() => {
    store = new LateStore(clock);
    commit = new GroupCommit({
      store,
      clock,
      onStalled: () => undefined,
      onFault: (room) => faults.push(room),
    });
  });

  test('is not taken for another owner’s, when another room of the next flush is at fault', async () => {
    const told = await open(roomId('a'));
    submit('a', event(2));
    await store.create(roomId('b'), [event(1, origin)]);
    await store.acquire(roomId('b'), 'one', 60_000);
    commit.open({ room: roomId('b'), epoch: 1, committed: () => undefined, lost: () => undefined }, 1);
    // While it is not known what became of the first flush.
    submit('b', event(2, origin));
    submit('a', event(3));
    await clock.pass(5_000);
    await commit.drained();
    expect(faults).toEqual(['b']);
    expect(told.flat()).toEqual([2, 3]);
    expect(await log(roomId('a'))).toHaveLength(3);
  });

  test('may be more of the queue than the next one was', async () => {
    const told = await open(roomId('a'));
    const other = await open(roomId('b'));
    submit('a', event(2));
    for (const seq of [2, 3]) submit('b', longEvent(seq, 2_000_000));
    await settle();
    // With this one the next flush has space for one event of the other room, of which two are in the first.
    submit('a', longEvent(3, 5_000_000));
    await clock.pass(5_000);
    await commit.drained();
    expect(told.flat()).toEqual([2, 3]);
    expect(other.flat()).toEqual([2, 3]);
  });
});

describe('losing the place in the log', () => {
  test('a refused room is told so, the others go on', async () => {
    const [a, b] = [await open(roomId('a')), await open(roomId('b'))];
    await store.acquire(roomId('a'), 'one', 60_000);
    submit('a', event(2));
    submit('b', event(2));
    await commit.drained();
    expect([a, b]).toEqual([['fenced'], [[2]]]);
    expect(() => submit('a', event(3))).toThrow();
  });

  test('a room that can never be written is given up alone', async () => {
    const [a, b] = [await open(roomId('a')), await open(roomId('b'))];
    const origin = { client: clientId('client-client-1'), clientSeq: 1 };
    submit('a', event(2, origin));
    await commit.drained();
    submit('a', event(3, origin));
    submit('b', event(2));
    await commit.drained();
    expect([a, b]).toEqual([[[2], 'fault'], [[2]]]);
    expect(faults).toEqual(['a']);
  });
});

describe('storage that fails', () => {
  test('nothing is told until it is back; then everything, once', async () => {
    const told = await open(roomId('a'));
    store.down = true;
    submit('a', event(2));
    await clock.pass(500);
    submit('a', event(3));
    await clock.pass(60_000);
    expect(told).toEqual([]);
    expect(stalls).toEqual([true]);
    store.down = false;
    await clock.pass(5_000);
    expect(told.flat()).toEqual([2, 3]);
    expect(stalls).toEqual([true, false]);
    expect(await log(roomId('a'))).toHaveLength(3);
  });

  test('a store that can be read and has no space: told so, not asked without a pause, then everything, once', async () => {
    const told = await open(roomId('a'));
    store.full = true;
    submit('a', event(2));
    await clock.pass(60_000);
    expect(told).toEqual([]);
    expect(stalls).toEqual([true]);
    expect(commit.full).toBe(true);
    expect(store.attempts).toBeLessThan(40);
    store.full = false;
    submit('a', event(3));
    await clock.pass(5_000);
    expect(told.flat()).toEqual([2, 3]);
    expect(stalls).toEqual([true, false]);
    expect(commit.full).toBe(false);
  });

  test('a flush whose answer was lost is not written twice', async () => {
    const told = await open(roomId('a'));
    store.loseNextAnswer = true;
    submit('a', event(2));
    await clock.pass(5_000);
    expect(told).toEqual([[2]]);
    expect(await log(roomId('a'))).toHaveLength(2);
  });

  test('a flush that hangs, and turns out to be written when storage is back, ends the stall', async () => {
    const told = await open(roomId('a'));
    let fail: () => void = () => undefined;
    store.gate = new Promise((resolve) => {
      fail = resolve;
    });
    store.loseNextAnswer = true;
    submit('a', event(2));
    await clock.pass(3_000);
    expect(stalls).toEqual([true]);
    fail();
    await clock.pass(3_000);
    expect(told).toEqual([[2]]);
    expect(stalls).toEqual([true, false]);
  });

  test('a lost answer, then a takeover: the room is lost, not written to', async () => {
    const told = await open(roomId('a'));
    store.loseNextAnswer = true;
    submit('a', event(2));
    await store.acquire(roomId('a'), 'one', 60_000);
    await clock.pass(5_000);
    expect(told).toEqual(['fenced']);
  });

  test('a flush that takes long counts as a stall', async () => {
    await open(roomId('a'));
    let release: () => void = () => undefined;
    store.gate = new Promise((resolve) => {
      release = resolve;
    });
    submit('a', event(2));
    await clock.pass(2_500);
    expect(stalls).toEqual([true]);
    release();
    await commit.drained();
    expect(stalls).toEqual([true, false]);
  });

  test('a room that is closed while storage is away is forgotten', async () => {
    const told = await open(roomId('a'));
    store.down = true;
    submit('a', event(2));
    await clock.pass(500);
    commit.close(roomId('a'));
    store.down = false;
    await clock.pass(5_000);
    await commit.drained();
    expect(told).toEqual([]);
    expect(commit.queued).toBe(0);
    expect(stalls).toEqual([true, false]);
  });
});

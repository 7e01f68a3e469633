// What every record store promises. Run on each implementation.
import type { ClientId, Keyframe, RoomEvent, RoomId } from '@codesync/protocol';
import { clientId, participantId, roomId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord, RecordStore, RecordWrite } from '../../src/room-source/record.ts';

export type { RecordStore };

/** A browser's storage with nothing in it. */
export type RecordStage = {
  /** As a page sees it; each page has one of its own. */
  readonly page: () => RecordStore;
  /** From here on the storage fails, whoever asks. */
  readonly fail: () => Promise<void>;
  /** More units than can be written at once. */
  readonly tooMuch: number;
};

const ROOM = roomId('room-one-1234567890abc');
const OTHER_ROOM = roomId('room-two-1234567890abc');
const ANN = clientId('client-ann-123456789');
const BOB = clientId('client-bob-123456789');

function recordOf(writtenAt: number, room: RoomId = ROOM, client: ClientId = ANN): ClientRecord {
  return {
    room,
    client,
    you: { id: participantId('person-one-person-xx'), name: `at ${writtenAt}`, hue: 1, role: 'editor' },
    nextSeq: 1,
    pending: [],
    notices: [],
    writtenAt,
  };
}

function event(seq: number): RoomEvent {
  return { seq, at: 1_000 + seq, actor: null, body: { kind: 'room.renamed', name: `name ${seq}` } };
}

function eventsUpTo(head: number): readonly RoomEvent[] {
  const created = { kind: 'room.created', name: 'room', language: 'python' } as const;
  const first: RoomEvent = { seq: 1, at: 1_000, actor: null, body: created };
  return [first, ...Array.from({ length: head - 1 }, (_, i) => event(i + 2))];
}

function keyframeAt(head: number): Keyframe {
  const fold = new RoomFold();
  for (const each of eventsUpTo(head)) fold.apply(each);
  return fold.toKeyframe();
}

const whole = (record: ClientRecord, head = 3): RecordWrite => ({
  record,
  keyframe: keyframeAt(head),
  events: [],
});

const tail = (record: ClientRecord, ...seqs: readonly number[]): RecordWrite => ({
  record,
  keyframe: null,
  events: seqs.map(event),
});

export function recordStoreContract(name: string, create: () => RecordStage | Promise<RecordStage>): void {
  describe(`a record store, ${name}`, () => {
    let stage: RecordStage;
    let store: RecordStore;

    const begin = async () => {
      stage = await create();
      store = stage.page();
    };
    beforeEach(begin);

    const loaded = (client = ANN, room = ROOM) => stage.page().load(room, client);

    test('has nothing of a client that was never written', async () => {
      await store.write(whole(recordOf(1)));
      expect(await store.load(ROOM, BOB)).toBeNull();
      expect(await store.load(OTHER_ROOM, ANN)).toBeNull();
      expect(await stage.page().list()).toHaveLength(1);
    });

    test('gives every page what was written: the record, the keyframe, and the events in order', async () => {
      await store.write({ record: recordOf(1), keyframe: keyframeAt(3), events: [event(4)] });
      await store.write(tail(recordOf(2), 5, 6, 7, 8, 9, 10, 11));
      expect(await loaded()).toEqual({
        record: recordOf(2),
        keyframe: keyframeAt(3),
        events: [4, 5, 6, 7, 8, 9, 10, 11].map(event),
        settled: true,
      });
    });

    test('replaces the keyframe and all events by a new keyframe', async () => {
      await store.write({ record: recordOf(1), keyframe: keyframeAt(3), events: [event(4), event(5)] });
      await store.write({ record: recordOf(2), keyframe: keyframeAt(4), events: [event(5)] });
      expect(await loaded()).toMatchObject({ keyframe: keyframeAt(4), events: [event(5)] });
    });

    test('makes no room of a record without a keyframe', async () => {
      await store.write(tail(recordOf(1), 4));
      expect(await loaded()).toBeNull();
      expect(await store.list()).toEqual([recordOf(1)]);
    });

    test('writes all at once or not at all', async () => {
      await store.write({ record: recordOf(1), keyframe: keyframeAt(3), events: [event(4)] });
      const before = await loaded();
      const cannot = { ...event(6), seq: Number.NaN };
      const failing = { record: recordOf(2), keyframe: keyframeAt(4), events: [event(5), cannot] };
      await expect(store.write(failing)).rejects.toThrow();
      expect(await loaded()).toEqual(before);
      await store.write(tail(recordOf(3), 5));
      expect(await loaded()).toMatchObject({ record: recordOf(3), events: [event(4), event(5)] });
    });

    test('keeps writes that are made without a wait in the order in which they were made', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (keyframes) => {
          await begin();
          let head = 3;
          const writes: RecordWrite[] = [whole(recordOf(0))];
          for (const [i, isWhole] of keyframes.entries()) {
            head++;
            writes.push(isWhole ? whole(recordOf(i + 1), head) : tail(recordOf(i + 1), head));
          }
          await Promise.all(writes.map((write) => store.write(write)));
          const kept = await loaded();
          expect(kept?.record).toEqual(recordOf(keyframes.length));
          expect([kept!.keyframe.seq, ...kept!.events.map(({ seq }) => seq)]).toEqual(
            Array.from({ length: head - kept!.keyframe.seq + 1 }, (_, i) => kept!.keyframe.seq + i),
          );
        }),
        { numRuns: 20 },
      );
    });

    test('lists the records of all clients and rooms, the newest first', async () => {
      await store.write(whole(recordOf(2)));
      await store.write(whole(recordOf(3, ROOM, BOB)));
      await store.write(whole(recordOf(1, OTHER_ROOM)));
      store.writeAtOnce(whole(recordOf(4, OTHER_ROOM, BOB)));
      expect(await stage.page().list()).toEqual([
        recordOf(4, OTHER_ROOM, BOB),
        recordOf(3, ROOM, BOB),
        recordOf(2),
        recordOf(1, OTHER_ROOM),
      ]);
    });

    test('has what was written at once before the call returns, and says that it is not settled', async () => {
      await store.write({ record: recordOf(1), keyframe: keyframeAt(3), events: [event(4)] });
      store.writeAtOnce(tail(recordOf(2), 4, 5));
      const next = stage.page();
      expect(await next.load(ROOM, ANN)).toEqual({
        record: recordOf(2),
        keyframe: keyframeAt(3),
        events: [event(4), event(5)],
        settled: false,
      });
      expect(await next.list()).toEqual([recordOf(2)]);
    });

    test('has what was written at once where nothing else was written', async () => {
      store.writeAtOnce(whole(recordOf(1)));
      expect(await loaded()).toEqual({ ...whole(recordOf(1)), settled: false });
    });

    test('passes over what was written at once where it does not continue what is stored', async () => {
      await store.write(whole(recordOf(1)));
      store.writeAtOnce(tail(recordOf(2), 6));
      expect(await loaded()).toMatchObject({ record: recordOf(1), events: [] });
    });

    test('forgets what was written at once by a newer write, not by an older one that ends late', async () => {
      await store.write(whole(recordOf(1)));
      store.writeAtOnce(tail(recordOf(3), 4, 5));
      await store.write(tail(recordOf(2), 4));
      expect(await loaded()).toMatchObject({ record: recordOf(3), events: [event(4), event(5)] });
      await store.write(tail(recordOf(4), 5));
      expect(await loaded()).toMatchObject({ record: recordOf(4), settled: true });
    });

    test('does not write at once what is too large for it, and keeps the rest', async () => {
      await store.write(whole(recordOf(1)));
      const large = { ...recordOf(2), you: { ...recordOf(2).you, name: 'x'.repeat(stage.tooMuch) } };
      store.writeAtOnce(whole(large));
      expect(await loaded()).toMatchObject({ record: recordOf(1) });
    });

    test('removes all of one client and nothing of another', async () => {
      for (const record of [recordOf(1), recordOf(2, ROOM, BOB), recordOf(3, OTHER_ROOM)]) {
        await store.write({ record, keyframe: keyframeAt(3), events: [event(4)] });
      }
      store.writeAtOnce(tail(recordOf(9), 5));
      await store.remove(ROOM, ANN);
      await store.remove(ROOM, clientId('client-of-nobody-123'));
      expect(await loaded()).toBeNull();
      expect(await store.list()).toEqual([recordOf(3, OTHER_ROOM), recordOf(2, ROOM, BOB)]);
      expect(await loaded(BOB)).toMatchObject({ events: [event(4)] });
      await store.write(whole(recordOf(10)));
      expect(await loaded()).toMatchObject({ events: [] });
    });

    test('rejects whatever it is asked where the storage fails, and throws nothing at a page that goes', async () => {
      await stage.fail();
      const page = stage.page();
      await expect(page.write(whole(recordOf(1)))).rejects.toThrow();
      await expect(page.list()).rejects.toThrow();
      await expect(page.load(ROOM, ANN)).rejects.toThrow();
      await expect(page.remove(ROOM, ANN)).rejects.toThrow();
      page.writeAtOnce(whole(recordOf(1)));
    });
  });
}

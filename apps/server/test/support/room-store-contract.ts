// What every room store has to do. Run on each implementation.
import { randomBytes } from 'node:crypto';
import {
  type EventBody,
  type Keyframe,
  LIMITS,
  LOST_RUN,
  type Origin,
  type RoomEvent,
} from '@codesync/protocol';
import { clientId, fileId, participantId, roomId, runId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import type { RoomStore } from '../../src/ports.ts';

const newId = () => randomBytes(16).toString('base64url');
const newRoom = () => roomId(newId());
const newClient = () => clientId(newId());
const ALICE = participantId('alice-alice-alice');
const FILE = fileId('file-one');

const created: RoomEvent = {
  seq: 1,
  at: 1_700_000_000_000,
  actor: ALICE,
  body: { kind: 'room.created', name: 'Room', language: 'python' },
};

function event(
  seq: number,
  body: EventBody = { kind: 'room.renamed', name: `n${seq}` },
  origin?: Origin,
): RoomEvent {
  return { seq, at: created.at + seq, actor: ALICE, ...(origin ? { origin } : {}), body };
}

/**
 * @param store a store, the same for all tests or not; rooms of other tests may be in it.
 * @param expire lets leases of `ms` run out.
 */
export function roomStoreContract(
  name: string,
  store: () => RoomStore,
  expire: (ms: number) => Promise<void>,
): void {
  /** A room with one event, owned by `owner`. */
  async function owned(owner = 'one') {
    const room = newRoom();
    await store().create(room, [created]);
    const acquired = await store().acquire(room, owner, 60_000);
    if (acquired.kind !== 'acquired') throw new Error('not acquired');
    return { room, epoch: acquired.epoch, head: acquired.head };
  }

  describe(`room store: ${name}`, () => {
    test('gives back events as they went in', async () => {
      const { room, epoch } = await owned();
      const bodies: EventBody[] = [
        { kind: 'file.created', file: FILE, path: 'a b.py', text: 'NUL \u0000, half \ud83d, “é” 😀\n' },
        { kind: 'edit', file: FILE, version: 1, op: [3, '\u0000\\"', -2] },
        { kind: 'run.output', run: runId('run-one1'), stream: 'stderr', text: '\u001b[31m\u0000\u0007' },
      ];
      const events = bodies.map((body, i) => event(i + 2, body, { client: newClient(), clientSeq: i + 1 }));
      await store().append([{ room, epoch, head: 1, events }]);
      expect(await store().events(room, 0, 4)).toEqual([created, ...events]);
      expect(await store().events(room, 2, 3)).toEqual([events[1]]);
    });

    test('[INV1] [INV4] refuses a batch whose head is not the log’s', async () => {
      const { room, epoch } = await owned();
      expect(await store().append([{ room, epoch, head: 0, events: [event(1)] }])).toEqual(new Set());
      expect(await store().append([{ room, epoch, head: 2, events: [event(3)] }])).toEqual(new Set());
      expect(await store().events(room, 0, 9)).toEqual([created]);
    });

    test('[INV4] refuses a batch of an earlier epoch', async () => {
      const { room, epoch } = await owned();
      await store().acquire(room, 'one', 60_000);
      expect(await store().append([{ room, epoch, head: 1, events: [event(2)] }])).toEqual(new Set());
      expect(await store().events(room, 0, 9)).toEqual([created]);
    });

    test('appends to many rooms at once, each by its own guard', async () => {
      const [a, b, c] = await Promise.all([owned(), owned(), owned()]);
      const batches = [
        { ...a, events: [event(2), event(3)] },
        { ...b, epoch: b.epoch + 1, events: [event(2)] },
        { ...c, events: [event(2)] },
      ];
      expect(await store().append(batches)).toEqual(new Set([a.room, c.room]));
      const places = await store().places([a.room, b.room, c.room, newRoom()]);
      expect([a, b, c].map(({ room }) => places.get(room)?.head)).toEqual([3, 1, 2]);
      expect(places.size).toBe(3);
    });

    test('takes as much text at once as a flush carries, of the kind that is longest when it is written down', async () => {
      const { room, epoch } = await owned();
      const text = '"\u0001'.repeat(LIMITS.fileUnits / 2);
      const events = [2, 3, 4, 5].map((seq) =>
        event(seq, { kind: 'file.created', file: FILE, path: 'a.py', text }),
      );
      expect(await store().append([{ room, epoch, head: 1, events }])).toEqual(new Set([room]));
      expect(await store().events(room, 4, 5)).toEqual([events[3]]);
    });

    test('[INV3] never takes one command twice', async () => {
      const { room, epoch } = await owned();
      const origin = { client: newClient(), clientSeq: 7 };
      await store().append([{ room, epoch, head: 1, events: [event(2, undefined, origin)] }]);
      const twice = store().append([{ room, epoch, head: 2, events: [event(3, undefined, origin)] }]);
      await expect(twice).rejects.toThrow();
      expect(await store().events(room, 0, 9)).toHaveLength(2);
    });

    test('finds the event of a command, and a client’s last command', async () => {
      const { room, epoch } = await owned();
      const client = newClient();
      const events = [2, 1, 5].map((clientSeq, i) => event(i + 2, undefined, { client, clientSeq }));
      await store().append([{ room, epoch, head: 1, events }]);
      expect(await store().eventOf(room, client, 1)).toEqual(events[1]);
      expect(await store().eventOf(room, client, 3)).toBeNull();
      expect(await store().lastOf(room, client)).toEqual({ participant: created.actor, clientSeq: 5 });
      expect(await store().lastOf(room, newClient())).toBeNull();
    });

    test('[INV4] a room has one owner at a time, until its lease runs out', async () => {
      const { room } = await owned('one');
      expect(await store().acquire(room, 'two', 60_000)).toEqual({ kind: 'held' });
      expect(await store().acquire(room, 'one', 50)).toMatchObject({ kind: 'acquired' });
      await expire(50);
      expect(await store().acquire(room, 'two', 60_000)).toMatchObject({ kind: 'acquired', head: 1 });
      expect(await store().acquire(newRoom(), 'two', 60_000)).toEqual({ kind: 'unknown' });
    });

    test('renews what is still held, and nothing else', async () => {
      const [a, b] = await Promise.all([owned(), owned()]);
      await store().acquire(b.room, 'one', 60_000);
      expect(await store().renew('one', [a, b], 60_000)).toEqual(new Set([a.room]));
      expect(await store().renew('two', [a], 60_000)).toEqual(new Set());
    });

    test('a room that was given up is free; one that was lost is not given up', async () => {
      const { room, epoch } = await owned('one');
      await store().release([{ room, epoch: epoch - 1 }]);
      expect(await store().acquire(room, 'two', 60_000)).toEqual({ kind: 'held' });
      await store().release([{ room, epoch }]);
      expect(await store().acquire(room, 'two', 60_000)).toMatchObject({ kind: 'acquired' });
    });

    test('finds the runs before a place, the newest of them, with their ends and nothing else', async () => {
      const { room, epoch } = await owned();
      const start = (run: string): EventBody => ({
        kind: 'run.started',
        run: runId(run),
        language: 'python',
        entry: FILE,
        files: [{ file: FILE, path: 'a.py', version: 0 }],
      });
      const say = (run: string): EventBody => ({
        kind: 'run.output',
        run: runId(run),
        stream: 'stdout',
        text: '\u0000',
      });
      const end = (run: string): EventBody => ({ kind: 'run.ended', run: runId(run), ...LOST_RUN });
      const [a, b, c] = ['run-a-run', 'run-b-run', 'run-c-run'] as const;
      const bodies = [start(a), start(b), say(b), say(a), end(b), start(c), say(a), end(a), say(c)];
      const events = bodies.map((body, i) => event(i + 2, body));
      await store().append([{ room, epoch, head: 1, events }]);
      const seqs = async (found: Promise<readonly RoomEvent[]>) => (await found).map(({ seq }) => seq);
      expect(await seqs(store().runsBefore(room, 99, 2))).toEqual([3, 6, 7]);
      expect(await seqs(store().runsBefore(room, 7, 9))).toEqual([2, 3, 6, 9]);
      expect(await seqs(store().runsBefore(room, 2, 9))).toEqual([]);
      expect(await store().runEvents(room, 2)).toEqual([0, 3, 6, 7].map((i) => events[i]));
      expect(await seqs(store().runEvents(room, 7))).toEqual([7, 10]);
      for (const seq of [1, 4, 6, 99]) expect(await store().runEvents(room, seq)).toEqual([]);
    });

    const at = (seq: number, version: number): Keyframe => ({
      ...new RoomFold().toKeyframe(),
      seq,
      files: [
        {
          id: fileId('file-one'),
          path: 'a.py',
          language: null,
          blob: null,
          version,
          text: `text \u0000 ${version}`,
        },
      ],
    });

    test('keeps keyframes, and finds the newest and the one before a version', async () => {
      const { room } = await owned();
      expect(await store().newestKeyframe(room)).toBeNull();
      for (const keyframe of [at(1000, 3), at(2000, 9), at(3000, 12)]) {
        await store().writeKeyframe(room, keyframe);
      }
      await store().writeKeyframe(room, { ...at(3000, 12), name: 'another' });
      expect(await store().newestKeyframe(room)).toEqual({ seq: 3000, keyframe: at(3000, 12) });
      expect(await store().keyframeBefore(room, 999)).toBeNull();
      expect(await store().keyframeBefore(room, 1000)).toEqual({ seq: 1000, keyframe: at(1000, 3) });
      expect((await store().keyframeBefore(room, 2999))?.seq).toBe(2000);
      expect(await store().seqBefore(room, fileId('file-one'), 11)).toBe(2000);
      expect(await store().seqBefore(room, fileId('file-one'), 3)).toBe(1000);
      expect(await store().seqBefore(room, fileId('file-one'), 2)).toBe(0);
      expect(await store().seqBefore(room, fileId('file-two'), 99)).toBe(0);
    });

    test('thins keyframes out, to one at most so many events before every moment', async () => {
      const { room } = await owned();
      const each = LIMITS.keyframeEvents;
      const written: number[] = [];
      // A version for each event, so that a version finds its moment.
      for (let seq = 7; seq < 10 * each; seq += seq % 3 === 0 ? 7 : each / 4 + 3) {
        await store().writeKeyframe(room, at(seq, seq));
        written.push(seq);
        expect((await store().newestKeyframe(room))?.seq).toBe(seq);
      }
      const kept = new Set<number>([0]);
      for (const seq of written) {
        const before = await store().seqBefore(room, fileId('file-one'), seq);
        kept.add(before);
        expect(seq - before).toBeLessThanOrEqual(each);
      }
      // Two neighbouring distances together are more than one of the largest.
      expect(kept.size).toBeLessThanOrEqual((2 * written.at(-1)!) / each + 2);
      expect(kept.size).toBeLessThan(written.length / 2);
    });
  });
}

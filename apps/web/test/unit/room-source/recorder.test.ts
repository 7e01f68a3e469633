import type { RoomEvent } from '@codesync/protocol';
import { clientId, fileId, participantId, roomId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { expect, it } from 'vitest';
import type { RecordWrite } from '../../../src/room-source/record.ts';
import { Recorder } from '../../../src/room-source/recorder.ts';
import { TestClock } from './support/test-clock.ts';

const KEYS = 3_000;

/** How often the keyframe is written while somebody types so many keys into a room with this much text. */
async function keyframesOf(units: number): Promise<number> {
  const fold = new RoomFold();
  const file = fileId('file-main');
  const event = (body: RoomEvent['body']): RoomEvent => ({ seq: fold.seq + 1, at: 0, actor: null, body });
  fold.apply(event({ kind: 'file.created', file, path: 'main.py', text: 'x'.repeat(units) }));
  const writes: RecordWrite[] = [];
  const recorder = new Recorder(
    {
      store: {
        write: async (write) => void writes.push(write),
        writeAtOnce: () => {},
        list: async () => [],
        load: async () => null,
        remove: async () => {},
      },
      clock: new TestClock(),
      record: () => ({
        room: roomId('room-room-room-room-22'),
        client: clientId('client-1'),
        you: { id: participantId('person-1'), name: 'Ann', hue: 0, role: 'editor' },
        nextSeq: 1,
        pending: [],
        notices: [],
        writtenAt: 1,
      }),
      keyframe: () => fold.toKeyframe(),
      changed: () => {},
    },
    null,
  );
  for (let version = 1; version <= KEYS; version++) {
    const key = event({ kind: 'edit', file, version, op: ['y'] });
    fold.apply(key);
    recorder.note(key);
    if (version % 20 === 0) {
      recorder.now();
      await Promise.resolve();
    }
  }
  await recorder.finish();
  return writes.filter(({ keyframe }) => keyframe !== null).length;
}

it('writes the keyframe of a large room less often: a key costs what it costs in a small one', async () => {
  expect(await keyframesOf(1_000)).toBeGreaterThanOrEqual(9);
  expect(await keyframesOf(12_000_000)).toBeLessThanOrEqual(3);
});

// What a runner that asks for blobs is sent.
import { BlobHash, type BlobNone, type BlobPart } from '@codesync/protocol';
import { roomId, runId, settle } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import type { BlobReader } from '../../src/ports.ts';
import { BlobRelay } from '../../src/runner-client/blob-relay.ts';

const hash = BlobHash.parse('a'.repeat(64));
const OTHER = BlobHash.parse('b'.repeat(64));
const [run, room] = [runId('run'), roomId('room')];
const bodies = ['one', 'two', 'three'];

/** A relay with a run that names one blob. The test says when what is sent has left. */
function setUp(fault: Error | null = null) {
  const sent: (BlobPart | BlobNone)[] = [];
  const read: unknown[] = [];
  const leaving: (() => void)[] = [];
  const reader: BlobReader = async function* (of, blob) {
    read.push([of, blob]);
    for (const body of bodies) yield Buffer.from(body);
    if (fault !== null) throw fault;
  };
  const none = () => undefined;
  const log = { debug: none, info: none, warn: none, error: none };
  const relay = new BlobRelay(reader, log, (answer) => {
    sent.push(answer);
    return new Promise((left) => leaving.push(left));
  });
  const files = [
    { path: 'main.py', text: '' },
    { path: 'logo.png', blob: { hash, bytes: 11 } },
  ];
  const program = { language: 'python', entry: 'main.py', files, args: [], env: {} } as const;
  relay.enter({ run, room, network: 'network', workFolder: 'room', ...program });
  const leave = async () => {
    leaving.shift()?.();
    await settle();
  };
  return { relay, sent, read, leave };
}

const NONE = { type: 'blob.none', run };

test('a blob that a run names is read out of its room, and the next part waits until the one before has left', async () => {
  const { relay, sent, read, leave } = setUp();
  void relay.answer({ type: 'blob.wanted', run, hash });
  await settle();
  for (let count = 1; count <= bodies.length; count++) {
    expect(sent.length).toBe(count);
    await leave();
  }
  expect(read).toEqual([[room, { hash, bytes: 11 }]]);
  expect(sent).toEqual(
    bodies.map((body, part) => {
      return { type: 'blob.part', run, hash, part, data: Buffer.from(body).toString('base64') };
    }),
  );
});

test('nothing else is read: not what the run does not name, nor for a run that is over or never was', async () => {
  const { relay, sent, read } = setUp();
  void relay.answer({ type: 'blob.wanted', run, hash: OTHER });
  void relay.answer({ type: 'blob.wanted', run: runId('never'), hash });
  relay.leave(run);
  void relay.answer({ type: 'blob.wanted', run, hash });
  await settle();
  expect(sent).toEqual([
    { ...NONE, hash: OTHER },
    { ...NONE, run: runId('never'), hash },
    { ...NONE, hash },
  ]);
  expect(read).toEqual([]);
});

test('nothing more is sent for a run that has ended meanwhile', async () => {
  const { relay, sent, leave } = setUp();
  const answered = relay.answer({ type: 'blob.wanted', run, hash });
  await settle();
  relay.leave(run);
  await leave();
  await answered;
  expect(sent.length).toBe(1);
});

test('a blob that cannot be read to its end is said to be none', async () => {
  const { relay, sent, leave } = setUp(new Error('a part is not there any more'));
  void relay.answer({ type: 'blob.wanted', run, hash });
  await settle();
  for (const _ of bodies) await leave();
  expect(sent.at(-1)).toEqual({ ...NONE, hash });
});

// Reading the log for one client leaves room for everyone else.
import { settle } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Turns } from '../../src/turns.ts';
import { GUS, HANA, Stage } from '../support/actor.ts';

test('only so much goes on at once, in the order of asking, and a failure ends its turn', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const work = (n: number) =>
    turns.take(() => {
      begun.push(n);
      return new Promise<void>((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    });
  const all = [0, 1, 2, 3].map(work);
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]!(new Error('failed'));
  await expect(all[1]).rejects.toThrow('failed');
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  for (let i = 0; i < 4; i++) {
    for (const end of ends) end();
    await settle();
  }
  await Promise.all([all[0], all[2], all[3]]);
  expect(begun).toEqual([0, 1, 2, 3]);
});

/** More than memory keeps of a file. */
const EDITS = 1_500;

/** A room whose memory does not reach back to its first edit. */
async function longRoom() {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const { state } = hana.welcomed!;
  if (state.kind !== 'keyframe') throw new Error('expected a keyframe');
  const file = state.keyframe.files[0]!.id;
  for (let i = 0; i < EDITS; i++) {
    room.command(hana.seat, { clientSeq: i + 1, body: { kind: 'edit', file, base: i, op: ['a'] } });
    if (i % 500 === 0) await settle();
  }
  await settle();
  return { stage, room, hana, file };
}

test('a client that sends many edits against a version of long ago is told to wait; others are not', async () => {
  const { stage, room, hana, file } = await longRoom();
  const gus = await stage.join(room, GUS);
  for (let i = 1; i <= 100; i++) {
    room.command(gus.seat, { clientSeq: i, body: { kind: 'edit', file, base: 1, op: ['g'] } });
  }
  await stage.send(room, hana, 10_000, { kind: 'edit', file, base: 1, op: ['h'] });
  const codes = new Set(gus.refusals.map(({ error }) => error.code));
  expect(codes).toEqual(new Set(['rate.exceeded']));
  expect(gus.refusals.length).toBeLessThan(50);
  expect(hana.refusals).toEqual([]);
  await settle();
  const again = gus.refusals[0]!.clientSeq!;
  await stage.send(room, gus, again, { kind: 'edit', file, base: 1, op: ['g'] });
  expect(gus.heard.some(({ origin }) => origin?.client === gus.client && origin.clientSeq === again)).toBe(
    true,
  );
});

test('a file that is named many times by a client that comes back is caught up once', async () => {
  const { stage, room, file } = await longRoom();
  const pending = Array.from({ length: 1_000 }, () => ({ file, version: 1 }));
  const back = await stage.join(room, GUS, { pending });
  const { state } = back.welcomed!;
  if (state.kind !== 'keyframe') throw new Error('expected a keyframe');
  expect(state.catchUps).toHaveLength(1);
});

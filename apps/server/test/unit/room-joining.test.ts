// Who comes into a room, what they find, and how they go.
import { LIMITS } from '@codesync/protocol';
import { participantId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage, texts } from '../support/actor.ts';
import type { FakeSeat } from '../support/fake-audience.ts';

describe('coming in', () => {
  test('who joins while an edit is being written hears of it exactly once, in order', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const joining: Promise<FakeSeat>[] = [];
    for (let i = 1; i <= 20; i++) {
      room.command(hana.seat, { clientSeq: i, body: { kind: 'edit', file, base: 0, op: [`${i} `] } });
      if (i % 3 === 0)
        joining.push(
          stage.join(
            room,
            { ...GUS, id: participantId(`${GUS.id}${i}`) },
            { client: `client-number-${i}-x` },
          ),
        );
      if (i % 4 === 0) await settle();
    }
    const seats = await Promise.all(joining);
    await settle();
    const expected = texts(foldOf(hana));
    const head = await stage.head(room);
    for (const seat of seats) {
      const first = seat.welcomed!.head + 1;
      expect(seat.heard.map(({ seq }) => seq)).toEqual(
        Array.from({ length: head - seat.welcomed!.head }, (_, i) => first + i),
      );
      expect(texts(foldOf(seat))).toEqual(expected);
    }
  });

  test('nobody numbers commands in another person’s name', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'Mine' });
    await expect(stage.join(room, GUS, { client: hana.client })).rejects.toThrow('protocol.malformed');
    room.leave(hana.seat);
    await expect(stage.join(room, GUS, { client: hana.client })).rejects.toThrow('protocol.malformed');
  });
});

describe('coming back', () => {
  test('with what is in memory: the events since', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const head = await stage.head(room);
    await stage.send(room, hana, 1, { kind: 'room.rename', name: 'New' });
    const back = await stage.join(room, HANA, { since: head });
    expect(back.welcomed!.state).toMatchObject({ kind: 'events', events: [{ seq: head + 1 }] });
    expect(hana.dismissed?.code).toBe('client.replaced');
  });

  test('after a long time: a keyframe, and the way from the old version of pending files', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    const file = fileOf(hana);
    await stage.send(room, gus, 1, { kind: 'edit', file, base: 0, op: ['mine '] });
    for (let i = 1; i <= LIMITS.resumeEvents + 10; i++) {
      room.command(hana.seat, { clientSeq: i, body: { kind: 'edit', file, base: i, op: ['a'] } });
      if (i % 500 === 0) await settle();
    }
    await settle();
    room.leave(gus.seat);
    const back = await stage.join(room, GUS, { since: 4, pending: [{ file, version: 0 }] });
    const { state } = back.welcomed!;
    if (state.kind !== 'keyframe') throw new Error('expected a keyframe');
    const [way] = state.catchUps;
    expect(way!.steps.map(({ clientSeq }) => clientSeq)).toEqual([1, undefined]);
    expect(way!.steps[1]).toEqual({
      version: LIMITS.resumeEvents + 11,
      op: ['a'.repeat(LIMITS.resumeEvents + 10)],
    });
  });
});

describe('people', () => {
  test('a reload is not a leave; going for good is', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    room.leave(gus.seat);
    await stage.clock.pass(LIMITS.leaveGraceMs - 1);
    const back = await stage.join(room, GUS);
    await stage.clock.pass(LIMITS.leaveGraceMs + 1);
    expect(hana.kinds).toEqual(['member.joined']);
    room.leave(back.seat);
    await stage.clock.pass(LIMITS.leaveGraceMs + 1);
    expect(hana.kinds).toEqual(['member.joined', 'member.left']);
    await stage.join(room, GUS);
    expect(hana.kinds).toEqual(['member.joined', 'member.left', 'member.joined']);
  });

  test('a second tab neither joins nor leaves', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const second = await stage.join(room, HANA, { client: 'another-client-of-h' });
    room.leave(second.seat);
    await stage.clock.pass(LIMITS.leaveGraceMs + 1);
    expect(hana.heard).toEqual([]);
  });

  test('who was here when the server was killed, and does not come back, leaves', async () => {
    const stage = new Stage();
    const room = await stage.room();
    await stage.join(room, HANA);
    await stage.join(room, GUS);
    const later = new Stage('one', stage.clock, stage.store);
    const again = await later.open(room.id);
    const hana = await later.join(again, HANA);
    await later.clock.pass(LIMITS.leaveGraceMs + 1);
    expect(hana.heard.map(({ body }) => body)).toEqual([{ kind: 'member.left', participant: GUS.id }]);
  });

  test('a removed person is out at once and stays out', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    await stage.send(room, hana, 1, { kind: 'member.remove', participant: GUS.id });
    expect(gus.dismissed?.code).toBe('room.removed');
    await stage.send(room, gus, 1, { kind: 'edit', file: fileOf(hana), base: 0, op: ['x'] });
    expect(gus.refusals).toHaveLength(1);
    await expect(stage.join(room, GUS)).rejects.toThrow('room.removed');
  });
});

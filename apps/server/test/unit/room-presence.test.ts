// Cursors, lost connections, and copies that are compared with the server's.
import { LIMITS } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage } from '../support/actor.ts';

describe('replicas', () => {
  test('a hash that differs is healed and counted; an old version is not judged', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    const { buffer } = foldOf(hana).texts.get(file)!;
    expect(await room.check(hana.seat, { file, version: 0, hash: buffer.hash() })).toEqual({
      verdict: 'equal',
    });
    const healed = await room.check(hana.seat, { file, version: 0, hash: 1 });
    expect(healed).toEqual({ verdict: 'diverged', version: 0, text: buffer.toString() });
    expect(stage.warnings).toEqual(['a replica has diverged']);
    await stage.send(room, hana, 1, { kind: 'edit', file, base: 0, op: ['x'] });
    expect(await room.check(hana.seat, { file, version: 0, hash: 1 })).toEqual({ verdict: 'unknown' });
  });

  test('cursors are passed on in batches, and go with their client', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    const cursor = (head: number) => ({ file: fileOf(hana), version: 0, anchor: head, head });
    for (let clock = 1; clock <= 5; clock++) room.presence(gus.seat, { clock, cursor: cursor(clock) });
    room.presence(gus.seat, { clock: 3, cursor: cursor(99) });
    room.presence(hana.seat, { clock: 1, cursor: cursor(7) });
    await stage.clock.pass(50);
    expect(stage.audience.presences).toHaveLength(1);
    expect(stage.audience.presences[0]!.map(({ cursor }) => cursor?.head)).toEqual([5, 7]);
    const late = await stage.join(
      room,
      { ...GUS, id: participantId('late-late-late-late') },
      { client: 'client-of-latecomer' },
    );
    expect(late.welcomed!.presence.map(({ cursor }) => cursor?.head)).toEqual([5, 7]);
    room.leave(gus.seat);
    await stage.clock.pass(50);
    expect(stage.audience.presences[1]).toMatchObject([{ client: gus.client, gone: true }]);
  });
});

describe('whose connection is lost is told', () => {
  const scene = async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    return { stage, room, hana, gus, told: () => stage.audience.losses.splice(0) };
  };
  const only = (seat: { client: string; participant: { id: string } }) => ({
    clients: [seat.client],
    people: [seat.participant.id],
  });
  const nobody = { clients: [], people: [] };

  test('of a client that is silent, also to who comes later, until it is heard again', async () => {
    const { stage, room, gus, told } = await scene();
    room.hear(gus.seat, false);
    room.hear(gus.seat, false);
    expect(told()).toEqual([only(gus)]);
    const late = await stage.join(
      room,
      { ...GUS, id: participantId('late-late-late-late') },
      { client: 'client-of-latecomer' },
    );
    expect(late.welcomed!.lost).toEqual(only(gus));
    room.hear(gus.seat, true);
    expect(told()).toEqual([nobody]);
  });

  test('through the end of its socket, until the person is told as gone', async () => {
    const { stage, room, gus, hana, told } = await scene();
    room.hear(gus.seat, false);
    room.leave(gus.seat);
    await stage.clock.pass(LIMITS.leaveGraceMs);
    expect(told()).toEqual([only(gus), { clients: [], people: [GUS.id] }]);
    expect(hana.heard.at(-1)?.body).toEqual({ kind: 'member.left', participant: GUS.id });
    room.hear(hana.seat, false);
    expect(told()).toEqual([only(hana)]);
  });

  test('of a person without a client, when a reload would be over', async () => {
    const { stage, room, gus, told } = await scene();
    room.leave(gus.seat);
    await stage.clock.pass(LIMITS.absentMs - 1);
    expect(told()).toEqual([]);
    await stage.clock.pass(1);
    expect(told()).toEqual([{ clients: [], people: [GUS.id] }]);
    await stage.join(room, GUS);
    expect(told()).toEqual([nobody]);
  });

  test('of a person only when none of their clients is heard', async () => {
    const { stage, room, gus, told } = await scene();
    const second = await stage.join(room, GUS, { client: 'second-tab-of-gus-xxx' });
    room.hear(gus.seat, false);
    expect(told()).toEqual([{ clients: [gus.client], people: [] }]);
    room.hear(second.seat, false);
    expect(told()).toEqual([{ clients: [gus.client, second.client], people: [GUS.id] }]);
    room.leave(gus.seat);
    room.hear(second.seat, true);
    expect(told()).toEqual([{ clients: [second.client], people: [GUS.id] }, nobody]);
  });

  test('and no more when it is back on another connection', async () => {
    const { stage, room, gus, told } = await scene();
    room.hear(gus.seat, false);
    await stage.join(room, GUS, { client: gus.client });
    room.leave(gus.seat);
    expect(told()).toEqual([only(gus), nobody]);
  });
});

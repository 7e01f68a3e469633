// Cursors, lost connections, and copies that are compared with the server's.
import { JUST_HERE, LIMITS, type PresenceEntry } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import { fileOf, foldOf, GUS, HANA, Stage } from '../support/actor.ts';

/** Where the main cursor of each is. */
const heads = (entries: readonly PresenceEntry[]) => entries.map(({ cursors }) => cursors?.spans[0]?.head);

/** Somebody moves their cursor in the first file. */
function move(room: RoomHandle, tab: Awaited<ReturnType<Stage['join']>>, clock: number, head: number): void {
  const cursors = { file: fileOf(tab), version: 0, spans: [{ anchor: head, head }] };
  room.presence(tab.seat, { clock, cursors, viewport: null, activity: JUST_HERE });
}

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
    await stage.clock.pass(50);
    stage.audience.presences.length = 0;
    for (let clock = 1; clock <= 5; clock++) move(room, gus, clock, clock);
    move(room, gus, 3, 99);
    move(room, hana, 1, 7);
    await stage.clock.pass(50);
    expect(stage.audience.presences.map(heads)).toEqual([[5, 7]]);
    const late = await stage.join(
      room,
      { ...GUS, id: participantId('late-late-late-late') },
      { client: 'client-of-latecomer' },
    );
    expect(heads(late.welcomed!.presence)).toEqual([7, 5, undefined]);
    room.leave(gus.seat);
    await stage.clock.pass(50);
    expect(stage.audience.presences.at(-1)).toContainEqual(
      expect.objectContaining({ client: gus.client, gone: true, cursors: null }),
    );
  });

  test('of two people goes out at once, and waits longer the more there are, up to 40 ms', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    let there = 0;
    for (const [tabs, waited] of [
      [1, 0],
      [4, 12],
      [9, 32],
      [30, 40],
    ] as const) {
      for (; there < tabs; there++) await stage.join(room, GUS, { client: `tab-${there}-of-gus-xxxxxxxx` });
      await stage.clock.pass(100);
      move(room, hana, 10 * tabs, 1);
      await stage.clock.pass(0);
      stage.audience.presences.length = 0;
      move(room, hana, 10 * tabs + 1, 2);
      await stage.clock.pass(Math.max(0, waited - 1));
      expect(stage.audience.presences.map(heads), `${tabs} others`).toEqual(waited === 0 ? [[2]] : []);
      await stage.clock.pass(1);
      expect(stage.audience.presences.map(heads), `${tabs} others`).toEqual([[2]]);
    }
  });

  test('who comes is told to the others, and nothing is told to somebody alone', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    move(room, hana, 1, 7);
    await stage.clock.pass(LIMITS.presenceTtlMs * 2);
    expect(stage.audience.presences).toEqual([]);
    const gus = await stage.join(room, GUS);
    expect(heads(gus.welcomed!.presence)).toEqual([7, undefined]);
    await stage.clock.pass(50);
    expect(stage.audience.presences).toMatchObject([[{ client: gus.client, clock: 0, cursors: null }]]);
  });

  test('who is here is told again for as long as they have a seat, however silent they are', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    move(room, hana, 1, 7);
    await stage.clock.pass(50);
    stage.audience.presences.length = 0;
    await stage.clock.pass(LIMITS.presenceRefreshMs * 4);
    expect(stage.audience.presences.map(heads)).toEqual(Array(4).fill([7, undefined]));
    room.leave(gus.seat);
    await stage.clock.pass(50);
    stage.audience.presences.length = 0;
    await stage.clock.pass(LIMITS.presenceRefreshMs * 4);
    expect(stage.audience.presences).toEqual([]);
  });

  test('a client that comes back is told its own clock, so that a machine whose time went back is heard', async () => {
    const stage = new Stage();
    const room = await stage.room();
    await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    move(room, gus, 1_000, 3);
    room.leave(gus.seat);
    const again = await stage.join(room, GUS, { client: gus.client });
    const own = again.welcomed!.presence.find(({ client }) => client === gus.client)!;
    expect(own).toMatchObject({ clock: 1_001, gone: false });
    move(room, again, own.clock + 1, 4);
    const late = await stage.join(room, GUS, { client: 'third-client-of-gus-x' });
    expect(heads(late.welcomed!.presence)).toContain(4);
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

  test('of a person whose socket ends, whether it was silent before or not, soon enough to be shown in five seconds', async () => {
    for (const silent of [false, true]) {
      const { stage, room, gus, told } = await scene();
      if (silent) room.hear(gus.seat, false);
      room.leave(gus.seat);
      await stage.clock.pass(4_500);
      expect(told().at(-1)).toEqual({ clients: [], people: [GUS.id] });
    }
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

// What every way of asking a room promises.
import { JUST_HERE, LIMITS } from '@codesync/protocol';
import { fileId, participantId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage, type Way } from './actor.ts';
import type { FakeSeat } from './fake-audience.ts';

export function roomHandleContract(name: string, way: Way): void {
  describe(`a room handle, ${name}`, () => {
    const scene = async () => {
      const stage = new Stage('one', undefined, undefined, way);
      const room = await stage.room();
      const hana = await stage.join(room, HANA);
      await settle();
      const wish = { secret: (await room.links()).editor, since: null, pending: [] };
      const rename = (text: string) => ({ kind: 'room.rename', name: text }) as const;
      return { stage, room, hana, file: fileOf(hana), wish, rename };
    };

    test('a client hears its welcome first, then each event once and in order', async () => {
      const { stage, room, hana, file, wish } = await scene();
      const seats: FakeSeat[] = [];
      const joins: Promise<unknown>[] = [];
      for (let i = 1; i <= 12; i++) {
        room.command(hana.seat, { clientSeq: i, body: { kind: 'edit', file, base: 0, op: [`${i} `] } });
        if (i % 3 !== 0) continue;
        const seat = stage.seat(room, { ...GUS, id: participantId(`${GUS.id}${i}`) }, `client-number-${i}-x`);
        seats.push(seat);
        joins.push(room.join(seat.seat, wish));
        if (i % 2 === 0) await settle();
      }
      expect(await Promise.all(joins)).toEqual(seats.map(() => null));
      await settle();
      for (const seat of seats) {
        expect(seat.order[0]).toBe('welcome');
        expect(seat.order.filter((kind) => kind === 'welcome')).toHaveLength(1);
        const first = seat.welcomed!.head + 1;
        expect(seat.heard.map(({ seq }) => seq)).toEqual(seat.heard.map((_, i) => first + i));
        expect(foldOf(seat).toKeyframe()).toEqual(foldOf(hana).toKeyframe());
      }
    });

    test('calls reach the room in the order in which they are made', async () => {
      const { stage, room, hana, rename, wish } = await scene();
      const gus = stage.seat(room, GUS);
      room.command(hana.seat, { clientSeq: 1, body: rename('first') });
      const joining = room.join(gus.seat, wish);
      room.command(hana.seat, { clientSeq: 2, body: rename('second') });
      const asked = room.may(hana.seat, 'room.rename');
      room.leave(hana.seat);
      room.command(hana.seat, { clientSeq: 3, body: rename('third') });
      expect([await joining, await asked]).toEqual([null, true]);
      await settle();
      expect(foldOf(gus).state.name).toBe('second');
      expect(hana.refusals).toMatchObject([{ clientSeq: 3, error: { code: 'protocol.unjoined' } }]);
    });

    test('a client that leaves while it joins gets no welcome', async () => {
      const { stage, room, wish } = await scene();
      const gus = stage.seat(room, GUS);
      const joining = room.join(gus.seat, wish);
      room.leave(gus.seat);
      expect((await joining)?.code).toBe('protocol.unjoined');
      await settle();
      expect(gus.order).toEqual([]);
      expect((await room.figures()).clients).toBe(1);
    });

    test('a client that joins again takes the place of its older seat, which has no say any more', async () => {
      const { stage, room, hana, rename } = await scene();
      const again = await stage.join(room, HANA, { client: hana.client });
      await settle();
      expect(hana.dismissed?.code).toBe('client.replaced');
      room.command(hana.seat, { clientSeq: 1, body: rename('by the older seat') });
      room.leave(hana.seat);
      room.command(again.seat, { clientSeq: 1, body: rename('by the newer seat') });
      await settle();
      expect(hana.refusals).toMatchObject([{ clientSeq: 1, error: { code: 'protocol.unjoined' } }]);
      expect(foldOf(again).state.name).toBe('by the newer seat');
    });

    test('what is for one client is heard by that one alone', async () => {
      const { stage, room, hana, rename } = await scene();
      const gus = await stage.join(room, GUS);
      await stage.send(room, hana, 1, rename('once'));
      const before = gus.order.length;
      await stage.send(room, hana, 1, rename('once'));
      await stage.send(room, hana, 2, { kind: 'file.delete', file: fileId('no-such-file') });
      expect(hana.order.slice(-2)).toEqual(['events', 'refused']);
      expect(hana.heard.map(({ origin }) => origin?.clientSeq).slice(-2)).toEqual([1, 1]);
      expect(gus.order).toHaveLength(before);
    });

    test('who is removed hears of it, and nothing after it', async () => {
      const { stage, room, hana, rename } = await scene();
      const gus = await stage.join(room, GUS);
      await stage.send(room, hana, 1, { kind: 'member.remove', participant: GUS.id });
      await stage.send(room, hana, 2, rename('without Gus'));
      expect(gus.order.slice(-2)).toEqual(['told', 'dismissed']);
      expect(gus.kinds.at(-1)).toBe('member.removed');
      expect(gus.dismissed?.code).toBe('room.removed');
    });

    test('cursors and lost connections reach everyone', async () => {
      const { stage, room, hana, file } = await scene();
      const gus = await stage.join(room, GUS);
      const cursors = { file, version: 0, spans: [{ anchor: 3, head: 3 }] };
      room.presence(gus.seat, { clock: 1, cursors, viewport: null, activity: JUST_HERE });
      room.hear(hana.seat, false);
      await stage.clock.pass(50);
      const told = stage.audience.presences.flat().findLast(({ client }) => client === gus.client);
      expect(told?.cursors).toEqual(cursors);
      expect(stage.audience.losses).toEqual([{ clients: [hana.client], people: [HANA.id] }]);
    });

    test('questions are answered with what the room knows', async () => {
      const { stage, room, hana, file, wish } = await scene();
      const gus = await stage.join(room, GUS, { link: 'viewer' });
      expect(await room.role(HANA.id)).toBe('host');
      expect(await room.role(GUS.id)).toBe('viewer');
      expect(await room.role(participantId('nobody-nobody-nobody'))).toBe(null);
      expect(await room.blobsInUse()).toEqual([]);
      expect(await room.may(gus.seat, 'file.create')).toBe(false);
      expect(await room.invitation(wish.secret)).toMatchObject({
        ok: true,
        invitation: { role: 'editor', hosts: ['Hana'] },
      });
      expect(await room.invitation(null)).toMatchObject({ ok: false, error: { code: 'room.link' } });
      const check = { file, version: 0, hash: foldOf(hana).texts.get(file)!.buffer.hash() };
      expect(await room.check(hana.seat, check)).toEqual({ verdict: 'equal' });
      expect(await room.check(hana.seat, { ...check, hash: check.hash + 1 })).toMatchObject({
        verdict: 'diverged',
      });
      const report = { file, version: 0, units: 1, tail: [120], differsAt: 0, pending: false };
      expect(await room.healed(hana.seat, report)).toBe(true);
      expect(await room.figures()).toEqual({ clients: 2, participants: 2, diverged: 1, healed: 1 });
    });

    test('a link that was revoked opens nothing', async () => {
      const { stage, room, hana, wish } = await scene();
      await stage.send(room, hana, 1, { kind: 'link.revoke', role: 'editor' });
      const refused = await room.join(stage.seat(room, GUS).seat, wish);
      expect(refused?.code).toBe('room.linkRevoked');
      expect((await room.links()).editor).not.toBe(wish.secret);
    });

    test('a room that has ended refuses whoever comes, and lets go whoever leaves', async () => {
      const { stage, room, hana, rename, wish } = await scene();
      room.leave(hana.seat);
      await stage.clock.pass(LIMITS.idleRoomMs + LIMITS.leaveGraceMs);
      expect((await room.join(stage.seat(room, GUS).seat, wish))?.code).toBe('room.unavailable');
      room.command(hana.seat, { clientSeq: 1, body: rename('too late') });
      room.leave(hana.seat);
      await settle();
      expect(hana.refusals).toMatchObject([{ clientSeq: 1, error: { code: 'protocol.unjoined' } }]);
    });
  });
}

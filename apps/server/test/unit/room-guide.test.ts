// What people ask of each other's screens: who may, who is told, and when it is over.
import type { GuideRequest, Leading, Summons } from '@codesync/protocol';
import { fileId, participantId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, GUS, HANA, LOCAL, Stage, type Way } from '../support/actor.ts';
import type { FakeSeat } from '../support/fake-audience.ts';
import { REMOTE } from '../support/remote-room.ts';

const EVE = { id: participantId('eve-eve-eve-eve-eve'), name: 'Eve', hue: 3 };

const LEAD: GuideRequest = { kind: 'lead', on: true };
const END: GuideRequest = { kind: 'lead', on: false };

/** Who leads, as a client was told last. */
function leading({ welcomed, notes }: FakeSeat): Leading | null | undefined {
  const told = notes.flatMap((note) => (note.kind === 'leading' ? [note.leading] : []));
  return told.length === 0 ? welcomed?.leading : told.at(-1);
}

const summons = ({ notes }: FakeSeat): Summons[] =>
  notes.flatMap((note) => (note.kind === 'summons' ? [note.summons] : []));

/** A room of Hana's with an editor and a viewer. */
async function scene(way: Way = LOCAL) {
  const stage = new Stage('one', undefined, undefined, way);
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS);
  const eve = await stage.join(room, EVE, { link: 'viewer' });
  const ask = async ({ seat }: FakeSeat, request: GuideRequest) =>
    (await room.guide(seat, request))?.code ?? null;
  const drive = (driver: typeof GUS | null) =>
    stage.send(room, hana, ++commands, { kind: 'driver.set', driver: driver?.id ?? null });
  let commands = 0;
  return { stage, room, hana, gus, eve, ask, drive, next: () => ++commands };
}

describe.each([
  ['in this process', LOCAL],
  ['in another process', REMOTE],
])('in a room %s', (_, way) => {
  test('a host asks everyone to follow: all are told, and who comes later hears of it', async () => {
    const { stage, room, hana, gus, ask } = await scene(way);
    expect(hana.welcomed?.leading).toBeNull();
    expect(await ask(hana, LEAD)).toBeNull();
    await settle();
    const now = { by: HANA.id, since: stage.clock.now() };
    expect([leading(hana), leading(gus)]).toEqual([now, now]);
    const late = { id: participantId('late-late-late-late'), name: 'Late', hue: 4 };
    expect((await stage.join(room, late)).welcomed?.leading).toEqual(now);
    expect(await ask(hana, END)).toBeNull();
    await settle();
    expect([leading(hana), leading(gus)]).toEqual([null, null]);
  });
});

describe('who leads', () => {
  test('is a host or the driver, and nobody else', async () => {
    const { gus, eve, ask, drive } = await scene();
    expect([await ask(gus, LEAD), await ask(eve, LEAD)]).toEqual(['lead.notYours', 'lead.notYours']);
    await drive(GUS);
    expect(await ask(gus, LEAD)).toBeNull();
    expect(leading(eve)?.by).toBe(GUS.id);
  });

  test('is whoever asked last, and only they end it', async () => {
    const { hana, gus, ask, drive } = await scene();
    await drive(GUS);
    await ask(hana, LEAD);
    await ask(gus, END);
    expect(leading(gus)?.by).toBe(HANA.id);
    await ask(gus, LEAD);
    expect(leading(hana)?.by).toBe(GUS.id);
  });

  test('leads no more without the driver’s seat', async () => {
    const { gus, eve, ask, drive } = await scene();
    await drive(GUS);
    await ask(gus, LEAD);
    await drive(null);
    expect(leading(eve)).toBeNull();
  });

  test('leads on through a short absence, and no more when they have left', async () => {
    const { stage, room, hana, gus, ask } = await scene();
    await ask(hana, LEAD);
    room.leave(hana.seat);
    await stage.clock.pass(5_000);
    expect(leading(gus)?.by).toBe(HANA.id);
    await stage.clock.pass(6_000);
    expect(leading(gus)).toBeNull();
  });
});

describe('somebody who is asked to come to a line', () => {
  test('is told in all their tabs, and nobody else is', async () => {
    const { stage, room, hana, gus, eve, ask } = await scene();
    const second = await stage.join(room, GUS, { client: 'second-tab-of-gus-12' });
    const place = { file: fileOf(hana), version: 0, at: 3 };
    expect(await ask(hana, { kind: 'bring', whom: GUS.id, place })).toBeNull();
    const told = [{ number: 1, by: HANA.id, place }];
    expect([gus, second, eve, hana].map(summons)).toEqual([told, told, [], []]);
    expect(await ask(gus, { kind: 'bring', whom: null, place })).toBeNull();
    expect([hana, eve].map((seat) => summons(seat).length)).toEqual([1, 1]);
    expect(summons(gus).length).toBe(1);
  });

  test('is here, the place is in a file of the room, and whoever asks may edit', async () => {
    const { stage, room, hana, gus, eve, ask } = await scene();
    const place = { file: fileOf(hana), version: 0, at: 3 };
    const bring = (whom: typeof GUS, at = place): GuideRequest => ({
      kind: 'bring',
      whom: whom.id,
      place: at,
    });
    expect(await ask(eve, bring(GUS))).toBe('role.viewer');
    expect(await ask(gus, bring(EVE, { ...place, file: fileId('file-nowhere') }))).toBe('guide.place');
    expect(await ask(hana, bring(HANA))).toBe('guide.gone');
    room.leave(eve.seat);
    await stage.clock.pass(50);
    expect(await ask(hana, bring(EVE))).toBe('guide.gone');
    expect(await ask(eve, bring(GUS))).toBe('protocol.unjoined');
  });
});

// Who is in a room's call: whom it takes, for how long it keeps a place, and whose words it hands on.
import {
  type CallMedia,
  type CallReply,
  type CallState,
  LIMITS,
  type OutgoingSignal,
  type Participant,
} from '@codesync/protocol';
import { callSessionId, clientId, participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import { GUS, HANA, Stage } from '../support/actor.ts';
import type { FakeSeat } from '../support/fake-audience.ts';

const SILENT: CallMedia = { microphone: false, camera: false, screen: false };
const SPEAKS: CallMedia = { ...SILENT, microphone: true };
const SHOWS: CallMedia = { ...SPEAKS, camera: true };

const person = (n: number): Participant => ({
  id: participantId(`person-number-${String(n).padStart(4, '0')}`),
  name: `Person ${n}`,
  hue: n % 12,
});
const sessionOf = ({ client }: FakeSeat, stay = 1) => callSessionId(`${client}/${stay}`);
const call = (room: RoomHandle, tab: FakeSeat, media = SPEAKS, stay = 1): Promise<CallReply> =>
  room.call(tab.seat, { ask: 'join', session: sessionOf(tab, stay), media });
const codeOf = (reply: { ok: boolean; error?: { code: string } }) => (reply.ok ? 'ok' : reply.error?.code);

/** What a client was told last of the call. */
function told({ notes, welcomed }: FakeSeat): CallState {
  for (const note of notes.toReversed()) if (note.kind === 'call') return note.state;
  return welcomed!.call;
}
const names = (tab: FakeSeat) => told(tab).members.map(({ participant }) => participant);
const signals = ({ notes }: FakeSeat) =>
  notes.flatMap((note) => (note.kind === 'signal' ? [note.signal] : []));

async function twoInACall() {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS, { link: 'viewer' });
  expect(codeOf(await call(room, hana))).toBe('ok');
  expect(codeOf(await call(room, gus))).toBe('ok');
  await stage.clock.pass(100);
  return { stage, room, hana, gus };
}

describe('who is in it', () => {
  test('everyone is told, in the order in which they came, and so is who comes into the room', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    expect(names(hana)).toEqual([HANA.id, GUS.id]);
    expect(told(gus)).toEqual(told(hana));
    const late = await stage.join(room, person(3));
    expect(late.welcomed!.call).toEqual(told(hana));
  });

  test('a burst of changes is told once, with the last of them', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const before = gus.notes.length;
    for (let i = 0; i < 100; i++) {
      await room.call(hana.seat, { ask: 'set', media: { microphone: i % 2 === 0 } });
    }
    await room.call(hana.seat, { ask: 'set', media: { screen: true } });
    await stage.clock.pass(100);
    expect(gus.notes.slice(before).filter(({ kind }) => kind === 'call').length).toBeLessThanOrEqual(2);
    expect(told(gus).members[0]).toMatchObject({ microphone: false, camera: false, screen: true });
  });

  test('the thirteenth is refused, and let in when somebody left', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const tabs = [await stage.join(room, HANA)];
    for (let n = 1; n <= LIMITS.callMembers; n++) tabs.push(await stage.join(room, person(n)));
    const last = tabs.pop()!;
    for (const tab of tabs) expect(codeOf(await call(room, tab))).toBe('ok');
    expect(codeOf(await call(room, last))).toBe('call.full');
    await room.call(tabs[0]!.seat, { ask: 'leave' });
    expect(codeOf(await call(room, last))).toBe('ok');
  });

  test('the seventh camera or screen is refused, and its microphone goes on', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const tabs = [await stage.join(room, HANA)];
    for (let n = 1; n <= LIMITS.callVideos; n++) tabs.push(await stage.join(room, person(n)));
    const last = tabs.pop()!;
    for (const tab of tabs) expect(codeOf(await call(room, tab, SHOWS))).toBe('ok');
    expect(codeOf(await call(room, last, SHOWS))).toBe('call.videos');
    expect(codeOf(await call(room, last))).toBe('ok');
    expect(codeOf(await room.call(last.seat, { ask: 'set', media: { screen: true } }))).toBe('call.videos');
    // Who shows something already may show more.
    expect(codeOf(await room.call(tabs[0]!.seat, { ask: 'set', media: { screen: true } }))).toBe('ok');
    await room.call(tabs[1]!.seat, { ask: 'set', media: { camera: false } });
    expect(codeOf(await room.call(last.seat, { ask: 'set', media: { screen: true } }))).toBe('ok');
  });

  test('a person is in it once: another tab of theirs takes the place', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const second = await stage.join(room, HANA, { client: 'client-of-Hana-second' });
    expect(codeOf(await call(room, second))).toBe('ok');
    await stage.clock.pass(100);
    expect(told(gus).members.map(({ client }) => client)).toEqual([gus.client, second.client]);
    expect(codeOf(await room.call(hana.seat, { ask: 'set', media: SPEAKS }))).toBe('call.notIn');
  });
});

describe('a place', () => {
  test('outlives a cut of the connection', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const { session, joinedAt } = told(hana).members[1]!;
    room.leave(gus.seat);
    await stage.clock.pass(LIMITS.callGraceMs - 1);
    expect(names(hana)).toEqual([HANA.id, GUS.id]);
    const again = await stage.join(room, GUS);
    await stage.clock.pass(2 * LIMITS.callGraceMs);
    expect(names(hana)).toEqual([HANA.id, GUS.id]);
    expect(codeOf(await call(room, again))).toBe('ok');
    await stage.clock.pass(100);
    expect(told(again).members[1]).toMatchObject({ session, joinedAt });
  });

  test('goes when nobody came back for it', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    room.leave(gus.seat);
    await stage.clock.pass(LIMITS.callGraceMs + 100);
    expect(names(hana)).toEqual([HANA.id]);
  });

  test('is another one after a reload: what was meant for the first one is dropped', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const first = sessionOf(gus);
    room.leave(gus.seat);
    const again = await stage.join(room, GUS);
    expect(codeOf(await call(room, again, SPEAKS, 2))).toBe('ok');
    await stage.clock.pass(100);
    expect(told(hana).members.map(({ session }) => session)).toEqual([sessionOf(hana), sessionOf(gus, 2)]);
    const late: OutgoingSignal = {
      to: gus.client,
      session: first,
      generation: 1,
      signal: { kind: 'restart' },
    };
    expect(codeOf(await room.signal(hana.seat, late))).toBe('call.gone');
    expect(signals(again)).toEqual([]);
  });

  test('goes at once with whoever is removed from the room', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    await stage.send(room, hana, 1, { kind: 'member.remove', participant: GUS.id });
    await stage.clock.pass(100);
    expect(names(hana)).toEqual([HANA.id]);
    expect(codeOf(await room.call(gus.seat, { ask: 'renew' }))).toBe('protocol.unjoined');
  });
});

describe('signals', () => {
  const restart = (tab: FakeSeat, stay = 1): OutgoingSignal => ({
    to: tab.client,
    session: sessionOf(tab, stay),
    generation: 4,
    signal: { kind: 'restart' },
  });

  test('go to that one client, with the name and the stay of whoever said them', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const ear = await stage.join(room, person(3));
    await call(room, ear);
    expect(codeOf(await room.signal(gus.seat, restart(hana)))).toBe('ok');
    expect(signals(hana)).toEqual([
      { from: gus.client, session: sessionOf(gus), generation: 4, signal: { kind: 'restart' } },
    ]);
    expect([signals(gus), signals(ear)]).toEqual([[], []]);
  });

  test('go neither from nor to whoever is not in the call, nor to oneself', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    const outside = await stage.join(room, person(3));
    expect(codeOf(await room.signal(outside.seat, restart(hana)))).toBe('call.notIn');
    expect(codeOf(await room.signal(hana.seat, restart(outside)))).toBe('call.gone');
    expect(codeOf(await room.signal(hana.seat, restart(hana)))).toBe('call.gone');
    await room.call(gus.seat, { ask: 'leave' });
    expect(codeOf(await room.signal(hana.seat, restart(gus)))).toBe('call.gone');
    expect([signals(hana), signals(outside), signals(gus)]).toEqual([[], [], []]);
  });

  test('go to no other room', async () => {
    const { stage, hana } = await twoInACall();
    const elsewhere = await stage.room();
    const other = await stage.join(elsewhere, HANA, { client: 'client-of-Hana-else' });
    await call(elsewhere, other);
    expect(codeOf(await elsewhere.signal(other.seat, restart(hana)))).toBe('call.gone');
    expect(signals(hana)).toEqual([]);
  });
});

describe('a microphone', () => {
  test('is turned off by a host alone, and on again by its owner alone', async () => {
    const { stage, room, hana, gus } = await twoInACall();
    expect(codeOf(await room.call(gus.seat, { ask: 'mute', client: hana.client }))).toBe('role.host');
    expect(codeOf(await room.call(hana.seat, { ask: 'mute', client: gus.client }))).toBe('ok');
    await stage.clock.pass(100);
    expect(told(gus).members[1]).toMatchObject({ microphone: false, mutedBy: HANA.id });
    // A change of the camera says nothing of the microphone.
    await room.call(gus.seat, { ask: 'set', media: { camera: true } });
    await stage.clock.pass(100);
    expect(told(hana).members[1]).toMatchObject({ microphone: false, camera: true, mutedBy: HANA.id });
    await room.call(gus.seat, { ask: 'set', media: { microphone: true } });
    await stage.clock.pass(100);
    expect(told(hana).members[1]).toMatchObject({ microphone: true, mutedBy: null });
  });

  test('of somebody who is not in the call is nobody’s to turn off', async () => {
    const { stage, room, hana } = await twoInACall();
    const outside = await stage.join(room, person(3));
    const other = clientId('client-of-nobody-1234');
    expect(codeOf(await room.call(hana.seat, { ask: 'mute', client: outside.client }))).toBe('call.gone');
    expect(codeOf(await room.call(hana.seat, { ask: 'mute', client: other }))).toBe('call.gone');
  });
});

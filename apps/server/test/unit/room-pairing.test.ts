// The driver's seat and the timer in a room that lives: what happens by itself.
import { describe, expect, test } from 'vitest';
import { foldOf, GUS, HANA, Stage } from '../support/actor.ts';

const MINUTE_MS = 60_000;

async function scene() {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const gus = await stage.join(room, GUS);
  let commands = 0;
  const ask = (body: Parameters<Stage['send']>[3]) => stage.send(room, hana, ++commands, body);
  const state = () => foldOf(hana).state;
  return { stage, room, hana, gus, ask, state };
}

const ends = (seat: { readonly kinds: string[] }) =>
  seat.kinds.filter((kind) => kind === 'timer.ended').length;

describe('the driver’s seat', () => {
  test('is empty when the driver has left for good, and not before', async () => {
    const { stage, room, gus, ask, state } = await scene();
    await ask({ kind: 'driver.set', driver: GUS.id });
    room.leave(gus.seat);
    await stage.clock.pass(5_000);
    expect(state().driver).toBe(GUS.id);
    await stage.clock.pass(6_000);
    expect(state().driver).toBeNull();
  });

  test('is empty when the driver may only view, or is removed', async () => {
    const { ask, state } = await scene();
    await ask({ kind: 'driver.set', driver: GUS.id });
    await ask({ kind: 'member.role', participant: GUS.id, role: 'viewer' });
    expect(state().driver).toBeNull();
    await ask({ kind: 'member.role', participant: GUS.id, role: 'editor' });
    await ask({ kind: 'driver.set', driver: GUS.id });
    await ask({ kind: 'member.remove', participant: GUS.id });
    expect(state().driver).toBeNull();
  });

  test('stays with a driver who takes another name', async () => {
    const { ask, state } = await scene();
    await ask({ kind: 'driver.set', driver: HANA.id });
    await ask({ kind: 'member.update', name: 'Hanna', hue: 2 });
    expect(state().driver).toBe(HANA.id);
  });
});

describe('the timer', () => {
  test('ends once, when its time is up, and all are told', async () => {
    const { stage, hana, gus, ask, state } = await scene();
    await ask({ kind: 'timer.start', minutes: 2 });
    await stage.clock.pass(2 * MINUTE_MS - 1_000);
    expect(ends(gus)).toBe(0);
    await stage.clock.pass(2_000);
    expect([ends(hana), ends(gus)]).toEqual([1, 1]);
    expect(state().timer?.state.kind).toBe('ended');
    await stage.clock.pass(10 * MINUTE_MS);
    expect(ends(hana)).toBe(1);
  });

  test('does not end while it is paused, or when it was stopped', async () => {
    const { stage, hana, ask, state } = await scene();
    await ask({ kind: 'timer.start', minutes: 1 });
    await stage.clock.pass(30_000);
    await ask({ kind: 'timer.pause' });
    await stage.clock.pass(5 * MINUTE_MS);
    expect(ends(hana)).toBe(0);
    await ask({ kind: 'timer.resume' });
    await stage.clock.pass(29_000);
    expect(state().timer?.state.kind).toBe('running');
    await stage.clock.pass(2_000);
    expect(ends(hana)).toBe(1);
    await ask({ kind: 'timer.start', minutes: 1 });
    await ask({ kind: 'timer.stop' });
    await stage.clock.pass(5 * MINUTE_MS);
    expect(ends(hana)).toBe(1);
  });

  test('whose time has passed while the room was in no memory ends when somebody opens it', async () => {
    const before = await scene();
    await before.ask({ kind: 'timer.start', minutes: 1 });
    await before.stage.registry.shut();
    await before.stage.clock.pass(2 * MINUTE_MS);
    const after = new Stage('two', before.stage.clock, before.stage.store);
    const room = await after.open(before.room.id);
    const gus = await after.join(room, GUS);
    await after.clock.pass(1_000);
    expect(foldOf(gus).state.timer?.state.kind).toBe('ended');
  });
});

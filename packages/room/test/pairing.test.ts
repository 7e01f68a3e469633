// The driver's seat and the timer.
import type { CommandBody, EventBody, ParticipantId, Role } from '@codesync/protocol';
import { participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, EditOrder, mayLead, nextDriver, RoomFold, seatIsForfeit } from '../src/index.ts';

const [HANA, ADA, BEA, VIC] = ['hana', 'ada', 'bea', 'vic'].map((name) =>
  participantId(`person-${name}-person-xx`),
) as [ParticipantId, ParticipantId, ParticipantId, ParticipantId];

/** A room with a host, two editors and a viewer, whose events come a second after one another. */
class Pair {
  readonly fold = new RoomFold();
  readonly order = new EditOrder(this.fold.texts);
  at = 0;

  constructor() {
    this.add({ kind: 'room.created', name: 'a room', language: 'python' });
    const roles: [ParticipantId, Role][] = [
      [HANA, 'host'],
      [ADA, 'editor'],
      [BEA, 'editor'],
      [VIC, 'viewer'],
    ];
    for (const [participant, role] of roles) {
      this.add({ kind: 'member.joined', participant, name: 'somebody', hue: 1, role });
    }
  }

  get state() {
    return this.fold.state;
  }

  add(body: EventBody, actor: ParticipantId | null = null, at = this.at + 1_000): void {
    this.at = at;
    this.fold.apply({ seq: this.fold.seq + 1, at, actor, body });
  }

  /** Gives a command: the code of its refusal, or null when it is done. */
  ask(actor: ParticipantId, command: CommandBody): string | null {
    const decision = decide(this, actor, command);
    if (decision.kind === 'refused') return decision.error.code;
    if (decision.kind === 'fact') this.add(decision.body, actor);
    return null;
  }

  drive(actor: ParticipantId, driver: ParticipantId | null): string | null {
    return this.ask(actor, { kind: 'driver.set', driver });
  }
}

describe('the driver’s seat', () => {
  test('is taken by an editor when nobody has it, and not from whoever has', () => {
    const room = new Pair();
    expect(room.drive(ADA, ADA)).toBeNull();
    expect(room.state.driver).toBe(ADA);
    expect(room.drive(BEA, BEA)).toBe('driver.notYours');
    expect(room.drive(ADA, ADA)).toBe('driver.same');
  });

  test('is handed over, or left, by the driver, and given away by a host', () => {
    const room = new Pair();
    room.drive(ADA, ADA);
    expect(room.drive(ADA, BEA)).toBeNull();
    expect(room.drive(ADA, HANA)).toBe('driver.notYours');
    expect(room.drive(HANA, ADA)).toBeNull();
    expect(room.drive(ADA, null)).toBeNull();
    expect(room.state.driver).toBeNull();
  });

  test('nobody is put into it by somebody else who has it not', () => {
    expect(new Pair().drive(ADA, BEA)).toBe('driver.notYours');
  });

  test('goes to nobody who may not edit, or is not here', () => {
    const room = new Pair();
    expect(room.drive(VIC, VIC)).toBe('role.viewer');
    expect(room.drive(HANA, VIC)).toBe('driver.cannot');
    room.add({ kind: 'member.left', participant: BEA });
    expect(room.drive(HANA, BEA)).toBe('driver.cannot');
    expect(room.drive(HANA, participantId('person-nobody-person'))).toBe('driver.cannot');
  });

  test.each<[why: string, body: EventBody]>([
    ['left', { kind: 'member.left', participant: ADA }],
    ['was removed', { kind: 'member.removed', participant: ADA }],
    ['may only view', { kind: 'member.role', participant: ADA, role: 'viewer' }],
  ])('is forfeit when the driver %s', (_, body) => {
    const room = new Pair();
    room.drive(ADA, ADA);
    expect(seatIsForfeit(room.state)).toBe(false);
    room.add(body);
    expect(seatIsForfeit(room.state)).toBe(true);
  });

  test('lets its driver lead, as hosts do', () => {
    const room = new Pair();
    expect([HANA, ADA].map((who) => mayLead(room.state, who))).toEqual([true, false]);
    room.drive(ADA, ADA);
    expect(mayLead(room.state, ADA)).toBe(true);
  });
});

describe('the timer', () => {
  test('ends at a moment of the server’s, which a pause puts off by as long as it takes', () => {
    const room = new Pair();
    expect(room.ask(ADA, { kind: 'timer.start', minutes: 15 })).toBeNull();
    const endsAt = room.at + 15 * 60_000;
    expect(room.state.timer).toEqual({ by: ADA, minutes: 15, state: { kind: 'running', endsAt } });
    room.at += 10_000;
    expect(room.ask(BEA, { kind: 'timer.pause' })).toBeNull();
    expect(room.state.timer?.state).toEqual({ kind: 'paused', leftMs: endsAt - room.at });
    room.at += 60_000;
    expect(room.ask(BEA, { kind: 'timer.resume' })).toBeNull();
    expect(room.state.timer?.state).toEqual({ kind: 'running', endsAt: endsAt + 61_000 });
  });

  test('is one for all: it is not started while it goes, and does not change from a state that it is not in', () => {
    const room = new Pair();
    for (const kind of ['timer.pause', 'timer.resume', 'timer.stop'] as const) {
      expect(room.ask(ADA, { kind })).toBe('timer.none');
    }
    room.ask(ADA, { kind: 'timer.start', minutes: 1 });
    expect(room.ask(BEA, { kind: 'timer.start', minutes: 1 })).toBe('timer.going');
    expect(room.ask(BEA, { kind: 'timer.resume' })).toBe('timer.none');
    expect(room.ask(BEA, { kind: 'timer.stop' })).toBeNull();
    expect(room.state.timer).toBeNull();
  });

  test('that is over lets whoever’s turn it is take the seat, and nobody else, and has then done its work', () => {
    const room = new Pair();
    room.drive(ADA, ADA);
    room.ask(ADA, { kind: 'timer.start', minutes: 1 });
    expect(nextDriver(room.state)).toBe(BEA);
    expect(room.drive(BEA, BEA)).toBe('driver.notYours');
    room.add({ kind: 'timer.ended' });
    expect(room.state.timer?.state).toEqual({ kind: 'ended', at: room.at });
    expect(room.drive(BEA, BEA)).toBeNull();
    expect(room.state).toMatchObject({ driver: BEA, timer: null });
  });

  test('that was paused or stopped before its end does not end', () => {
    const room = new Pair();
    room.ask(ADA, { kind: 'timer.start', minutes: 1 });
    room.ask(ADA, { kind: 'timer.pause' });
    const before = room.state.timer;
    room.add({ kind: 'timer.ended' });
    expect(room.state.timer).toEqual(before);
    room.ask(ADA, { kind: 'timer.stop' });
    room.add({ kind: 'timer.ended' });
    expect(room.state.timer).toBeNull();
  });
});

test('whose turn it is goes round among those who are here and may edit, and is never the driver’s', () => {
  const room = new Pair();
  const order: (ParticipantId | null)[] = [];
  for (let i = 0; i < 4; i++) {
    const next = nextDriver(room.state);
    order.push(next);
    room.drive(HANA, next);
  }
  expect(order).toEqual([HANA, ADA, BEA, HANA]);
  for (const participant of [ADA, BEA]) room.add({ kind: 'member.left', participant });
  expect(nextDriver(room.state)).toBeNull();
});

test('whatever is asked for: whoever drives could edit when they got the seat, and a timer has time to run', () => {
  const people = fc.constantFrom(HANA, ADA, BEA, VIC);
  const step = fc.oneof(
    fc.record({ who: people, kind: fc.constant('driver.set' as const), driver: fc.option(people) }),
    fc.record({
      who: people,
      kind: fc.constant('timer.start' as const),
      minutes: fc.integer({ min: 1, max: 120 }),
    }),
    fc.record({
      who: people,
      kind: fc.constantFrom('timer.pause' as const, 'timer.resume' as const, 'timer.stop' as const),
    }),
    fc.record({ who: people, kind: fc.constant('ended' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const room = new Pair();
      for (const { who, ...command } of steps) {
        const before = room.state.driver;
        if (command.kind === 'ended') room.add({ kind: 'timer.ended' });
        else if (room.ask(who, command as CommandBody) === null && command.kind === 'driver.set') {
          expect(room.state.driver).toBe(command.driver);
          // Of those who are no hosts, only the driver gives it away, and nobody pushes another out unless it is their turn.
          if (who !== HANA && before !== null && before !== who) expect(command.driver).toBe(who);
        }
        const { driver, timer } = room.state;
        expect(driver).not.toBe(VIC);
        if (timer?.state.kind === 'paused') {
          expect(timer.state.leftMs).toBeGreaterThanOrEqual(0);
          expect(timer.state.leftMs).toBeLessThanOrEqual(timer.minutes * 60_000);
        }
      }
    }),
  );
});

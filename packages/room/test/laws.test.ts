// The laws that every room keeps, whatever is asked of it. fast-check prints the seed of a counterexample.
import {
  CommandBody,
  type CommandKind,
  type Keyframe,
  may,
  type RoomEvent,
  roleNeeded,
} from '@codesync/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decision, RoomFold } from '../src/index.ts';
import { commandOf, happen, open, RandomRoom, type Step, steps, whoOf } from './support/random-room.ts';

function overJson(keyframe: Keyframe): Keyframe {
  return JSON.parse(JSON.stringify(keyframe));
}

function foldAll(events: readonly RoomEvent[], fold = new RoomFold()): RoomFold {
  for (const event of events) fold.apply(event);
  return fold;
}

/** Goes through one step: a command and what comes of it, and every third time something that just happens. */
function go(room: RandomRoom, step: Step): void {
  const decision = room.decide(whoOf(step), commandOf(room, step));
  if (decision.kind === 'fact') room.append(decision.body, whoOf(step));
  if (step.b % 3 === 0) happen(room, step);
}

function played(all: readonly Step[]): RandomRoom {
  const room = new RandomRoom();
  open(room);
  for (const step of all) go(room, step);
  return room;
}

describe('in random rooms', () => {
  test('[INV5] a keyframe taken anywhere, through JSON, and the events after it give the same room', () => {
    fc.assert(
      fc.property(steps(80), fc.nat(), (all, n) => {
        const { log, fold } = played(all);
        const cut = n % (log.length + 1);
        const resumed = RoomFold.from(overJson(foldAll(log.slice(0, cut)).toKeyframe()));
        expect(resumed.seq).toBe(cut);
        foldAll(log.slice(cut), resumed);
        expect(resumed.state).toEqual(fold.state);
        expect([...resumed.texts.keys()].sort()).toEqual([...fold.texts.keys()].sort());
        expect(overJson(resumed.toKeyframe())).toEqual(overJson(fold.toKeyframe()));
      }),
    );
  });

  test('what a command comes to always folds, and a refusal leaves the room as it is', () => {
    fc.assert(
      fc.property(steps(40), (all) => {
        const room = new RandomRoom();
        open(room);
        for (const step of all) {
          const { state, seq } = room.fold;
          const before = JSON.stringify(room.fold.toKeyframe());
          const decision = room.decide(whoOf(step), commandOf(room, step));
          expect(room.fold.state).toBe(state);
          expect(JSON.stringify(room.fold.toKeyframe())).toBe(before);
          if (decision.kind === 'fact') {
            room.append(decision.body, whoOf(step));
            expect(room.fold.seq).toBe(seq + 1);
          }
          happen(room, step);
        }
      }),
    );
  });

  test('the same room comes to the same decision, in the memory that it grew in and when opened again', () => {
    fc.assert(
      fc.property(steps(60), steps(10), fc.nat(), (all, asked, n) => {
        const room = played(all);
        const cut = n % (room.log.length + 1);
        const again = new RandomRoom(RoomFold.from(overJson(foldAll(room.log.slice(0, cut)).toKeyframe())));
        for (const { body, actor } of room.log.slice(cut)) again.append(body, actor);
        for (const step of asked) {
          const command = commandOf(room, step);
          const decision = room.decide(whoOf(step), command);
          expect(room.decide(whoOf(step), command)).toEqual(decision);
          expect(again.decide(whoOf(step), command, room.log)).toEqual(decision);
        }
      }),
    );
  });

  test('[INV8] nobody does what their role does not allow, and a room has a host', () => {
    fc.assert(
      fc.property(steps(80), (all) => {
        const room = new RandomRoom();
        open(room);
        for (const step of all) {
          const member = room.fold.state.members.get(whoOf(step));
          const command = commandOf(room, step);
          const decision = room.decide(whoOf(step), command);
          const error = (code: string) =>
            expect(decision).toMatchObject({ kind: 'refused', error: { code } });
          if (member === undefined || member.removed) error('room.removed');
          else if (!may(member.role, command.kind))
            error(`role.${roleNeeded(command.kind) === 'host' ? 'host' : 'viewer'}`);
          go(room, step);
          const members = [...room.fold.state.members.values()];
          if (members.length > 0) {
            expect(members.some(({ role, removed }) => role === 'host' && !removed)).toBe(true);
          }
        }
      }),
    );
  });

  test('commands of every kind are asked for, done and refused: the laws above are tried on all', () => {
    const outcomes = new Map<CommandKind, Set<Decision['kind']>>();
    for (const all of fc.sample(steps(400), { numRuns: 40, seed: 1 })) {
      const room = new RandomRoom();
      open(room);
      for (const step of all) {
        const command = commandOf(room, step);
        const known = outcomes.get(command.kind) ?? new Set();
        outcomes.set(command.kind, known.add(room.decide(whoOf(step), command).kind));
        go(room, step);
      }
    }
    for (const [command, kinds] of outcomes) {
      expect([command, [...kinds].sort()]).toEqual([
        command,
        command === 'run.stop' ? ['refused', 'stop'] : ['fact', 'refused'],
      ]);
    }
    expect(outcomes.size).toBe(CommandBody.options.length);
  });
});

// What can be done with the driver's seat and the timer.
import type { Member, ParticipantId } from '@codesync/protocol';
import { mayGive, nextDriver, type RoomState } from '@codesync/room';
import type { Desk } from '../../desk/desk.ts';

/** What the timer is offered with, in minutes. */
export const MINUTES = [5, 10, 15, 25, 45] as const;

/** Whether this person may put that one into the driver's seat, or nobody (null). */
export function maySeat(desk: Desk, driver: ParticipantId | null): boolean {
  const { room, you } = desk.view();
  return you !== null && desk.may('driver.set') && room.driver !== driver && mayGive(room, you.id, driver);
}

/** Those who can have the driver's seat and have it not. */
export function candidates({ members, driver }: Pick<RoomState, 'members' | 'driver'>): readonly Member[] {
  return [...members.values()].filter(
    ({ id, here, removed, role }) => here && !removed && role !== 'viewer' && id !== driver,
  );
}

export function seat(desk: Desk, driver: ParticipantId | null): Promise<void> {
  return desk.send({ kind: 'driver.set', driver });
}

export function startTimer(desk: Desk, minutes: number): Promise<void> {
  return desk.send({ kind: 'timer.start', minutes });
}

/** The time is up: whoever's turn it is drives, for as long again. */
export async function swap(desk: Desk, minutes: number): Promise<void> {
  const next = nextDriver(desk.view().room);
  if (next === null) return;
  const result = await desk.command({ kind: 'driver.set', driver: next });
  if (result.ok) await startTimer(desk, minutes);
  else desk.report(result.error.message, result.error.code);
}

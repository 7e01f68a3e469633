// Commands about people. Pure.
import { type CommandBody, HUES, type ParticipantId } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { type Decision, fact, refuse } from './decision.ts';

type MemberCommand = Extract<
  CommandBody,
  { kind: 'member.update' | 'member.role' | 'member.remove' | 'role.request' }
>;

function isLastHost(state: RoomState, participant: ParticipantId): boolean {
  if (state.members.get(participant)?.role !== 'host') return false;
  return ![...state.members.values()].some(
    (member) => member.role === 'host' && !member.removed && member.id !== participant,
  );
}

/**
 * The colour that a person appears in: the one wished for, unless somebody else who is here has it. Then the one
 * that the person already had in this room, else the free one that is furthest from all that are taken. A room
 * with more people than colours grants every wish.
 */
export function hueFor(state: RoomState, participant: ParticipantId, wished: number): number {
  const others = [...state.members.values()].filter(({ here, id }) => here && id !== participant);
  const taken = new Set(others.map(({ hue }) => hue));
  if (!taken.has(wished) || taken.size >= HUES) return wished;
  const had = state.members.get(participant)?.hue;
  if (had !== undefined && !taken.has(had)) return had;
  const distance = (a: number, b: number) => Math.min(Math.abs(a - b), HUES - Math.abs(a - b));
  const room = (hue: number) => Math.min(...[...taken].map((other) => distance(hue, other)));
  const hues = Array.from({ length: HUES }, (_, hue) => hue);
  return hues.reduce((best, hue) => (room(hue) > room(best) ? hue : best));
}

export function decideMembers(state: RoomState, actor: ParticipantId, command: MemberCommand): Decision {
  if (command.kind === 'member.update') {
    return fact({ kind: 'member.updated', participant: actor, name: command.name, hue: command.hue });
  }
  if (command.kind === 'role.request') return fact({ kind: 'role.requested', participant: actor });
  const { participant } = command;
  const member = state.members.get(participant);
  if (member === undefined || member.removed) return refuse('member.unknown');
  if (command.kind === 'member.remove') {
    if (isLastHost(state, participant)) return refuse('role.lastHost');
    return fact({ kind: 'member.removed', participant });
  }
  if (command.role !== 'host' && isLastHost(state, participant)) return refuse('role.lastHost');
  return fact({ kind: 'member.role', participant, role: command.role });
}

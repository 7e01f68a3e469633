// Commands about people. Pure.
import type { CommandBody, ParticipantId } from '@codesync/protocol';
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

// The one function that decides on a command. The server and the page's tests share it. Pure.
import {
  type CommandBody,
  type CommandKind,
  may,
  type ParticipantId,
  type Refusal,
  refusal,
  roleNeeded,
} from '@codesync/protocol';
import { type Decision, type Given, NOTHING_GIVEN } from './decision.ts';
import type { Decided } from './noun.ts';
import { decideCommand, type RoomState } from './nouns.ts';

/** Why somebody may not give commands of this kind; null when they may. */
export function denial(state: RoomState, actor: ParticipantId, kind: CommandKind): Refusal | null {
  const member = state.members.get(actor);
  if (member === undefined || member.removed) return refusal('room.removed');
  if (may(member.role, kind)) return null;
  return refusal(roleNeeded(kind) === 'host' ? 'role.host' : 'role.viewer');
}

/**
 * Decides on a command, and considers the role of its sender. Same arguments, same decision; nothing changes. A
 * fact that was decided on always folds into that room.
 * @param given is needed by `run.start`, and by what was decided to be `older`.
 */
export function decide(
  room: Decided<RoomState>,
  actor: ParticipantId,
  command: CommandBody,
  given: Given = NOTHING_GIVEN,
): Decision {
  const error = denial(room.fold.state, actor, command.kind);
  return error === null ? decideCommand(room, actor, command, given) : { kind: 'refused', error };
}

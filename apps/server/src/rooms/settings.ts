// Commands about the room itself. Pure.
import type { CommandBody } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { type Decision, fact } from './decision.ts';

type SettingsCommand = Extract<CommandBody, { kind: 'room.rename' | 'room.lock' | 'link.revoke' }>;

export function decideSettings(state: RoomState, command: SettingsCommand): Decision {
  switch (command.kind) {
    case 'room.rename':
      return fact({ kind: 'room.renamed', name: command.name });
    case 'room.lock':
      return fact({ kind: 'room.locked', locked: command.locked });
    case 'link.revoke':
      return fact({
        kind: 'link.revoked',
        role: command.role,
        generation: state.links[command.role] + 1,
      });
  }
}

// Commands about the room itself. Pure.
import type { CommandBody } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { type Decision, fact, refuse } from './decision.ts';

type SettingsCommand = Extract<
  CommandBody,
  { kind: 'room.rename' | 'room.lock' | 'entry.pin' | 'workFolder.set' | 'link.revoke' }
>;

export function decideSettings(state: RoomState, command: SettingsCommand): Decision {
  switch (command.kind) {
    case 'room.rename':
      return fact({ kind: 'room.renamed', name: command.name });
    case 'room.lock':
      return fact({ kind: 'room.locked', locked: command.locked });
    case 'entry.pin':
      if (command.file !== null && !state.files.has(command.file)) return refuse('file.unknown');
      return fact({ kind: 'entry.pinned', file: command.file });
    case 'workFolder.set':
      return fact({ kind: 'workFolder.changed', folder: command.folder });
    case 'link.revoke':
      return fact({
        kind: 'link.revoked',
        role: command.role,
        generation: state.links[command.role] + 1,
      });
  }
}

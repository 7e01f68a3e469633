// Commands about files as such. Pure.
import { type CommandBody, type FileId, LIMITS } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { type Decision, fact, refuse } from './decision.ts';

type FileCommand = Extract<CommandBody, { kind: 'file.create' | 'file.rename' | 'file.delete' }>;

/** Two paths that some file system takes for one. */
function folded(path: string): string {
  return path.toLowerCase();
}

/**
 * Whether `path` can be given to `file`: no other file has it, whatever the case of its letters, and no file
 * is a folder of another.
 */
function pathIsFree(state: RoomState, file: FileId, path: string): boolean {
  const wanted = folded(path);
  for (const other of state.files.values()) {
    if (other.id === file) continue;
    const taken = folded(other.path);
    if (taken === wanted || taken.startsWith(`${wanted}/`) || wanted.startsWith(`${taken}/`)) return false;
  }
  return true;
}

/** @param roomUnits the length of all files of the room together, in UTF-16 units. */
export function decideFiles(state: RoomState, command: FileCommand, roomUnits: number): Decision {
  const { file } = command;
  if (command.kind === 'file.create') {
    if (state.files.has(file)) return refuse('file.exists');
    if (state.files.size >= LIMITS.files) return refuse('file.tooMany');
    if (!pathIsFree(state, file, command.path)) return refuse('file.exists');
    if (roomUnits + command.text.length > LIMITS.roomUnits) return refuse('room.tooLarge');
    return fact({ kind: 'file.created', file, path: command.path, text: command.text });
  }
  if (!state.files.has(file)) return refuse('file.unknown');
  if (command.kind === 'file.delete') return fact({ kind: 'file.deleted', file });
  if (!pathIsFree(state, file, command.path)) return refuse('file.exists');
  return fact({ kind: 'file.renamed', file, path: command.path });
}

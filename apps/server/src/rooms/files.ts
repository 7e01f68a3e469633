// Commands about files as such. Pure.
import { type CommandBody, type FileId, LIMITS, pathProblem } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { type Decision, fact, refuse } from './decision.ts';

/** Others may have taken its name, and the one beside it, and so on. */
const NAMES_TRIED = 20;
const RENAME_FIRST = 'Another file has its name now. Rename that one, then bring this one back.';

type FileCommand = Extract<
  CommandBody,
  { kind: 'file.create' | 'file.rename' | 'file.delete' | 'file.restore' }
>;

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

/** The file as it was deleted, under its name or, where another has that now, beside it. */
function decideRestore(state: RoomState, file: FileId, roomUnits: number): Decision {
  if (state.files.has(file)) return refuse('file.restored');
  const deleted = state.deleted.get(file);
  if (deleted === undefined) return refuse('file.gone');
  if (state.files.size >= LIMITS.files) return refuse('file.tooMany');
  const { version, text } = deleted;
  if (roomUnits + text.length > LIMITS.roomUnits) return refuse('room.tooLarge');
  const path = namesFor(deleted.path).find(
    (name) => pathProblem(name) === null && pathIsFree(state, file, name),
  );
  if (path === undefined) return refuse('file.exists', RENAME_FIRST);
  return fact({ kind: 'file.restored', file, path, version, text });
}

/** `path`, then the names beside it that are tried in turn: `main (restored).py`, `main (restored 2).py` … */
function namesFor(path: string): readonly string[] {
  const folder = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  const end = dot > folder ? dot : path.length;
  const marks = Array.from({ length: NAMES_TRIED }, (_, i) => (i === 0 ? 'restored' : `restored ${i + 1}`));
  return [path, ...marks.map((mark) => `${path.slice(0, end)} (${mark})${path.slice(end)}`)];
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
  if (command.kind === 'file.restore') return decideRestore(state, file, roomUnits);
  if (!state.files.has(file)) return refuse('file.unknown');
  if (command.kind === 'file.delete') return fact({ kind: 'file.deleted', file });
  if (!pathIsFree(state, file, command.path)) return refuse('file.exists');
  return fact({ kind: 'file.renamed', file, path: command.path });
}

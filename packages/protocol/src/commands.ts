import { z } from 'zod';
import { DeleteMessage, EditMessage, ReactToMessage, SendMessage } from './chat.ts';
import {
  DeleteComment,
  EditComment,
  OpenComment,
  ReopenThread,
  ReplyComment,
  ResolveThread,
} from './comments.ts';
import {
  ChangeConfiguration,
  CreateConfiguration,
  DeleteConfiguration,
  PinConfiguration,
} from './configurations.ts';
import { Edit } from './edits.ts';
import {
  CreateFile,
  CreateFolder,
  DeleteFile,
  DeleteFolder,
  MoveFolder,
  RenameFile,
  ReplaceFile,
  RestoreFile,
  RestoreFolder,
  SetFileLanguage,
  UploadFile,
} from './files.ts';
import { ClientSeq } from './ids.ts';
import { PauseTimer, ResumeTimer, SetDriver, StartTimer, StopTimer } from './pairing.ts';
import { ChangeRole, RemoveMember, RenameSelf, RequestRole, type Role } from './participants.ts';
import { LockRoom, PinEntry, RenameRoom, RevokeLink, SetWorkFolder } from './rooms.ts';
import { StartRun, StopRun, TypeIntoRun } from './runs.ts';
import { CloseTerminal, LockTerminal, OpenTerminal, RenameTerminal, RestartTerminal } from './terminals.ts';

/** What a client may ask of a room. */
export const CommandBody = z.discriminatedUnion('kind', [
  Edit,
  CreateFile,
  UploadFile,
  ReplaceFile,
  RenameFile,
  SetFileLanguage,
  DeleteFile,
  RestoreFile,
  CreateFolder,
  MoveFolder,
  DeleteFolder,
  RestoreFolder,
  StartRun,
  StopRun,
  TypeIntoRun,
  CreateConfiguration,
  ChangeConfiguration,
  DeleteConfiguration,
  PinConfiguration,
  OpenTerminal,
  RenameTerminal,
  LockTerminal,
  RestartTerminal,
  CloseTerminal,
  OpenComment,
  ReplyComment,
  EditComment,
  DeleteComment,
  ResolveThread,
  ReopenThread,
  SendMessage,
  EditMessage,
  DeleteMessage,
  ReactToMessage,
  SetDriver,
  StartTimer,
  PauseTimer,
  ResumeTimer,
  StopTimer,
  RenameSelf,
  ChangeRole,
  RemoveMember,
  RequestRole,
  PinEntry,
  SetWorkFolder,
  RenameRoom,
  LockRoom,
  RevokeLink,
]);
export type CommandBody = z.infer<typeof CommandBody>;
export type CommandKind = CommandBody['kind'];

/** A command with its number; a resend carries the same number and is never carried out twice. */
export const Command = z.strictObject({ clientSeq: ClientSeq, body: CommandBody });
export type Command = z.infer<typeof Command>;

const RANK: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, host: 2 };

const NEEDS: Readonly<Record<CommandKind, Role>> = {
  edit: 'editor',
  'file.create': 'editor',
  'file.upload': 'editor',
  'file.replace': 'editor',
  'file.rename': 'editor',
  'file.language': 'editor',
  'file.delete': 'editor',
  'file.restore': 'editor',
  'folder.create': 'editor',
  'folder.move': 'editor',
  'folder.delete': 'editor',
  'folder.restore': 'editor',
  'run.start': 'editor',
  'run.stop': 'editor',
  'run.input': 'editor',
  'configuration.create': 'editor',
  'configuration.change': 'editor',
  'configuration.delete': 'editor',
  'configuration.pin': 'editor',
  'terminal.open': 'editor',
  'terminal.rename': 'editor',
  'terminal.lock': 'host',
  'terminal.restart': 'editor',
  'terminal.close': 'editor',
  'comment.open': 'viewer',
  'comment.reply': 'viewer',
  'comment.edit': 'viewer',
  'comment.delete': 'viewer',
  'comment.resolve': 'viewer',
  'comment.reopen': 'viewer',
  'chat.send': 'viewer',
  'chat.edit': 'viewer',
  'chat.delete': 'viewer',
  'chat.react': 'viewer',
  'driver.set': 'editor',
  'timer.start': 'editor',
  'timer.pause': 'editor',
  'timer.resume': 'editor',
  'timer.stop': 'editor',
  'member.update': 'viewer',
  'member.role': 'host',
  'member.remove': 'host',
  'role.request': 'viewer',
  'entry.pin': 'editor',
  'workFolder.set': 'editor',
  'room.rename': 'host',
  'room.lock': 'host',
  'link.revoke': 'host',
};

/** The least role that may give a command of this kind: checked by the server, shown by the page. */
export function roleNeeded(kind: CommandKind): Role {
  return NEEDS[kind];
}

export function may(role: Role, kind: CommandKind): boolean {
  return RANK[role] >= RANK[NEEDS[kind]];
}

import { z } from 'zod';
import { MessageDeleted, MessageEdited, MessageHidden, MessageReacted, MessageSent } from './chat.ts';
import {
  CommentDeleted,
  CommentEdited,
  CommentOpened,
  CommentReplied,
  ThreadReopened,
  ThreadResolved,
} from './comments.ts';
import {
  ConfigurationChanged,
  ConfigurationCreated,
  ConfigurationDeleted,
  ConfigurationPinned,
} from './configurations.ts';
import { Edited } from './edits.ts';
import {
  FileCreated,
  FileDeleted,
  FileLanguageChanged,
  FileRenamed,
  FileReplaced,
  FileRestored,
  FileUploaded,
  FolderCreated,
  FolderDeleted,
  FolderMoved,
  FolderRestored,
} from './files.ts';
import { ClientId, ClientSeq, ParticipantId, Seq } from './ids.ts';
import {
  DriverChanged,
  TimerEnded,
  TimerPaused,
  TimerResumed,
  TimerStarted,
  TimerStopped,
} from './pairing.ts';
import {
  MemberJoined,
  MemberLeft,
  MemberRemoved,
  MemberRole,
  MemberUpdated,
  RoleRequested,
} from './participants.ts';
import {
  EntryPinned,
  LinkRevoked,
  RoomCreated,
  RoomLocked,
  RoomRenamed,
  WorkFolderChanged,
} from './rooms.ts';
import { RunEnded, RunInput, RunOutput, RunPhased, RunStarted } from './runs.ts';
import {
  ShellEnded,
  TerminalClosed,
  TerminalLocked,
  TerminalOpened,
  TerminalRenamed,
  TerminalRestarted,
} from './terminals.ts';

/** A fact of a room. */
export const EventBody = z.discriminatedUnion('kind', [
  RoomCreated,
  RoomRenamed,
  RoomLocked,
  EntryPinned,
  WorkFolderChanged,
  LinkRevoked,
  MemberJoined,
  MemberLeft,
  MemberUpdated,
  MemberRole,
  MemberRemoved,
  RoleRequested,
  FileCreated,
  FileUploaded,
  FileReplaced,
  FileRenamed,
  FileLanguageChanged,
  FileDeleted,
  FileRestored,
  FolderCreated,
  FolderMoved,
  FolderDeleted,
  FolderRestored,
  Edited,
  RunStarted,
  RunPhased,
  RunOutput,
  RunInput,
  RunEnded,
  ConfigurationCreated,
  ConfigurationChanged,
  ConfigurationDeleted,
  ConfigurationPinned,
  TerminalOpened,
  TerminalRenamed,
  TerminalLocked,
  ShellEnded,
  TerminalRestarted,
  TerminalClosed,
  CommentOpened,
  CommentReplied,
  CommentEdited,
  CommentDeleted,
  ThreadResolved,
  ThreadReopened,
  MessageSent,
  MessageEdited,
  MessageDeleted,
  MessageReacted,
  MessageHidden,
  DriverChanged,
  TimerStarted,
  TimerPaused,
  TimerResumed,
  TimerStopped,
  TimerEnded,
]);
export type EventBody = z.infer<typeof EventBody>;
export type EventKind = EventBody['kind'];

/**
 * A fact with its place in the room's log. `seq` starts at 1 and has no gaps. `at` is the server's clock, Unix
 * milliseconds. `actor` is null for what the system did. `origin` names the command that caused it.
 */
export const RoomEvent = z.object({
  seq: Seq,
  at: z.number(),
  actor: ParticipantId.nullable(),
  origin: z.object({ client: ClientId, clientSeq: ClientSeq }).optional(),
  body: EventBody,
});
export type RoomEvent = z.infer<typeof RoomEvent>;
export type Origin = NonNullable<RoomEvent['origin']>;

// Ids with the short names that tests use. They are not parsed, so a name may be shorter than the schema
// allows. An id that a test sends through a parser must be one that the schema takes.
import type {
  CallSessionId,
  ClientId,
  CommentId,
  ConfigurationId,
  FileId,
  MessageId,
  ParticipantId,
  RoomId,
  RunId,
  TerminalId,
  WorkspaceId,
} from '../src/index.ts';

export function roomId(name: string): RoomId {
  return name as RoomId;
}

export function participantId(name: string): ParticipantId {
  return name as ParticipantId;
}

export function clientId(name: string): ClientId {
  return name as ClientId;
}

export function callSessionId(name: string): CallSessionId {
  return name as CallSessionId;
}

export function fileId(name: string): FileId {
  return name as FileId;
}

export function configurationId(name: string): ConfigurationId {
  return name as ConfigurationId;
}

export function commentId(name: string): CommentId {
  return name as CommentId;
}

export function terminalId(name: string): TerminalId {
  return name as TerminalId;
}

export function messageId(name: string): MessageId {
  return name as MessageId;
}

export function runId(name: string): RunId {
  return name as RunId;
}

export function workspaceId(name: string): WorkspaceId {
  return name as WorkspaceId;
}

/** Every message of CodeSync, defined once. Both ends import it and parse with it what comes from outside. */
export { mebibytes } from './amounts.ts';
export * from './blobs.ts';
export * from './call.ts';
export * from './chat.ts';
export type { Clock } from './clock.ts';
export * from './commands.ts';
export * from './comments.ts';
export * from './configurations.ts';
export * from './edits.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './files.ts';
export * from './following.ts';
export { parseForeign, type Schema } from './foreign.ts';
export * from './formatting.ts';
export * from './http.ts';
export * from './ids.ts';
export * from './keyframe.ts';
export * from './languages.ts';
export * from './limits.ts';
export { LogReader, readLog, UnreadableLog } from './log-reader.ts';
export type { Keys, LogMessage, LogPacket } from './log-stream.ts';
export { LogWriter } from './log-writer.ts';
export { MessageLines, parseLine } from './message-lines.ts';
export * from './pairing.ts';
export * from './participants.ts';
export * from './presence.ts';
export * from './rooms.ts';
export * from './run-history.ts';
export * from './run-setup.ts';
export * from './run-words.ts';
export * from './runner.ts';
export * from './runner-blobs.ts';
export * from './runner-limits.ts';
export * from './runs.ts';
export * from './sandbox.ts';
export {
  type CatchUp,
  type ClientToServer,
  type FollowingText,
  type HostTalk,
  type JoinReply,
  JoinRequest,
  JoinVersion,
  POLLING_HEADER,
  type ServerToClient,
  type StorageState,
  type Way,
  type Welcome,
} from './socket.ts';
export * from './status.ts';
export * from './terminals.ts';
export * from './text.ts';
export * from './version.ts';
export { type EditCommand, EditReader, EditWriter, type ReadEdit } from './wire/edit.ts';
export { partWelcome } from './wire/following-texts.ts';
export { EDIT, frameName, headOf, KEYS } from './wire/frame.ts';
export { clientParser, type PacketParser, wireParser } from './wire/parser.ts';
export { type Preview, readPreview, writePreview } from './wire/preview.ts';
export { readTerminalFrame, type TerminalFrame, writeTerminalFrame } from './wire/terminal.ts';
export * from './workspace-files.ts';
export * from './workspaces.ts';

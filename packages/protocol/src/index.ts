/** Every message of CodeSync, once: both ends import it, and what comes from outside is parsed with it. */
export * from './commands.ts';
export * from './edits.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './files.ts';
export * from './http.ts';
export * from './ids.ts';
export * from './keyframe.ts';
export * from './languages.ts';
export * from './limits.ts';
export { LogReader, readLog, UnreadableLog } from './log-reader.ts';
export type { LogPacket } from './log-stream.ts';
export { acknowledgementOf, LogWriter } from './log-writer.ts';
export * from './participants.ts';
export * from './presence.ts';
export * from './rooms.ts';
export * from './run-words.ts';
export * from './runner.ts';
export * from './runs.ts';
export * from './sandbox.ts';
export {
  type CatchUp,
  type ClientToServer,
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
export * from './text.ts';
export * from './version.ts';

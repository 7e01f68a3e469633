import { z } from 'zod';

/** 128 random bits in base64url: rooms cannot be guessed. */
export const RoomId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .brand<'RoomId'>();
export const ParticipantId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,22}$/)
  .brand<'ParticipantId'>();
/** One open tab; made by the client, kept across reconnects and reloads. */
export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,22}$/)
  .brand<'ClientId'>();
/** Made by the client that creates the file, so that this client can open it before the server answers. */
export const FileId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'FileId'>();
/** Made by the client that opens the terminal. */
export const TerminalId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'TerminalId'>();
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'RunId'>();
/** Made by the server for each workspace that it opens; never used again. */
export const WorkspaceId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'WorkspaceId'>();
/** Made by the client that creates the run configuration. */
export const ConfigurationId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'ConfigurationId'>();
/** Made by the client of whoever writes the comment. */
export const CommentId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'CommentId'>();
/** Made by the client that sends the message, so that its page can show it before the server answers. */
export const MessageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,22}$/)
  .brand<'MessageId'>();
/** One stay of a client in a call; made by the client. A page that was loaded anew makes another one. */
export const CallSessionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,22}$/)
  .brand<'CallSessionId'>();
/** Counts one client's commands from 1; with the client id it names a command for ever. */
export const ClientSeq = z.int().min(1);
export const Seq = z.int().min(0);

export type RoomId = z.infer<typeof RoomId>;
export type ParticipantId = z.infer<typeof ParticipantId>;
export type ClientId = z.infer<typeof ClientId>;
export type FileId = z.infer<typeof FileId>;
export type CallSessionId = z.infer<typeof CallSessionId>;
export type TerminalId = z.infer<typeof TerminalId>;
export type RunId = z.infer<typeof RunId>;
export type WorkspaceId = z.infer<typeof WorkspaceId>;
export type ConfigurationId = z.infer<typeof ConfigurationId>;
export type CommentId = z.infer<typeof CommentId>;
export type MessageId = z.infer<typeof MessageId>;

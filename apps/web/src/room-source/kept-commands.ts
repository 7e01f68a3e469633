// Which commands wait for the connection on this device, and which are not tried without one. Pure.
import type { CommandBody } from '@codesync/protocol';

export type PlainCommand = Exclude<CommandBody, { kind: 'edit' }>;

/** What is said in the chat waits for the connection, on this device, also through a reload. */
export type KeptCommand = Extract<PlainCommand, { kind: `chat.${string}` }>;

export function isKept(body: CommandBody): body is KeptCommand {
  return body.kind.startsWith('chat.');
}

/** A command that waits on this device, with its number. */
export type KeptWaiting = { readonly clientSeq: number; readonly body: KeptCommand };

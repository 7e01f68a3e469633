// What a client leaves in the browser's storage, so that a reload or a crash loses nothing. Shapes only.
import type { StoredClient } from '@codesync/ot';
import type { ClientId, FileId, Keyframe, Participant, Role, RoomEvent, RoomId } from '@codesync/protocol';
import type { KeptWaiting } from './kept-commands.ts';
import type { Notice } from './notices.ts';

/** `changes`: how many changes its author made. Records of earlier versions have none. */
export type PendingFile = { readonly file: FileId; readonly client: StoredClient; readonly changes?: number };

/** The part that is written with every local edit. */
export type ClientRecord = {
  readonly room: RoomId;
  readonly client: ClientId;
  readonly you: Participant & { readonly role: Role };
  /** The next command gets this number; every lower one is used up. */
  readonly nextSeq: number;
  /** Files with edits that are not in the log. */
  readonly pending: readonly PendingFile[];
  readonly notices: readonly Notice[];
  /** What was said in the chat and is not in the log. Absent where there is nothing. */
  readonly commands?: readonly KeptWaiting[];
  /** Unix milliseconds; grows with every record of a client. */
  readonly writtenAt: number;
};

/** A record with the room that it stands on: a keyframe and the events after it, as in the log. */
export type StoredRoom = {
  readonly record: ClientRecord;
  readonly keyframe: Keyframe;
  readonly events: readonly RoomEvent[];
  /** False when a part of it comes from last words only. The next write then has to be whole. */
  readonly settled: boolean;
};

export type RecordWrite = {
  readonly record: ClientRecord;
  /** Replaces the stored keyframe and all stored events; null: they stay. */
  readonly keyframe: Keyframe | null;
  /** Follow what is stored. */
  readonly events: readonly RoomEvent[];
};

/**
 * What this browser keeps, shared by all its tabs. Nothing that a tab keeps touches the record of another client.
 * Every method but `writeAtOnce` rejects when the storage is missing or fails.
 */
export type RecordStore = {
  /** All at once or not at all. What was written at once is replaced, unless it is newer. */
  readonly write: (write: RecordWrite) => Promise<void>;
  /**
   * Writes before it returns, for a page that is about to go. `events` are all since the last `write` that is known
   * to be done. Best effort: a record that is too large for it is not written. Never throws.
   */
  readonly writeAtOnce: (write: RecordWrite) => void;
  /** The newest record of each client of every room, newest first. */
  readonly list: () => Promise<readonly ClientRecord[]>;
  /** The newest record of a client, with its events in order; null when there is none. */
  readonly load: (room: RoomId, client: ClientId) => Promise<StoredRoom | null>;
  /** Forgets a client, what was written at once as well. */
  readonly remove: (room: RoomId, client: ClientId) => Promise<void>;
};

/** Something in it is missing from the log. */
export function isUnsent({ pending, commands = [] }: ClientRecord): boolean {
  return pending.length > 0 || commands.length > 0;
}

/** Nothing in it is missing from the log, and nothing has to be told. */
export function isSpent(record: ClientRecord): boolean {
  return !isUnsent(record) && record.notices.length === 0;
}

/** What is stored, brought up to date by what was written at once; null when the two make no record. */
export function bringUpToDate(stored: StoredRoom | null, last: RecordWrite | null): StoredRoom | null {
  if (last === null || (stored !== null && stored.record.writtenAt > last.record.writtenAt)) return stored;
  const { record } = last;
  if (last.keyframe !== null) {
    return { record, keyframe: last.keyframe, events: last.events, settled: false };
  }
  if (stored === null) return null;
  const { keyframe } = stored;
  const seq = stored.events.at(-1)?.seq ?? keyframe.seq;
  const newer = last.events.filter((event) => event.seq > seq);
  // There is a gap: what was written at once follows something that is not here.
  if (newer[0] !== undefined && newer[0].seq !== seq + 1) return stored;
  return { record, keyframe, events: [...stored.events, ...newer], settled: false };
}

// What a client leaves in the browser's storage, so that a reload or a crash loses nothing. Shapes only.
import type { StoredClient } from '@codesync/ot';
import type { ClientId, FileId, Keyframe, Participant, Role, RoomEvent, RoomId } from '@codesync/protocol';
import type { Notice } from './notices.ts';

/** The part that is written with every local edit. */
export type ClientRecord = {
  readonly room: RoomId;
  readonly client: ClientId;
  readonly you: Participant & { readonly role: Role };
  /** The next command gets this number; every lower one is used up. */
  readonly nextSeq: number;
  /** Files with edits that are not in the log. */
  readonly pending: readonly { readonly file: FileId; readonly client: StoredClient }[];
  readonly notices: readonly Notice[];
  /** Unix milliseconds. */
  readonly writtenAt: number;
};

/** A record with the room that it stands on: a keyframe and the events after it, as in the log. */
export type StoredRoom = {
  readonly record: ClientRecord;
  readonly keyframe: Keyframe;
  readonly events: readonly RoomEvent[];
};

export type RecordWrite = {
  readonly record: ClientRecord;
  /** Replaces the stored keyframe and all stored events; null: they stay. */
  readonly keyframe: Keyframe | null;
  /** Follow what is stored. */
  readonly events: readonly RoomEvent[];
};

/** Every method rejects when the storage is missing or fails. */
export type RecordStore = {
  /** All at once or not at all. */
  readonly write: (write: RecordWrite) => Promise<void>;
  /** The records of every room, newest first. */
  readonly list: () => Promise<readonly ClientRecord[]>;
  readonly load: (room: RoomId, client: ClientId) => Promise<StoredRoom | null>;
  readonly remove: (room: RoomId, client: ClientId) => Promise<void>;
};

/** Nothing in it is missing from the log, and nothing has to be told. */
export function isSpent(record: ClientRecord): boolean {
  return record.pending.length === 0 && record.notices.length === 0;
}

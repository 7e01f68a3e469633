// How a room's log travels to the people in it. A keystroke costs about as many bytes as it says something new.
import type { Op } from '@codesync/ot';
import type { Origin, RoomEvent } from './events.ts';
import type { ClientId, FileId, ParticipantId } from './ids.ts';

/*
 * Everyone in a room is sent the same messages, so both ends can remember what was said. Whoever types, types
 * on: the same client in the same file, its next command, the file's next version, near the place of the edit
 * before. An author at a file is called a pen. Its caret is the end of its last edit. The first edit with a pen
 * is sent in full and gives the pen a number. The following edits are keys, which go as bytes. A frame of keys
 * has one or more of them. They follow the event before, and each other:
 *
 *     byte       bits 0-3 the kind of the frame; bits 4-7 the last digit of the first key's seq, which is enough to
 *                notice that a message is missing
 *
 *     number     the pen
 *     signed     how many milliseconds passed since the event before
 *     signed     how far the edit begins from the caret of the pen
 *     operation  the rest of the edit, from there on
 *
 * A key in a frame of its own takes seven or eight bytes. Numbers and operations are as packages/ot writes them.
 *
 * The author of a key that is alone in its frame has the edit already. It gets the frame up to the
 * milliseconds: an acknowledgement. The author's end carries what it sent over what the log has had since, as
 * the server did.
 *
 * All other events go as JSON, in full, after the seq of the first of them.
 *
 * A newcomer has not heard what the pens stand for. So the writer forgets them all whenever one is admitted.
 */

/** An event in full, without its seq. An edit that has `pen` is the first with that pen. */
export type FullEvent = Omit<RoomEvent, 'seq'> & { readonly pen?: number };

/** Events of a room in full, dense from `first`. */
export type LogMessage = readonly [first: number, ...entries: FullEvent[]];

/**
 * A frame of keys. If it has a single key, `alone` names the command of the key's author. For that author, the
 * first `acknowledgement` bytes are a frame of their own.
 */
export type Keys = {
  readonly frame: Uint8Array;
  readonly alone: Origin | null;
  readonly acknowledgement: number;
};

/** What is sent of the log as one message. */
export type LogPacket = { readonly log: LogMessage } | { readonly keys: Keys };

/** What both ends know of an author at a file. */
export type Pen = {
  readonly actor: ParticipantId | null;
  readonly client: ClientId;
  readonly file: FileId;
  /** The number of the client's command that was last written with it. */
  clientSeq: number;
  /** Where its last edit ended, in the text that the edit made. */
  caret: number;
};

/** What stands in the first byte of a frame of keys. */
export function digitOf(seq: number): number {
  return seq % 10;
}

/** How many units `op` passes over at its beginning. */
export function startOf(op: Op): number {
  const first = op[0];
  return typeof first === 'number' && first > 0 ? first : 0;
}

/** Where `op` ends, in the text that it makes. */
export function endOf(op: Op): number {
  let end = 0;
  for (let i = 0; i < op.length; i++) {
    const part = op[i]!;
    if (typeof part === 'string') end += part.length;
    else if (part > 0) end += part;
  }
  return end;
}

// How a room's log travels to the people in it: a keystroke costs about as many bytes as it says something new.
import type { Op } from '@codesync/ot';
import type { RoomEvent } from './events.ts';
import type { FileId, ParticipantId } from './ids.ts';

/*
 * Everyone in a room is sent the same messages, so both ends can remember what was said. Whoever types, types on:
 * the same client in the same file, its next command, the file's next version, near the place of the edit before.
 * Such an author at such a file is a pen, which has a caret: the end of its last edit. The first edit with a pen is
 * sent in full and gives it a number; the following ones name the number, how many milliseconds passed since the
 * event before, how far the edit begins from the caret, and the rest of the operation:
 *
 *     log,  48213,  [12, 31, 2, "x"]
 *             │       │   │  │   └── the rest of the operation: insert "x"
 *             │       │   │  └────── it begins 2 units after the caret of the pen
 *             │       │   └───────── 31 ms after the event before
 *             │       └───────────── pen 12
 *             └───────────────────── the seq of the message's first event; the others follow it
 *
 * The commonest message of all, one such edit alone, is an event of Socket.IO's of its own, a key. Its name is a
 * number, the last digit of the seq, which is enough to notice that a message is missing:
 *
 *     3,  12, 31, 2, "x"
 *
 * Its author has the operation already, and gets the key without it: an acknowledgement. The author's end carries
 * what it sent over what the log has had since, as the server did.
 *
 *     3,  12, 31
 *
 * A newcomer has not heard what the pens stand for: the writer forgets them all whenever one is admitted.
 */

/** An edit with a pen that is known: pen, milliseconds since the event before, the way from the caret, the rest. */
export type PenEdit = readonly [pen: number, ms: number, move: number, ...rest: (number | string)[]];

/** Any event, in full but for its seq; an edit that has `pen` is the first with that pen. */
export type FullEvent = Omit<RoomEvent, 'seq'> & { readonly pen?: number };

/** Events of a room, dense from `first`. */
export type LogMessage = readonly [first: number, ...entries: (PenEdit | FullEvent)[]];

/** One edit with a known pen, as a Socket.IO event with its name: the last digit of its seq. */
export type KeyPacket = readonly [digit: number, ...edit: PenEdit];

/** The same for its author. */
export type KeyAcknowledgement = readonly [digit: number, pen: number, ms: number];

/** A Socket.IO event: its name and its parameters. */
export type LogPacket = readonly ['log', ...LogMessage] | KeyPacket | KeyAcknowledgement;

/** What both ends know of an author at a file. */
export type Pen = {
  readonly actor: ParticipantId | null;
  readonly client: string;
  readonly file: FileId;
  /** The number of the client's command that was last written with it. */
  clientSeq: number;
  /** Where its last edit ended, in the text that the edit made. */
  caret: number;
};

/** The name of a key's message. */
export function digitOf(seq: number): number {
  return seq % 10;
}

/** `op` without the units that it passes over at its beginning, and how many these are. */
export function splitStart(op: Op): { readonly start: number; readonly rest: Op } {
  const [first] = op;
  return typeof first === 'number' && first > 0
    ? { start: first, rest: op.slice(1) }
    : { start: 0, rest: op };
}

/** The operation that begins after `start` units. */
export function joinStart(start: number, rest: Op): Op {
  return start === 0 ? rest : [start, ...rest];
}

/** Where `op` ends, in the text that it makes. */
export function endOf(op: Op): number {
  let end = 0;
  for (const part of op) {
    if (typeof part === 'string') end += part.length;
    else if (part > 0) end += part;
  }
  return end;
}

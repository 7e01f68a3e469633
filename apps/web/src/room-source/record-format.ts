// What a page finds in the browser's storage. It is parsed, and brought up to the format that is written. Pure.
import {
  CanonicalOp,
  ClientId,
  CommandBody,
  FileId,
  Hue,
  ParticipantId,
  type Refusal,
  Role,
  RoomId,
  refusalFrom,
} from '@codesync/protocol';
import { checkFormat, FORMAT, parsed, readEvent, readKeyframe, type StoredEvent } from '@codesync/room';
import { z } from 'zod';
import { isKept, type KeptCommand } from './kept-commands.ts';
import type { ClientRecord, RecordWrite, StoredRoom } from './record.ts';

const Count = z.int().min(0);

const Pending = z.object({
  file: FileId,
  client: z.object({
    version: Count,
    inFlight: z.object({ clientSeq: z.int().min(1), op: CanonicalOp }).nullable(),
    buffer: CanonicalOp.nullable(),
  }),
  changes: Count.exactOptional(),
});

const Notice = z.object({
  id: z.string(),
  at: z.number(),
  error: z.custom<Refusal>((value) => refusalFrom(value) !== null),
  file: FileId.nullable(),
  path: z.string().nullable(),
  typed: z.string().nullable(),
  text: z.string().nullable(),
});

const Record = z.object({
  room: RoomId,
  client: ClientId,
  you: z.object({ id: ParticipantId, name: z.string(), hue: Hue, role: Role }),
  nextSeq: z.int().min(1),
  pending: z.array(Pending),
  notices: z.array(Notice),
  commands: z
    .array(
      z.object({
        clientSeq: z.int().min(1),
        body: CommandBody.refine((body): body is KeptCommand => isKept(body)),
      }),
    )
    .exactOptional(),
  writtenAt: z.number(),
});

/** The three stores of one client, as they are stored. The record's format is that of all three. */
export type StoredParts = {
  readonly record: unknown;
  readonly keyframe: unknown;
  readonly events: readonly unknown[];
};

/** What is put into the storage: with the format of today. */
export function withFormat<Stored extends object>(stored: Stored): Stored & { readonly format: number } {
  return { ...stored, format: FORMAT };
}

/** The format of something stored; the first one has no number. NaN for one that is none. */
function formatOf(stored: unknown): number {
  const { format = 1 } = Object(stored);
  return typeof format === 'number' ? format : Number.NaN;
}

/** @throws Unreadable for a format that this version does not know, and for any other shape. */
export function readRecord(stored: unknown): ClientRecord {
  const what = 'The record of a client in this browser';
  checkFormat(formatOf(stored), what);
  return parsed(Record, stored, what);
}

/**
 * A client's whole record. A record of an older format is not settled: the next write replaces all of it.
 *
 * @throws Unreadable as `readRecord`, also for its keyframe and its events.
 */
export function readStoredRoom({ record, keyframe, events }: StoredParts): StoredRoom {
  const format = formatOf(record);
  return {
    record: readRecord(record),
    keyframe: readKeyframe(format, keyframe),
    events: events.map((event) => readEvent(format, asStoredEvent(event))),
    settled: format === FORMAT,
  };
}

/** @throws Unreadable as `readStoredRoom`, and for what is not JSON. */
export function readLastWords(text: string): RecordWrite {
  const stored: unknown = JSON.parse(text);
  const format = formatOf(stored);
  const { record, keyframe, events } = Object(stored);
  return {
    record: readRecord({ ...Object(record), format }),
    keyframe: keyframe === null ? null : readKeyframe(format, keyframe),
    events: parsed(z.array(z.unknown()), events, 'The last words of a page in this browser').map((event) =>
      readEvent(format, asStoredEvent(event)),
    ),
  };
}

/** An event as it stands in the storage; `readEvent` parses all of it. */
function asStoredEvent(event: unknown): StoredEvent {
  return Object(event);
}

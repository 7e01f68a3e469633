// What a client has typed into a file and the log does not have, on its way to a peer.
import { ByteReader, ByteWriter, InvalidOpError, isNoop, type Op } from '@codesync/ot';
import { FileId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { headOf, PREVIEW } from './frame.ts';

/*
 *   byte       bits 0-3 the kind of the frame; bit 4 set if there is a buffer
 *   text       the id of the file
 *   number     stamp
 *   number     base
 *   number     clientSeq
 *   operation  in flight
 *   operation  the buffer, if there is one
 *
 * Numbers, texts and operations as packages/ot writes them. A frame names its file and needs no frame before it, so that
 * any of them may be lost. A key takes about thirty bytes.
 */
const ONLY_IN_FLIGHT = 0;
const WITH_BUFFER = 1;

/** Most units of an id. */
const ID_UNITS = 22;

/**
 * All that a client has pending in a file. It replaces what its author told before; without operations it takes that back.
 */
export type Preview = {
  readonly file: FileId;
  /** Grows with everything that its author tells. */
  readonly stamp: number;
  /** The version of the file that `inFlight` is made for. */
  readonly base: number;
  /** The number of the command that the edit in flight is, from 1. */
  readonly clientSeq: number;
  readonly inFlight: Op;
  /** What waits behind it, made for the text that it leaves. */
  readonly buffer: Op;
};

/** The frame of a preview; null if it is too large to be one. */
export function writePreview(preview: Preview): Uint8Array<ArrayBuffer> | null {
  const { file, stamp, base, clientSeq, inFlight, buffer } = preview;
  if (!isSmall(inFlight, buffer)) return null;
  const bytes = new ByteWriter();
  bytes.byte(headOf(PREVIEW, isNoop(buffer) ? ONLY_IN_FLIGHT : WITH_BUFFER));
  bytes.ascii(file);
  bytes.number(stamp);
  bytes.number(base);
  bytes.number(clientSeq);
  bytes.op(inFlight);
  if (!isNoop(buffer)) bytes.op(buffer);
  return bytes.take();
}

/** Reads what may come from anyone. Null for what is no preview, or one that no page of ours would send. */
export function readPreview(frame: Uint8Array): Preview | null {
  if (frame.length > LIMITS.previewBytes) return null;
  try {
    const bytes = new ByteReader(frame);
    const head = bytes.byte();
    const file = FileId.safeParse(bytes.ascii(ID_UNITS));
    const [stamp, base, clientSeq] = [bytes.number(), bytes.number(), bytes.number()];
    const inFlight = bytes.op(LIMITS.previewComponents);
    const hasBuffer = head === headOf(PREVIEW, WITH_BUFFER);
    const buffer = hasBuffer ? bytes.op(LIMITS.previewComponents) : [];
    bytes.end();
    if (!hasBuffer && head !== headOf(PREVIEW, ONLY_IN_FLIGHT)) return null;
    if (!file.success || clientSeq === 0 || hasBuffer === isNoop(buffer)) return null;
    if (!isSmall(inFlight, buffer)) return null;
    return { file: file.data, stamp, base, clientSeq, inFlight, buffer };
  } catch (error) {
    if (error instanceof InvalidOpError) return null;
    throw error;
  }
}

/** Lines end with LF in every text of a room, and an editor would make that of another end. */
function isSmall(inFlight: Op, buffer: Op): boolean {
  if (inFlight.length + buffer.length > LIMITS.previewComponents) return false;
  let units = 0;
  for (const part of [...inFlight, ...buffer]) {
    if (typeof part === 'string') {
      if (part.includes('\r')) return false;
      units += part.length;
    } else if (part < 0) units -= part;
  }
  return units <= LIMITS.previewUnits;
}

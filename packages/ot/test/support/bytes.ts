// One operation as bytes by itself, as no message has it.
import { ByteReader, ByteWriter, type Op } from '../../src/index.ts';

/** A canonical operation as bytes. */
export function encodeOp(op: Op): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.op(op);
  return writer.take();
}

/** @throws InvalidOpError for anything but what `encodeOp` gives for a canonical operation. */
export function decodeOp(bytes: Uint8Array): Op {
  const reader = new ByteReader(bytes);
  const op = reader.op();
  reader.end();
  return op;
}

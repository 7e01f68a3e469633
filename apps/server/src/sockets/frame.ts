// One Socket.IO message as the bytes of one WebSocket frame: made once, written to many sockets as it is.

/** The first byte of a text message that is not fragmented. */
const WHOLE_TEXT = 0x81;
/** Payload lengths below it stand in the second byte; it and the next say where the length stands. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * The data that Engine.IO has to send as a message: a Socket.IO event of the main namespace without binary parts.
 * (Socket.IO protocol, revision 5: packet type 2, then JSON.)
 */
export function eventData(event: readonly [name: string | number, ...parameters: unknown[]]): string {
  return `2${JSON.stringify(event)}`;
}

/** The WebSocket frame of a server that carries `data` as an Engine.IO message (packet type 4). */
export function messageFrame(data: string): Buffer {
  const length = 1 + Buffer.byteLength(data);
  const header = length < LENGTH_16 ? 2 : length < 0x10000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = WHOLE_TEXT;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write('4', header);
  frame.write(data, header + 1);
  return frame;
}

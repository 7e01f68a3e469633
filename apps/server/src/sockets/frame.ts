// One message to many sockets: made once, and written to each WebSocket as the frame that it is there.
import { Sender, WebSocket } from 'ws';
import type { Connection } from './connection.ts';

/** What Engine.IO has to send, and the same as a whole frame of a WebSocket. */
export type Message = { readonly data: string | Buffer; readonly frame: readonly [Buffer] };

const TEXT = 1;
const BINARY = 2;

/**
 * An event of the main namespace, without binary parts, as Socket.IO (protocol, revision 5: packet type 2, then JSON)
 * and Engine.IO (packet type 4) send it.
 */
export function eventMessage(event: readonly [name: string, ...parameters: unknown[]]): Message {
  const data = `2${JSON.stringify(event)}`;
  return { data, frame: frameOf(TEXT, Buffer.from(`4${data}`)) };
}

/** A frame of the protocol's, which Engine.IO sends as it is. */
export function bytesMessage(bytes: Uint8Array): Message {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { data, frame: frameOf(BINARY, data) };
}

function frameOf(opcode: number, payload: Buffer): [Buffer] {
  const how = { opcode, fin: true, rsv1: false, mask: false, readOnly: true };
  return [Buffer.concat(Sender.frame(payload, how))];
}

/** Sends it by the short way where that is free. */
export function deliver({ data, frame }: Message, connection: Connection): void {
  const { socket, writable } = connection.transport;
  // Engine.IO holds messages back while it waits for the socket: these must not be overtaken.
  const free = writable && connection.writeBuffer.length === 0;
  if (free && socket?.readyState === WebSocket.OPEN) socket._sender.sendFrame(frame);
  else connection.write(data);
}

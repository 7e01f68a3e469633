// One Engine.IO connection, by long polling or over a WebSocket of the `ws` package: the parts that we use directly.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { LIMITS, type Way } from '@codesync/protocol';
import type { ServerSocket } from './ws-parts.ts';

/** A packet of Engine.IO. */
export type Packet = { readonly type: string; readonly data?: string | Buffer };

/** How messages of a connection come and go. `socket`: only of a WebSocket; `maxHttpBufferSize`: only of polling. */
type Transport = {
  readonly name: Way;
  readonly writable: boolean;
  readonly socket?: ServerSocket;
  maxHttpBufferSize?: number;
  prependOnceListener(event: 'ready', listener: () => void): void;
};

export type Connection = {
  readonly readyState: string;
  /** The one that it was opened with. */
  readonly request: IncomingMessage;
  readonly writeBuffer: readonly { readonly data?: string | Buffer }[];
  readonly transport: Transport;
  write(data: string | Buffer): void;
  close(discard: boolean): void;
  on(event: 'packet', listener: (packet: Packet) => void): void;
  once(event: 'close', listener: () => void): void;
};

/**
 * Bytes that have come over a WebSocket so far, those of an unfinished message included. For one that polls, nothing
 * is known.
 */
export function receivedBytes({ transport }: Pick<Connection, 'transport'>): number {
  return transport.socket?._socket.bytesRead ?? 0;
}

/** The last answer to a client that polls. */
const answers = new WeakMap<Connection, ServerResponse>();
/** Until when nothing more is taken from a client that polls, by `performance.now`. */
const held = new WeakMap<Connection, number>();

/** To be called with every answer for which a polling client waits. */
export function answersBy(connection: Connection, response: ServerResponse): void {
  answers.set(connection, response);
}

/** Where bytes wait that were handed on and are not on the network yet. Null when there is nothing to write to. */
function outgoing(connection: Connection): NetSocket | ServerResponse | null {
  return connection.transport.socket?._socket ?? answers.get(connection) ?? null;
}

/** Bytes that were handed on and wait in this process, apart from what Engine.IO holds back. */
export function handedOn(connection: Connection): number {
  return outgoing(connection)?.writableLength ?? 0;
}

/** Calls back when all that was handed on by now has gone out. */
export function onceGone(connection: Connection, gone: () => void): void {
  const { socket } = connection.transport;
  if (socket === undefined) answers.get(connection)?.once('close', gone);
  else socket._socket.write('', gone);
}

/** What has not been sent to its client yet and waits in this process. Strings count their UTF-16 units. */
export function unsentBytes(connection: Connection): number {
  let bytes = handedOn(connection);
  for (const { data } of connection.writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/** Ends it at once, with everything that waits for its client. */
export function end(connection: Connection): void {
  connection.close(true);
  cutOff(connection);
}

/** Frees what a connection that has ended still holds because its client does not let go. */
export function cutOff(connection: Connection): void {
  const { socket } = connection.transport;
  if (socket !== undefined) socket.terminate();
  else if (handedOn(connection) > 0) answers.get(connection)?.destroy();
}

/** Takes nothing more from its client for so long. */
export function slowDown(connection: Connection, ms: number): void {
  const { socket } = connection.transport;
  if (socket === undefined) held.set(connection, performance.now() + ms);
  else {
    socket.pause();
    setTimeout(() => socket.resume(), ms).unref();
  }
}

/** For how many ms a request of its client has to wait, 0 for most. */
export function heldFor(connection: Connection): number {
  return Math.max(0, (held.get(connection) ?? 0) - performance.now());
}

/**
 * Sets how large a message of this client may be from here on. A larger one ends the connection before all of it has
 * come.
 */
export function takeMessages({ transport }: Connection, upTo: 'join' | 'command'): void {
  const bytes = upTo === 'join' ? LIMITS.joinBytes : LIMITS.messageBytes;
  if (transport.socket !== undefined) transport.socket._receiver._maxPayload = bytes;
  if (transport.maxHttpBufferSize !== undefined) transport.maxHttpBufferSize = bytes;
}

// One Engine.IO connection over WebSocket, by the `ws` package, as far as we go past both of them.
import type { Socket as NetSocket } from 'node:net';
import { LIMITS } from '@codesync/protocol';

/** A WebSocket of `ws`. What is optional is not of its interface: without it we do as well as we can. */
type WebSocket = {
  readonly _socket?: NetSocket;
  readonly _receiver?: { _maxPayload: number };
  on(event: 'ping', listener: () => void): void;
  pause(): void;
  resume(): void;
  terminate(): void;
};

/** A packet of Engine.IO. */
export type Packet = { readonly type: string; readonly data?: string | Buffer };

export type Connection = {
  readonly readyState: string;
  readonly writeBuffer: readonly { readonly data?: string | Buffer }[];
  readonly transport: { readonly writable: boolean; readonly socket?: WebSocket };
  write(data: string): void;
  close(discard: boolean): void;
  on(event: 'packet', listener: (packet: Packet) => void): void;
  once(event: 'close', listener: () => void): void;
};

/** What its client has not been sent yet, as far as it waits in this process. Strings count their UTF-16 units. */
export function unsentBytes({ transport, writeBuffer }: Connection): number {
  let bytes = transport.socket?._socket?.writableLength ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/** Ends it at once, with everything that waits for its client. */
export function end(connection: Connection): void {
  const { socket } = connection.transport;
  connection.close(true);
  socket?.terminate();
}

/** How large a message of this client may be from here on; a larger one ends the connection before it has come. */
export function takeMessages(connection: Connection, upTo: 'join' | 'command'): void {
  const receiver = connection.transport.socket?._receiver;
  if (receiver !== undefined) receiver._maxPayload = upTo === 'join' ? LIMITS.joinBytes : LIMITS.messageBytes;
}

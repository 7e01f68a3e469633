/** A Socket.IO client whose received bytes can be counted. */
import type { Socket as NetSocket } from 'node:net';
import { io, type ManagerOptions, type Socket } from 'socket.io-client';

export type Connected = { readonly socket: Socket; received(): number };

/**
 * Connects over WebSocket alone, and does not come back by itself.
 *
 * @param options what it takes beyond that.
 */
export function connect(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  options: Partial<ManagerOptions> = {},
): Promise<Connected> {
  const socket = io(url, {
    ...options,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
  });
  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject);
    socket.once('connect', () => {
      const transport = socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
      const { _socket: net } = transport.ws;
      resolve({ socket, received: () => net.bytesRead });
    });
  });
}

/** Yjs over y-websocket and its server. */
import { randomUUID } from 'node:crypto';
import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Peer } from '../peer.ts';
import { startPeerServer } from '../peer-process.ts';
import { yjsReplica } from './yjs-replica.ts';

export const peer: Peer = {
  title: 'y-websocket',
  packages: ['y-websocket', '@y/websocket-server', 'yjs'],
  converges: true,
  durable: false,
  async start(profile) {
    const { port, server } = await startPeerServer('y-websocket', profile);
    return {
      ...server,
      async room() {
        const room = randomUUID();
        return {
          async join(onRemote) {
            const document = new Y.Doc();
            const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, room, document, {
              WebSocketPolyfill: WebSocket,
              disableBc: true,
            });
            // Nobody has a cursor here.
            provider.awareness.setLocalState(null);
            await new Promise<void>((resolve) => provider.once('sync', resolve));
            const { _socket: net } = provider.ws as unknown as { _socket: NetSocket };
            return yjsReplica(document, { net: () => net, close: () => provider.destroy() }, onRemote);
          },
        };
      },
    };
  },
};

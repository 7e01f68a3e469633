/** Yjs over Hocuspocus. */
import { randomUUID } from 'node:crypto';
import type { Socket as NetSocket } from 'node:net';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Peer } from '../peer.ts';
import { startPeerServer } from '../peer-process.ts';
import { yjsReplica } from './yjs-replica.ts';

export const peer: Peer = {
  title: 'Hocuspocus',
  packages: ['@hocuspocus/server', '@hocuspocus/provider', 'yjs'],
  converges: true,
  durable: false,
  async start(profile) {
    const { port, server } = await startPeerServer('hocuspocus', profile);
    return {
      ...server,
      async room() {
        const name = randomUUID();
        return {
          async join(onRemote) {
            const document = new Y.Doc();
            const socket = new HocuspocusProviderWebsocket({
              url: `ws://127.0.0.1:${port}`,
              WebSocketPolyfill: WebSocket,
            });
            const provider = await new Promise<HocuspocusProvider>((resolve) => {
              const made = new HocuspocusProvider({
                websocketProvider: socket,
                name,
                document,
                onSynced: () => resolve(made),
              });
              // Nobody has a cursor here.
              made.awareness?.setLocalState(null);
              made.attach();
            });
            const { _socket: net } = socket.webSocket as unknown as { _socket: NetSocket };
            const close = (): void => {
              provider.destroy();
              socket.destroy();
            };
            return yjsReplica(document, { net: () => net, close }, onRemote);
          },
        };
      },
    };
  },
};

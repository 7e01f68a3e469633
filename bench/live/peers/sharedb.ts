/** ShareDB with the ot-text-unicode type. */
import { randomUUID } from 'node:crypto';
import type { Socket as NetSocket } from 'node:net';
import { type TextOp, type as textType } from 'ot-text-unicode';
import ShareDBClient from 'sharedb/lib/client/index.js';
import { WebSocket } from 'ws';
import type { Peer } from '../peer.ts';
import { startPeerServer } from '../peer-process.ts';

ShareDBClient.types.register(textType);

function settled(work: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

export const peer: Peer = {
  title: 'ShareDB',
  packages: ['sharedb', 'ot-text-unicode'],
  converges: true,
  durable: false,
  async start(profile) {
    const { port, server } = await startPeerServer('sharedb', profile);
    return {
      ...server,
      async room() {
        const room = randomUUID();
        let made = false;
        return {
          async join(onRemote) {
            const socket = new WebSocket(`ws://127.0.0.1:${port}`);
            const connection = new ShareDBClient.Connection(socket);
            await new Promise<void>((resolve) => connection.once('connected', resolve));
            const { _socket: net } = socket as unknown as { _socket: NetSocket };
            const document = connection.get('texts', room);
            await settled((done) => document.subscribe(done));
            if (!made) {
              made = true;
              await settled((done) => document.create('', textType.uri, done));
            }
            document.on('op', (op: TextOp, own: boolean) => {
              if (own) return;
              let at = 0;
              for (const part of op) {
                if (typeof part === 'string') {
                  onRemote(at, part);
                  at += part.length;
                } else if (typeof part === 'number') at += part;
              }
            });
            return {
              get length() {
                return document.data.length;
              },
              insert: (at, part) => document.submitOp(at === 0 ? [part] : [at, part]),
              text: () => document.data,
              received: () => net.bytesRead,
              close: () => connection.close(),
            };
          },
        };
      },
    };
  },
};

/** Bare Socket.IO: the limit of what a server on it can do, without order, merging or memory. */
import { randomUUID } from 'node:crypto';
import { connect } from '../../lib/socket-io.ts';
import type { Peer } from '../peer.ts';
import { startPeerServer } from '../peer-process.ts';

export const peer: Peer = {
  title: 'Socket.IO echo',
  packages: ['socket.io'],
  converges: false,
  durable: false,
  async start(profile) {
    const { port, server } = await startPeerServer('echo', profile);
    return {
      ...server,
      async room() {
        const room = randomUUID();
        return {
          async join(onRemote) {
            const { socket, received } = await connect(`http://127.0.0.1:${port}`);
            let text = '';
            const put = (at: number, part: string): void => {
              text = text.slice(0, at) + part + text.slice(at);
            };
            socket.on('key', (from: string, at: number, part: string) => {
              if (from === socket.id) return;
              put(at, part);
              onRemote(at, part);
            });
            await socket.emitWithAck('join', room);
            return {
              get length() {
                return text.length;
              },
              insert(at, part) {
                put(at, part);
                socket.emit('key', room, at, part);
              },
              text: () => text,
              received,
              close: () => void socket.disconnect(),
            };
          },
        };
      },
    };
  },
};

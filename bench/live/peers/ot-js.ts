/** ot.js over Socket.IO. */
import { randomUUID } from 'node:crypto';
import ot from 'ot';
import { connect } from '../../lib/socket-io.ts';
import type { Peer } from '../peer.ts';
import { startPeerServer } from '../peer-process.ts';

export const peer: Peer = {
  title: 'ot.js, Socket.IO',
  packages: ['ot', 'socket.io'],
  converges: true,
  durable: false,
  async start(profile) {
    const { port, server } = await startPeerServer('ot-js', profile);
    return {
      ...server,
      async room() {
        const room = randomUUID();
        return {
          async join(onRemote) {
            const { socket, received } = await connect(`http://127.0.0.1:${port}`);
            const waiting: (() => void)[] = [];
            let client: ot.Client | null = null;
            let text = '';
            // What is broadcast between the join and its answer waits for the answer.
            const take = (work: () => void): void => {
              if (client === null) waiting.push(work);
              else work();
            };
            socket.on('operation', (parts: (number | string)[]) =>
              take(() => client!.applyServer(ot.TextOperation.fromJSON(parts))),
            );
            socket.on('ack', () => take(() => client!.serverAck()));
            await new Promise<void>((resolve) => {
              socket.emit('join', room, (now: string, revision: number) => {
                text = now;
                client = new ot.Client(revision);
                client.sendOperation = (base, operation) => {
                  socket.emit('operation', base, operation.toJSON());
                };
                client.applyOperation = (operation) => {
                  text = operation.apply(text);
                  let at = 0;
                  for (const part of operation.toJSON()) {
                    if (typeof part === 'string') {
                      onRemote(at, part);
                      at += part.length;
                    } else if (part > 0) at += part;
                  }
                };
                for (const work of waiting) work();
                resolve();
              });
            });
            return {
              get length() {
                return text.length;
              },
              insert(at, part) {
                const operation = new ot.TextOperation()
                  .retain(at)
                  .insert(part)
                  .retain(text.length - at);
                text = operation.apply(text);
                client!.applyClient(operation);
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

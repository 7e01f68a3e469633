// Keys go to a WebSocket by the short way: as a frame that was made once, past the queues of Engine.IO.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientParser, headOf, KEYS } from '@codesync/protocol';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import * as json from 'socket.io-parser';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/sockets/connection.ts';
import { bytesMessage, deliver, eventMessage } from '../../src/sockets/frame.ts';
import { assertParts } from '../../src/sockets/ws-parts.ts';

const parser = clientParser(json);

test('the installed ws has the parts that are used', () => expect(assertParts).not.toThrow());

test.each([
  ['websocket', 0],
  ['polling', 2],
] as const)(
  'a message to a client of %s that is free passes through Engine.IO %i times',
  async (way, times) => {
    const http = createServer();
    const server = new Server(http, { parser, perMessageDeflate: false, allowUpgrades: false });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    const opened = new Promise<Connection>((resolve) =>
      server.on('connection', ({ conn }) => resolve(conn as unknown as Connection)),
    );
    const client = io(`http://127.0.0.1:${port}`, { parser, transports: [way], forceNew: true });
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) =>
      client.onAny((...event) => {
        heard.push(event);
        if (heard.length === 2) resolve();
      }),
    );
    try {
      const connection = await opened;
      await new Promise<void>((resolve) => client.on('connect', resolve));
      let queued = 0;
      Object.assign(connection, {
        write: new Proxy(connection.write, {
          apply: (write, it, parameters) => {
            queued++;
            return Reflect.apply(write, it, parameters);
          },
        }),
      });
      const bytes = new Uint8Array([headOf(KEYS, 4), 0, 2, 200, 255]);
      deliver(bytesMessage(bytes), connection);
      deliver(eventMessage(['log', 7, { at: 'é' }]), connection);
      await all;
      expect(heard).toEqual([
        ['keys', expect.objectContaining(bytes)],
        ['log', 7, { at: 'é' }],
      ]);
      expect(queued).toBe(times);
    } finally {
      client.disconnect();
      await server.close();
    }
  },
);

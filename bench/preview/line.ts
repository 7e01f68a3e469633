/** The line from one person to the server: so long, and whoever opens a WebSocket over it has that person's cookie. */
import { once } from 'node:events';
import net from 'node:net';
import type { Headers } from '../lib/codesync.ts';

export type Line = { readonly url: string; close(): void };

/** @param oneWayMs how long bytes take in each direction. */
export async function lineTo(place: string, headers: Headers, oneWayMs: number): Promise<Line> {
  const { hostname, port } = new URL(place);
  const added = Object.entries({ ...headers, Origin: place }).map(([name, value]) => `${name}: ${value}\r\n`);
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    let begun = false;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => setTimeout(() => to.destroy(), oneWayMs));
      from.on('data', (bytes: Buffer) => {
        let passed: Buffer | string = bytes;
        if (from === near && !begun) {
          begun = true;
          passed = bytes.toString('latin1').replace('\r\n', `\r\n${added.join('')}`);
          passed = Buffer.from(
            passed.replace(/\r\nHost: [^\r]*/i, `\r\nHost: ${hostname}:${port}`),
            'latin1',
          );
        }
        setTimeout(() => to.write(passed), oneWayMs);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

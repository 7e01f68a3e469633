/** Stands between a runner and the engine, for tests of what a runner does when that is not well. */
import { rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * An engine's socket that can be cut off and given back, without touching the engine that others use. `alter` may
 * change what goes to the engine, but not its length.
 */
export function engineProxy(alter?: (sent: string) => string) {
  const path = join(
    tmpdir(),
    `codesync-engine-${process.pid}-${Math.random().toString(36).slice(2, 8)}.sock`,
  );
  const open = new Set<Socket>();
  const target = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
  let server = listen();
  function listen() {
    rmSync(path, { force: true });
    return createServer({ allowHalfOpen: true }, (near) => {
      const far = dial({ path: target, allowHalfOpen: true });
      for (const socket of [near, far]) {
        open.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => open.delete(socket));
      }
      if (alter === undefined) near.pipe(far);
      else {
        near.on('data', (chunk: Buffer) => far.write(Buffer.from(alter(chunk.toString('latin1')), 'latin1')));
        near.on('end', () => far.end());
      }
      far.pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    }).listen(path);
  }
  return {
    host: `unix://${path}`,
    cut() {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(path, { force: true });
    },
    restore() {
      server = listen();
    },
    close() {
      this.cut();
    },
  };
}

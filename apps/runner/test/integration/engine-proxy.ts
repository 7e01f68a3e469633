/** Stands between a runner and the engine, for tests of what a runner does when that is not well. */
import { rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';

/**
 * An engine's socket that can be cut off and given back, or hang with its connections open and go on, without touching
 * the engine that others use. `alter` may change what goes to the engine, but not its length.
 */
export function engineProxy(alter?: (sent: string) => string) {
  const path = join(
    tmpdir(),
    `codesync-engine-${process.pid}-${Math.random().toString(36).slice(2, 8)}.sock`,
  );
  const open = new Set<Socket>();
  /** The connections: nothing passes through them while the engine hangs. */
  const passages = new Set<{ open(): void; shut(): void }>();
  let hangs = false;
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
      const onward = new Transform({
        transform: (chunk: Buffer, _, done) =>
          done(null, alter === undefined ? chunk : Buffer.from(alter(chunk.toString('latin1')), 'latin1')),
      });
      onward.pipe(far);
      const passage = {
        open: () => {
          near.pipe(onward);
          far.pipe(near);
        },
        shut: () => {
          near.unpipe(onward);
          far.unpipe(near);
        },
      };
      passages.add(passage);
      if (!hangs) passage.open();
      near.on('close', () => {
        passages.delete(passage);
        far.destroy();
      });
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
    hang() {
      hangs = true;
      for (const passage of passages) passage.shut();
    },
    goOn() {
      hangs = false;
      for (const passage of passages) passage.open();
    },
    close() {
      this.cut();
    },
  };
}

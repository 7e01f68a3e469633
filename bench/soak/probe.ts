/**
 * Loaded with `--import` into the server and the runner while they soak: tells, on a Unix socket in the folder
 * `SOAK_PROBES`, what only the process itself knows. Garbage is collected first, so that the heap is what lives.
 */
import { rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';

export type Told = {
  /** Bytes that live in JavaScript's heap, and outside of it in buffers. */
  readonly heap: number;
  readonly buffers: number;
  /** Milliseconds by which the event loop was late since it was asked before. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
};

const folder = process.env.SOAK_PROBES;
if (folder !== undefined) {
  v8.setFlagsFromString('--expose-gc');
  const collect: () => void = vm.runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const file = path.join(folder, `${process.pid}.sock`);
  const server = net.createServer((socket) => {
    const lag = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const told: Told = { heap: heapUsed, buffers: external, lag };
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(told));
    // The collection is the probe's doing, not the server's.
    delay.reset();
  });
  server.listen(file);
  server.unref();
  process.once('exit', () => rmSync(file, { force: true }));
}

/** The histogram counts from the resolution on. */
function ms(ns: number): number {
  return Math.max(0, ns / 1e6 - 10);
}

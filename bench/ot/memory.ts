/** Memory that things hold, measured by holding several of them. */
import { wasmBytes } from './wasm-memory.ts';

const COPIES = 10;
/** Made and dropped before it counts, so that code, caches and what WebAssembly frees are there already. */
const WARM_UP = 3;

/** Bytes that one of what `make` makes holds. The process must run with `--expose-gc`. */
export function bytesHeld(make: () => unknown): number {
  for (let i = 0; i < WARM_UP; i += 1) make();
  const before = used();
  const held = Array.from({ length: COPIES }, make);
  const bytes = (used() - before) / held.length;
  return bytes;
}

function used(): number {
  if (gc === undefined) throw new Error('the process must run with --expose-gc');
  for (let i = 0; i < 3; i += 1) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external + wasmBytes();
}

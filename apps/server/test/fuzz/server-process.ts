// The server as it is started by hand, which also tells its parent about its memory and its work.
import { setTimeout as delay } from 'node:timers/promises';
import '../../src/main.ts';

export type MemoryReply = {
  /** Bytes. */
  readonly resident: number;
  readonly heap: number;
  /** Outside of JavaScript's heap: buffers. */
  readonly external: number;
  /** The most that was ever resident. */
  readonly peak: number;
};

export type Question = { readonly id: number; readonly about: keyof Answers };
export type Answer = { readonly id: number; readonly answer: MemoryReply | number };
/** What can be asked: memory after a collection of garbage, and the ms of processor time that its one thread has had. */
export type Answers = { readonly memory: MemoryReply; readonly worked: number };

async function memory(): Promise<MemoryReply> {
  // Objects with finalisers need a second collection, and freed pages a moment to be given back.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await delay(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed, external, peak: process.resourceUsage().maxRSS * 1024 };
}

function worked(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

process.on('message', async ({ id, about }: Question) => {
  const answer: Answer = { id, answer: about === 'memory' ? await memory() : worked() };
  process.send!(answer);
});

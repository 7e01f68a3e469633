// The server as it is started by hand, which also tells its parent about its memory.
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

process.on('message', async (message: 'memory' | 'collect') => {
  if (message === 'collect') {
    // Objects with finalisers need a second collection, and freed pages a moment to be given back.
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.();
      await delay(50);
    }
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const reply: MemoryReply = {
    resident: rss,
    heap: heapUsed,
    external,
    peak: process.resourceUsage().maxRSS * 1024,
  };
  process.send!(reply);
});

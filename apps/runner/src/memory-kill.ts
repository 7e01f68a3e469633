/** What the engine knows of how the kernel ended something in a container for want of memory. */
import type { Readable } from 'node:stream';
import type { Clock } from '@codesync/protocol';
import type Docker from 'dockerode';

/** The engine knows of the kill before it ends the stream; its answer comes within milliseconds. */
const ANSWER_MS = 500;
/** Of all that the engine remembers; without a time it tells only what is to come. */
const EVER = 1;

/** False also when the engine does not say. The container may be gone. Never rejects. */
export function memoryKillIn(docker: Docker, container: string, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    let events: Readable | null = null;
    let settled = false;
    const settle = (killed: boolean) => {
      settled = true;
      callOff();
      events?.destroy();
      resolve(killed);
    };
    const callOff = clock.after(ANSWER_MS, () => settle(false));
    docker
      .getEvents({ since: EVER, ...killsIn(container) })
      .then((stream) => {
        events = stream as Readable;
        events.on('error', () => settle(false));
        events.once('data', () => settle(true));
        if (settled) events.destroy();
      })
      .catch(() => settle(false));
  });
}

/** Calls `heard` each time from now on, until it is called off. An engine that does not say is left alone. Never throws. */
export function onMemoryKill(docker: Docker, container: string, heard: () => void): () => void {
  let events: Readable | null = null;
  let over = false;
  docker
    .getEvents(killsIn(container))
    .then((stream) => {
      events = stream as Readable;
      events.on('error', () => {});
      events.on('data', heard);
      if (over) events.destroy();
    })
    .catch(() => {});
  return () => {
    over = true;
    events?.destroy();
  };
}

function killsIn(container: string) {
  return { filters: { container: [container], event: ['oom'] } };
}

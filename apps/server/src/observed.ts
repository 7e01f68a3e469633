// Ports with somebody watching: what goes through them is counted on its way.
import { type Log, type Observer, type RoomStore, type Runner, StorageUnavailable } from './ports.ts';
import type { Audience } from './rooms/audience.ts';

/**
 * The store, its appends timed and their events counted. When it takes none, the reason goes into the log, once for as
 * long as it stays the same. Faults are left to the caller, who knows whose they are.
 */
export function observedStore(store: RoomStore, observer: Observer, log: Log): RoomStore {
  let trouble: string | null = null;
  return {
    ...store,
    append: async (batches) => {
      const began = performance.now();
      try {
        const appended = await store.append(batches);
        let events = 0;
        for (const batch of batches) if (appended.has(batch.room)) events += batch.events.length;
        observer.committed(events, performance.now() - began);
        trouble = null;
        return appended;
      } catch (error) {
        const passing = error instanceof StorageUnavailable;
        observer.commitFailed(passing ? 'unavailable' : 'fault');
        if (passing && trouble !== error.message) log.warn({ err: error }, 'events could not be written');
        trouble = passing ? error.message : null;
        throw error;
      }
    },
  };
}

/** The runner, its runs timed and in the log, and their ends counted. */
export function observedRunner(runner: Runner, observer: Observer, log: Log): Runner {
  return {
    ...runner,
    start: (request, listener) => {
      const { run, room, language } = request;
      const began = performance.now();
      let spoke = false;
      log.info({ room, run, language }, 'a run was started');
      runner.start(request, {
        ...listener,
        output: (words) => {
          if (!spoke) observer.spoke(language, performance.now() - began);
          spoke = true;
          listener.output(words);
        },
        ended: (end) => {
          const { reason, exitCode, signal, wallMs } = end;
          observer.ended(language, reason, wallMs);
          log.info({ room, run, language, reason, exitCode, signal, wallMs }, 'a run ended');
          listener.ended(end);
        },
      });
    },
  };
}

/** The audience, its resyncs counted. */
export function observedAudience(audience: Audience, observer: Observer): Audience {
  return {
    ...audience,
    resync: (room) => {
      observer.resynced();
      audience.resync(room);
    },
  };
}

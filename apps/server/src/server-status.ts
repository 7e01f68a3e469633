// How the server is, as a host of a room may see it.
import { PROTOCOL_VERSION, type ServerStatus } from '@codesync/protocol';
import type { Clock, Runner } from './ports.ts';
import type { RecentTimes } from './recent-times.ts';
import type { RoomRegistry } from './rooms/registry.ts';
import type { RoomHandle } from './rooms/room-handle.ts';

export type StatusDeps = {
  readonly registry: RoomRegistry;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly recentEdits: RecentTimes;
  /** The product's version, and PostgreSQL's, null while it is not known. */
  readonly version: string;
  readonly postgres: () => string | null;
};

/** The way to ask for the status. The server counts as started at this call. */
export function createStatus(deps: StatusDeps): (room: RoomHandle) => Promise<ServerStatus> {
  const { registry, runner, clock, recentEdits, version, postgres } = deps;
  const startedAt = clock.now();
  return async (room) => {
    const figures = await room.figures();
    const { stalledSince, waiting } = registry.load;
    const [medianMs, p99Ms] = [recentEdits.quantile(0.5), recentEdits.quantile(0.99)];
    return {
      now: clock.now(),
      startedAt,
      storage: {
        stalledSince,
        waiting,
        edits: medianMs === null || p99Ms === null ? null : { medianMs, p99Ms },
      },
      sandbox: runner.facts(),
      versions: {
        product: version,
        protocol: PROTOCOL_VERSION,
        node: process.versions.node,
        postgres: postgres(),
      },
      room: figures,
    };
  };
}

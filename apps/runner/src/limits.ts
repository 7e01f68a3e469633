/**
 * The runner's own sizes and times; what a run may use is RUNNER_LIMITS in the protocol. Milliseconds and bytes.
 */
import type { PoolKey } from './profiles.ts';

/** Sandboxes that wait ready. An idle one costs 5 MB (compiled, or a workspace) to 45 MB (Node). */
export const WARM: Readonly<Record<PoolKey, number>> = {
  python: 3,
  javascript: 3,
  go: 2,
  rust: 2,
  workspace: 1,
};

/** Containers made at once: more only makes each of them slower, and the runs beside them. */
export const STARTING_AT_ONCE = 2;
/** While runs wait there is nobody to disturb: half again as many are ready in the same time. */
export const STARTING_FOR_WAITING = 3;

/** A new sandbox is begun this long after one was taken, so that it does not compete with the run's own start. */
export const REFILL_DELAY_MS = 150;
/** The same when none of its language is left: whoever comes next would wait for it. */
export const REFILL_EMPTY_MS = 20;

/** A container that says nothing for this long after its start is given up. */
export const READY_MS = 20_000;

/** After a failed start, twice as long after each further one. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;

/** Starts that fail in a row before waiting runs are told that there is no sandbox for them. */
export const FAILURES_BEFORE_GIVING_UP = 3;

/** Threads of the agent itself, which count against the container's processes. */
export const AGENT_PIDS = 20;

/** User ids 20000 to 20063 have names in the image; one for each container that exists at a time. */
export const SLOTS = 64;
export const FIRST_UID = 20_000;

/** Processors for one sandbox: a compile uses two well. */
export const CPUS = 2;

/** What the agent's own limits add up to, and then some: after it, the runner ends the run by itself. */
export const BACKSTOP_MS = 5_000;
/** The agent answers a stop within its grace of 150 ms; a sandbox that does not is torn down. */
export const STOP_BACKSTOP_MS = 1_000;
/** The agent ends a terminal within little more than a second. A workspace whose agent does not is torn down. */
export const TERMINAL_BACKSTOP_MS = 20_000;
/** How long an ended run's sandbox may take to hand over the binary for the cache. */
export const BINARY_MS = 5_000;

/** Compiled programs kept for a second run: all together, of one room, and the largest single one. */
export const CACHE_BYTES = 256 * 1024 * 1024;
export const CACHE_ROOM_BYTES = 24 * 1024 * 1024;
export const CACHE_BINARY_BYTES = 12 * 1024 * 1024;

/** Content of files that are no text, kept for later runs. */
export const CACHE_BLOB_BYTES = 256 * 1024 * 1024;
/** How long a run that has its sandbox waits for such content: far longer than all that a room holds takes. */
export const BLOBS_MS = 20_000;

/** How often the engine is asked whether it lives, beside the signs that it does not. */
export const ENGINE_PING_MS = 3_000;

/**
 * The engine answers within this, or it is lost as if it had closed the connection. Far more than a container takes to
 * be made on a busy machine, since everything that runs is then given up.
 */
export const ENGINE_DEADLINE_MS = 20_000;

/** Containers of dead runners of other installations are removed once they are this old. */
export const ORPHAN_MS = 5 * 60_000;

/** `/dev/shm`: what an ordinary container has. It counts as memory. */
export const SHM_BYTES = 64 * 1024 * 1024;

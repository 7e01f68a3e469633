/**
 * Limits of one run. Bytes and milliseconds. `default*` is what a run gets, `max*` is the most that
 * `run.start` may ask for. Memory, processes and disk belong to the container, which is made before the run
 * is known, so they cannot be asked for.
 */
export const RUNNER_LIMITS = {
  /** Time from the program's first instruction to its end. */
  defaultWallMs: 30_000,
  /** Nothing of a run outlives five minutes. The share of the compile and of the tear-down is taken off. */
  maxWallMs: 240_000,
  /** Processor time of all the run's processes together: one busy core for the default wall time. */
  defaultCpuMs: 30_000,
  maxCpuMs: 240_000,
  /** A compiler stuck in a macro or a constant must not hold a sandbox for long. */
  compileWallMs: 20_000,
  /** Enough for rustc on one crate; equals the container's memory and swap, so nothing swaps. */
  memoryBytes: 512 * 1024 * 1024,
  /** Threads count too: Node starts 11, the Go runtime about 10. */
  pids: 128,
  /** Output kept per stream; what comes after it is counted, not shown. */
  keptOutputBytes: 1024 * 1024,
  maxKeptOutputBytes: 4 * 1024 * 1024,
  /** A stream with more output than this is a flood. It ends the run with the reason `output`. */
  floodBytes: 16 * 1024 * 1024,
  /** Size of `/w` and of `/tmp`, each; their pages count against the memory. */
  diskBytes: 128 * 1024 * 1024,
  /** Files and folders in `/w` and in `/tmp`, each. */
  inodes: 8_192,
  /** A room's files, all together, and each by itself. */
  files: 2_000,
  fileBytes: 6 * 1024 * 1024,
  workspaceBytes: 50 * 1024 * 1024,
  args: 64,
  env: 64,
  /** Arguments together, and the environment together. */
  argsBytes: 32 * 1024,
  envBytes: 32 * 1024,
  /** Input that the program has not read yet. More than this is dropped, and the person is told. */
  stdinBytes: 1024 * 1024,
  /** Runs waiting for a sandbox, over all languages: all together, and those from one network address. */
  queue: 100,
  queuePerNetwork: 50,
  /**
   * Longest line on the socket: a whole workspace as JSON. The agent is given no more than 64 MiB at once. Text of which
   * much has to be escaped is too long for it earlier.
   */
  lineBytes: 62 * 1024 * 1024,
} as const;

/**
 * What the server and the runner say to each other.
 *
 * Transport: newline-delimited JSON over a Unix socket; one object a line, UTF-8, each with a `type`.
 * The server connects and sends `hello`; the runner answers with `hello`, then the current `status`, then
 * whatever happens. Several connections are allowed: a run's events go to the connection that started it,
 * and a connection that closes stops its runs.
 *
 * Order within one run: `run.phase`* → (`run.output` | `run.phase`)* → `run.ended`. There is exactly one
 * `run.ended` for every `run.start` that carries a fresh run id, whatever happens, and nothing follows it.
 * The content of files that are no text comes when it is asked for: see runner-blobs.ts. Workspaces and their terminals
 * use the same connection: see workspaces.ts.
 */
import { z } from 'zod';
import { BlobRef } from './blobs.ts';
import { RunId } from './ids.ts';
import { Language } from './languages.ts';
import { WorkFolder } from './rooms.ts';
import { runWords } from './run-words.ts';
import { blobNone, blobPart, blobWanted } from './runner-blobs.ts';
import { RUNNER_LIMITS } from './runner-limits.ts';
import { MetLimit, RunEndReason } from './runs.ts';
import { filesCommand } from './workspace-files.ts';
import {
  terminalCommand,
  terminalOpen,
  workspaceBegin,
  workspaceClose,
  workspaceEvent,
  workspaceOpen,
} from './workspaces.ts';

/** Raised whenever a message changes its meaning; a peer with another version is refused. */
export const RUNNER_PROTOCOL = 7;

const id = z.string().min(1).max(128);
const count = z.number().int().nonnegative();

/**
 * A file with its text, or with the name of its content. Paths are checked by the runner, not here, so that a hostile
 * name ends its run with a sentence.
 */
export const runnerFile = z.union([
  z.object({ path: z.string(), text: z.string() }),
  z.object({ path: z.string(), blob: BlobRef }),
]);
export type RunnerFile = z.infer<typeof runnerFile>;

export const runnerRunLimits = z.object({
  wallMs: count.min(1).max(RUNNER_LIMITS.maxWallMs).optional(),
  cpuMs: count.min(1).max(RUNNER_LIMITS.maxCpuMs).optional(),
  keptOutputBytes: count.min(1).max(RUNNER_LIMITS.maxKeptOutputBytes).optional(),
});

export const runnerHelloCommand = z.object({ type: z.literal('hello'), protocol: z.number().int() });

/**
 * Start one run.
 *
 * - `room` names the room, for its own binary cache and for labels.
 * - `network` is the network address that the run was started from. Runs that wait are served by turns among
 *   networks, and among the rooms of one network.
 * - `entry` is the path of the file to run. It must be one of `files`.
 * - `workFolder` is the folder that the program starts in, the top folder unless told otherwise. Compilers
 *   always start in the top folder.
 * - `args` and `env` are what the program sees beside its usual environment. A variable that an interpreter
 *   reads at its own start comes too late for that.
 */
export const runnerStart = z.object({
  type: z.literal('run.start'),
  run: RunId,
  room: id,
  network: id,
  language: Language,
  entry: z.string(),
  files: z.array(runnerFile),
  workFolder: WorkFolder.optional(),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  limits: runnerRunLimits.optional(),
});
export type RunnerStart = z.infer<typeof runnerStart>;

/** End a run at once, in whatever phase it is. A run that is unknown or over is left alone. */
export const runnerStop = z.object({ type: z.literal('run.stop'), run: RunId });

/** Text for the program's standard input; `eof` closes it after the text. May come before the program runs. */
export const runnerStdin = z.object({
  type: z.literal('run.stdin'),
  run: RunId,
  text: z.string(),
  eof: z.boolean(),
});
export type RunnerStdin = z.infer<typeof runnerStdin>;

/** Everything the server may send to the runner. */
export const runnerCommand = z.discriminatedUnion('type', [
  runnerHelloCommand,
  runnerStart,
  runnerStop,
  runnerStdin,
  blobPart,
  blobNone,
  workspaceOpen,
  workspaceClose,
  workspaceBegin,
  terminalOpen,
  terminalCommand,
  filesCommand,
]);
export type RunnerCommand = z.infer<typeof runnerCommand>;

/**
 * Sandboxes of one language, or for workspaces. `warm`: they wait to be used. `wanted`: how many should wait.
 * `starting`: they are being made. `busy`: they run somebody's code. `queued` counts the runs or workspaces that wait
 * for one.
 */
export const runnerPool = z.object({
  warm: count,
  wanted: count,
  starting: count,
  busy: count,
  queued: count,
});
export type RunnerPool = z.infer<typeof runnerPool>;

/** What a sandbox found out about its own walls: in `summary` what holds, in `gaps` what the machine lacks. */
export const sandboxCheck = z.object({
  summary: z.string(),
  gaps: z.array(z.object({ reason: z.string(), mend: z.string() })),
});
export type SandboxCheck = z.infer<typeof sandboxCheck>;

/**
 * Whether code can be run now. `detail`, `reason` and `mend` are sentences for a person; `mend` says what to
 * do. `percent` is 0 to 100 of the whole image, `step` a few words for what is being done.
 *
 * `starting` and `preparing` pass by themselves. `absent` and `failed` need the mend. In any of them the runner
 * keeps trying, and says `ready` as soon as it is.
 */
export const runnerStatus = z.discriminatedUnion('phase', [
  z.object({ type: z.literal('status'), phase: z.literal('starting'), detail: z.string() }),
  z.object({ type: z.literal('status'), phase: z.literal('installing'), detail: z.string() }),
  z.object({ type: z.literal('status'), phase: z.literal('absent'), reason: z.string(), mend: z.string() }),
  z.object({
    type: z.literal('status'),
    phase: z.literal('preparing'),
    step: z.string(),
    percent: z.number().min(0).max(100),
    detail: z.string(),
  }),
  z.object({
    type: z.literal('status'),
    phase: z.literal('ready'),
    pools: z.record(Language, runnerPool),
    workspaces: runnerPool,
    /** The id that the engine gave the image. */
    image: z.string(),
    check: sandboxCheck,
  }),
  z.object({ type: z.literal('status'), phase: z.literal('failed'), reason: z.string(), mend: z.string() }),
]);
export type RunnerStatus = z.infer<typeof runnerStatus>;

export const runnerHelloEvent = z.object({
  type: z.literal('hello'),
  protocol: z.number().int(),
  instance: z.string(),
});

/** `position` is 1 for the run that is next; only when queued. */
export const runnerPhase = z.discriminatedUnion('phase', [
  z.object({ type: z.literal('run.phase'), run: RunId, phase: z.literal('queued'), position: count.min(1) }),
  z.object({ type: z.literal('run.phase'), run: RunId, phase: z.literal('compiling') }),
  z.object({ type: z.literal('run.phase'), run: RunId, phase: z.literal('running') }),
]);
export type RunnerPhase = z.infer<typeof runnerPhase>;

/**
 * `n` counts the outputs of one run: 1, 2, 3 …, without a gap. The server drops an output that it already has.
 * At a gap it stops the run, which ends as lost. An output has whole characters only. A character that the
 * program's writes split waits for its end.
 */
export const runnerOutput = z.object({
  type: z.literal('run.output'),
  run: RunId,
  n: count.min(1),
  ...runWords,
});
export type RunnerOutput = z.infer<typeof runnerOutput>;

/**
 * The one end of a run. The reasons in full:
 *
 * - `exit`: the program returned `exitCode`. `signal`: it was killed by `signal`.
 * - `stopped`: somebody asked for it.
 * - `wall`, `cpu`, `memory`, `pids`, `output`: the limit of that name ended the program or its compiler.
 * - `compile`: the compiler refused the program. Its words are on stderr.
 * - `files`: nothing was begun: a file name, the files, the arguments or the environment cannot be used.
 * - `infrastructure`: the sandbox or the engine was lost, the content of a file could not be had, or too many runs wait.
 *   It is not the program's fault.
 *
 * A limit that was met but did not end the program is no reason: it is among `limits`. An example is a child
 * killed for memory. So a program that returned by itself ends as `exit`, whatever else it met.
 *
 * The other fields:
 *
 * - `exitCode` is set when the program (or the compiler) returned by itself, `signal` (such as `SIGKILL`) when
 *   it was killed. Both are null when neither can be known.
 * - `wallMs` counts from the program's start, without the compile. `compileMs` is the compile's time, 0 when
 *   there was none. `cpuMs` is the processor time of all the program's processes, `peakBytes` the largest
 *   resident set among them.
 * - `truncated` are the bytes that were counted but not shown.
 * - `cached`: the binary came from an earlier run of the same sources.
 * - `message` is a sentence for a person. It is always there unless the reason is `exit` or `signal`.
 * - `hints` are sentences on what the program asked for and a sandbox does not have, such as a network or a
 *   package.
 */
export const runnerEnded = z.object({
  type: z.literal('run.ended'),
  run: RunId,
  reason: RunEndReason,
  exitCode: z.number().int().min(0).max(255).nullable(),
  signal: z.string().nullable(),
  wallMs: z.number().nonnegative(),
  compileMs: z.number().nonnegative(),
  cpuMs: z.number().nonnegative(),
  peakBytes: count,
  truncated: z.object({ stdout: count, stderr: count }),
  cached: z.boolean(),
  message: z.string().optional(),
  limits: z.array(MetLimit).optional(),
  hints: z.array(z.string()).optional(),
});
export type RunnerEnded = z.infer<typeof runnerEnded>;

/** A line that was not a valid command; the connection stays open unless it was the `hello` that was refused. */
export const runnerProblem = z.object({ type: z.literal('problem'), message: z.string() });

/** Everything the runner may send to the server. */
export const runnerEvent = z.discriminatedUnion('type', [
  runnerHelloEvent,
  runnerStatus,
  runnerPhase,
  runnerOutput,
  runnerEnded,
  runnerProblem,
  blobWanted,
  workspaceEvent,
]);
export type RunnerEvent = z.infer<typeof runnerEvent>;

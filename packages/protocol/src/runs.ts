import { z } from 'zod';
import { ConfigurationId, FileId, RunId } from './ids.ts';
import { Language } from './languages.ts';
import { LIMITS } from './limits.ts';
import { WorkFolder } from './rooms.ts';
import { RunSetup, runSetup } from './run-setup.ts';
import { runWords } from './run-words.ts';
import { WellFormedText } from './text.ts';

/**
 * Run a program, with all the room's files in its workspace. It names a configuration of the room, or the file to run.
 * With a file, `setup` is what the program is given; without it, nothing but where the room's programs start.
 */
export const StartRun = z
  .strictObject({
    kind: z.literal('run.start'),
    entry: FileId.optional(),
    setup: RunSetup.optional(),
    configuration: ConfigurationId.optional(),
  })
  .refine(
    ({ entry, setup, configuration }) =>
      (entry === undefined) !== (configuration === undefined) &&
      (setup === undefined || configuration === undefined),
    'either a file or a configuration',
  );
export const StopRun = z.strictObject({ kind: z.literal('run.stop'), run: RunId });
export const TypeIntoRun = z.strictObject({
  kind: z.literal('run.input'),
  run: RunId,
  text: WellFormedText.max(LIMITS.runInputUnits),
  eof: z.boolean(),
});

/** Where a run stands before its end. `queued`: no warm sandbox was free. */
export const RunPhase = z.enum(['queued', 'compiling', 'running']);
export type RunPhase = z.infer<typeof RunPhase>;

/** The limits that a run can meet. */
export const RunLimit = z.enum(['wall', 'cpu', 'memory', 'pids', 'output']);
export type RunLimit = z.infer<typeof RunLimit>;

/**
 * Why a run ended. `exit` and `signal` are the program's own end; the others are limits that ended it, or outside
 * causes.
 */
export const RunEndReason = z.enum([
  'exit',
  'signal',
  'compile',
  'stopped',
  ...RunLimit.options,
  'files',
  'infrastructure',
]);
export type RunEndReason = z.infer<typeof RunEndReason>;

/** What a run was given. Each is absent where there is none; without a work folder it is the room's top folder. */
export const runGiven = {
  configuration: z.object({ id: ConfigurationId, name: z.string() }).optional(),
  args: runSetup.args.optional(),
  env: runSetup.env.optional(),
  /** The file that its input came from: one of its files. */
  stdin: FileId.optional(),
  workFolder: WorkFolder.optional(),
};

/** The run is tied to these exact versions of the files. */
export const RunStarted = z.object({
  kind: z.literal('run.started'),
  run: RunId,
  language: Language,
  entry: FileId,
  files: z.array(z.object({ file: FileId, path: z.string(), version: z.int() })),
  ...runGiven,
});
export const RunPhased = z.object({ kind: z.literal('run.phase'), run: RunId, phase: RunPhase });
export const RunOutput = z.object({
  kind: z.literal('run.output'),
  run: RunId,
  ...runWords,
});
export const RunInput = z.object({
  kind: z.literal('run.input'),
  run: RunId,
  text: z.string(),
  eof: z.boolean(),
});

/** A limit that a run met and that did not end it: how often, and a sentence for people. */
export const MetLimit = z.object({ limit: RunLimit, times: z.int().positive(), message: z.string() });
export type MetLimit = z.infer<typeof MetLimit>;

export const RunEnd = z.object({
  reason: RunEndReason,
  /** The program's exit code, null when it had none. */
  exitCode: z.int().nullable(),
  /** The signal's name, such as SIGSEGV. Null when no signal ended the program. */
  signal: z.string().nullable(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  /** Bytes that were produced beyond the cap and not kept. */
  truncated: z.object({ stdout: z.number(), stderr: z.number() }),
  /** A sentence for people where the reason alone does not say it. */
  message: z.string().optional(),
  /** The limits that were met beside the reason; absent where none was. */
  limits: z.array(MetLimit).optional(),
  /** Sentences on what the program asked for and a sandbox does not have; absent where there is nothing to say. */
  hints: z.array(z.string()).optional(),
});
export type RunEnd = z.infer<typeof RunEnd>;

/** The end of a run whose sandbox nobody knows any more. */
export const LOST_RUN: RunEnd = {
  reason: 'infrastructure',
  exitCode: null,
  signal: null,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  truncated: { stdout: 0, stderr: 0 },
  message: 'The sandbox was lost. Run it again.',
};

export const RunEnded = RunEnd.extend({ kind: z.literal('run.ended'), run: RunId });

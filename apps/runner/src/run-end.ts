/** What the room is told of a run that the agent saw to its end. Pure. */
import type { RunnerEnded, RunnerStart, RunStream } from '@codesync/protocol';
import { folderOf, type RunLimits } from './agent-start.ts';
import { type EndFacts, endMessage, metLimit } from './end-message.ts';
import type { AgentExit } from './frames.ts';
import { hintsFor } from './hints.ts';

export type RunFacts = {
  readonly start: RunnerStart;
  readonly limits: RunLimits;
  /** The binary came from an earlier run. */
  readonly cached: boolean;
  /** The end of what each stream printed. */
  readonly tails: Readonly<Record<RunStream, string>>;
  /** Input that the program never saw. */
  readonly droppedBytes: number;
};

export function endOf(exit: AgentExit, run: RunFacts): Omit<RunnerEnded, 'type' | 'run'> {
  const facts: EndFacts = {
    limits: run.limits,
    compiling: exit.compiling,
    tookMs: exit.compiling ? exit.compileMs : exit.wallMs,
  };
  const message = [exit.message || endMessage(exit.reason, facts), droppedMessage(run.droppedBytes)]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
  const limits = exit.limits.map(({ limit, times }) => metLimit(limit, times, facts));
  const hints = hintsFor({
    language: run.start.language,
    reason: exit.reason,
    exitCode: exit.code,
    signal: exit.signal || null,
    ...run.tails,
    paths: run.start.files.map(({ path }) => path),
    entry: run.start.entry,
    folder: folderOf(run.start),
  });
  return {
    reason: exit.reason,
    exitCode: exit.code,
    signal: exit.signal || null,
    wallMs: exit.wallMs,
    compileMs: exit.compileMs,
    cpuMs: exit.cpuMs,
    peakBytes: exit.peakBytes,
    truncated: { stdout: exit.truncatedOut, stderr: exit.truncatedErr },
    cached: run.cached,
    ...(message ? { message } : {}),
    ...(limits.length > 0 ? { limits } : {}),
    ...(hints.length > 0 ? { hints } : {}),
  };
}

function droppedMessage(bytes: number): string | undefined {
  return bytes > 0 ? `${bytes} bytes of input were dropped: the program did not read them.` : undefined;
}

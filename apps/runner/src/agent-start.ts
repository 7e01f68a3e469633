/** What the agent is told of a run. Pure. */
import { RUNNER_LIMITS as LIMITS, type RunnerStart } from '@codesync/protocol';
import type { EndLimits } from './end-message.ts';
import type { AgentStart } from './frames.ts';
import { CACHE_BINARY_BYTES } from './limits.ts';

/** Those that a run may ask for. */
export type RunLimits = EndLimits & { readonly keptBytes: number };

export function limitsOf({ limits }: RunnerStart): RunLimits {
  return {
    wallMs: limits?.wallMs ?? LIMITS.defaultWallMs,
    cpuMs: limits?.cpuMs ?? LIMITS.defaultCpuMs,
    keptBytes: limits?.keptOutputBytes ?? LIMITS.keptOutputBytes,
  };
}

/** Where the program stands; empty for the workspace itself. */
export function folderOf({ entry, workFolder }: RunnerStart): string {
  return workFolder === 'entry' ? entry.slice(0, Math.max(0, entry.lastIndexOf('/'))) : '';
}

export function agentStart(start: RunnerStart, limits: RunLimits): AgentStart {
  return {
    entry: start.entry,
    folder: folderOf(start),
    files: start.files.filter((file) => 'text' in file),
    args: start.args ?? [],
    env: start.env ?? {},
    limits: {
      wallMs: limits.wallMs,
      cpuMs: limits.cpuMs,
      compileMs: LIMITS.compileWallMs,
      keptBytes: limits.keptBytes,
      floodBytes: LIMITS.floodBytes,
      stdinBytes: LIMITS.stdinBytes,
      binaryBytes: CACHE_BINARY_BYTES,
    },
  };
}

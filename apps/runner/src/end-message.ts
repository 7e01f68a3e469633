/** The sentence that goes with the end of a run. Pure. */
import { RUNNER_LIMITS as LIMITS, type RunEndReason } from '@codesync/protocol';

export type EndLimits = { readonly wallMs: number; readonly cpuMs: number };

/** Undefined where the exit code or the signal says all. `compiling`: it was the compiler that met the limit. */
export function endMessage(reason: RunEndReason, limits: EndLimits, compiling: boolean): string | undefined {
  const who = compiling ? 'The compiler' : 'The program';
  switch (reason) {
    case 'exit':
    case 'signal':
      return undefined;
    case 'stopped':
      return 'Stopped.';
    case 'compile':
      return 'The program did not compile.';
    case 'wall':
      return `${who} was ended after ${seconds(compiling ? LIMITS.compileWallMs : limits.wallMs)}, the time limit.`;
    case 'cpu':
      return `${who} was ended after ${seconds(limits.cpuMs)} of processor time, the limit.`;
    case 'memory':
      return `${who} was ended: it needed more than the ${mebibytes(LIMITS.memoryBytes)} of memory that a run has.`;
    case 'pids':
      return `${who} was refused more than ${LIMITS.pids} processes and threads, the limit.`;
    case 'output':
      return `${who} was ended after ${mebibytes(LIMITS.floodBytes)} of output on one stream, the limit.`;
    case 'files':
      return 'The files could not be placed in the workspace.';
    case 'infrastructure':
      return 'The sandbox was lost. This is not the program’s fault: run it again.';
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}

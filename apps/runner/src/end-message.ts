/** The sentences that go with the end of a run. Pure. */
import { RUNNER_LIMITS as LIMITS, type MetLimit, type RunEndReason, type RunLimit } from '@codesync/protocol';

export type EndLimits = { readonly wallMs: number; readonly cpuMs: number };

/** What is known of an end beside its reason. */
export type EndFacts = {
  readonly limits: EndLimits;
  /** It was the compiler that ended, not the program. */
  readonly compiling: boolean;
  /** How long the one of the two that ended had gone on. */
  readonly tookMs: number;
};

/** A timer that is this late was not late by itself: the sandbox stood still, as when the machine sleeps. */
const STOOD_STILL_MS = 1_000;

/** Undefined where the exit code or the signal says all. */
export function endMessage(reason: RunEndReason, facts: EndFacts): string | undefined {
  const who = facts.compiling ? 'The compiler' : 'The program';
  switch (reason) {
    case 'exit':
    case 'signal':
      return undefined;
    case 'stopped':
      return 'Stopped.';
    case 'compile':
      return 'The program did not compile.';
    case 'wall': {
      const limitMs = facts.compiling ? LIMITS.compileWallMs : facts.limits.wallMs;
      return facts.tookMs < limitMs + STOOD_STILL_MS
        ? `${who} was ended after ${seconds(limitMs)}, the time limit.`
        : `${who} was ended after ${seconds(facts.tookMs)}: the sandbox stood still in between, and the time limit of ${seconds(limitMs)} was over.`;
    }
    case 'cpu':
      return `${who} was ended after ${seconds(facts.limits.cpuMs)} of processor time, the limit.`;
    case 'memory':
      return `${who} was ended: it needed more than the ${mebibytes(LIMITS.memoryBytes)} of memory that a run has.`;
    case 'pids':
      return `${who} was ended: it went on asking for more than ${LIMITS.pids} processes and threads, the limit.`;
    case 'output':
      return `${who} was ended after ${mebibytes(LIMITS.floodBytes)} of output on one stream, the limit.`;
    case 'files':
      return 'The files could not be placed in the workspace.';
    case 'infrastructure':
      return 'The sandbox was lost. This is not the program’s fault: run it again.';
  }
}

/** The sentence of a run that was ended from outside, because the agent in its sandbox said nothing for so long. */
export function silentMessage({ limits, tookMs }: EndFacts): string {
  return `The sandbox did not answer any more and was ended after ${seconds(tookMs)}. The time limit of a run is ${seconds(limits.wallMs)}.`;
}

/** A limit that the run met and that did not end it, with its sentence. */
export function metLimit(limit: RunLimit, times: number, facts: EndFacts): MetLimit {
  return { limit, times, message: metMessage(limit, times, facts) };
}

function metMessage(limit: RunLimit, times: number, { limits, compiling }: EndFacts): string {
  const whose = compiling ? 'the compiler’s' : 'its';
  const who = compiling ? 'The compiler' : 'The program';
  switch (limit) {
    case 'wall':
      return `The time limit of ${seconds(compiling ? LIMITS.compileWallMs : limits.wallMs)} was over as it ended.`;
    case 'cpu':
      return `The limit of ${seconds(limits.cpuMs)} of processor time was met as it ended.`;
    case 'memory':
      return `${times === 1 ? `One of ${whose} processes was` : `${times} of ${whose} processes were`} killed: all together needed more than the ${mebibytes(LIMITS.memoryBytes)} of memory that a run has.`;
    case 'pids':
      return `${who} was refused another process or thread${times === 1 ? '' : ` ${times} times`}: a run has ${LIMITS.pids} at a time.`;
    case 'output':
      return `${who} met the limit of ${mebibytes(LIMITS.floodBytes)} of output on one stream as it ended.`;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}

/** Why code cannot be run, in words for the status and for who tries. */
import type { RunnerStatus } from '@codesync/protocol';
import type { Finding } from './self-check.ts';

/** The sandbox may not be used; it is tried again after `retryMs`. */
export class Unusable extends Error {
  readonly finding: Finding;
  readonly retryMs: number;

  constructor(finding: Finding, retryMs: number) {
    super(finding.reason);
    this.finding = finding;
    this.retryMs = retryMs;
  }
}

/** Null when it can be. */
export function unreadySentence(status: RunnerStatus): string | null {
  switch (status.phase) {
    case 'ready':
      return null;
    case 'absent':
    case 'failed':
      return `${status.reason} ${status.mend}`;
    case 'preparing':
      return `Running code is being prepared: ${status.step}, ${Math.round(status.percent)} %.`;
    default:
      return `Running code is not ready yet. ${status.detail}`;
  }
}

export function imageFinding(error: unknown): Finding {
  return {
    reason: `The sandbox image could not be made: ${lastLine(error)}`,
    mend: 'See the log for the build’s last lines. CodeSync tries again by itself.',
  };
}

/** Of an error's words: engines end with what went wrong. */
export function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? text;
}

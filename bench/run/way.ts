/** A way of running a program, and one run as it is seen from there. Times are on `performance.now()`'s clock. */
import type { Language } from '@codesync/protocol';

export const WAYS = ['runner', 'client', 'docker-run', 'docker-exec', 'local'] as const;
export type WayName = (typeof WAYS)[number];

export type Job = {
  readonly language: Language;
  readonly text: string;
  /** What the text compiles to, where the program was compiled before: only its start is wanted. */
  readonly binary?: Buffer;
};

export type Ended = {
  readonly startedAt: number;
  /** When the first of its output was there; when it ended, if there was none. */
  readonly firstByteAt: number;
  readonly endedAt: number;
  /** All of its standard output that came through; of a flood, that is not all of it. */
  readonly output: string;
  /** What it wrote to both of its streams, as they came, in the order in which they came. */
  readonly mixed: string;
  /** Bytes that were counted and not sent. */
  readonly truncated: number;
  /** What it said on its standard error, and whatever is known of an end that was not good. */
  readonly trouble: string;
};

export type Going = {
  /** Resolves when some of its output is there. */
  readonly spoke: Promise<void>;
  readonly ended: Promise<Ended>;
  /** Ends it as a person would who cancels. */
  stop(): void;
};

export type Way = {
  readonly title: string;
  /** A sentence about what it runs with, where that is not plain. */
  readonly remark: string | null;
  /** Does what is not timed: puts the program where the way takes it from. What it resolves to starts it. */
  prepare(job: Job): Promise<() => Going>;
};

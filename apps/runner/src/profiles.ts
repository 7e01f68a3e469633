/**
 * The two kinds of sandbox, behind the same wall (see container-spec.ts) and with limits of their own. A run's sandbox
 * serves one run of one language and is gone within five minutes. A workspace serves one room until the server closes it
 * or goes.
 */
import { type Language, RUNNER_LIMITS } from '@codesync/protocol';

export type Purpose =
  | { readonly profile: 'run'; readonly language: Language }
  | { readonly profile: 'workspace' };

/** What the sandboxes of a pool's shelf are alike in. */
export type PoolKey = Language | 'workspace';

export function purposeOf(key: PoolKey): Purpose {
  return key === 'workspace' ? { profile: 'workspace' } : { profile: 'run', language: key };
}

/** Bytes, and counts. Memory and swap are equal, so that nothing swaps; what the folders hold counts as memory. */
export type ProfileLimits = {
  readonly memoryBytes: number;
  /** Without the agent's own threads. */
  readonly pids: number;
  /** Of `/w` and of `/tmp`, each. */
  readonly diskBytes: number;
  readonly inodes: number;
};

const MEBIBYTE = 1024 * 1024;

export const PROFILES: Readonly<Record<Purpose['profile'], ProfileLimits>> = {
  run: RUNNER_LIMITS,
  // A room's folder may hold a package manager's thousands of small files. Both folders full leave memory to the shell.
  workspace: { memoryBytes: 1024 * MEBIBYTE, pids: 256, diskBytes: 384 * MEBIBYTE, inodes: 65_536 },
};

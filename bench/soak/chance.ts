/** What happens by chance, decided by a seed, and how long things take. */
import { Random } from '@codesync/ot/testing';

export class Chance extends Random {
  /** By chance, this long on average, and not above five times that. */
  about(meanMs: number): number {
    return Math.min(5, -Math.log(1 - this.next())) * meanMs;
  }
}

/** A step that somebody waits for: longer than this on any machine means that it never comes. */
export const STEP_MS = 180_000;

/** Rejects when it takes so long that it will never come. */
export async function within<T>(what: string, work: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`not in ${STEP_MS / 1000} s: ${what}`)), STEP_MS);
  });
  try {
    return await Promise.race([work, never]);
  } finally {
    clearTimeout(late);
  }
}

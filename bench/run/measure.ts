/** What lines are made of: runs by turns, each with its output checked, and figures from their times. */
import type { Language } from '@codesync/protocol';
import { median, quantile } from '../lib/stats.ts';
import type { Bed } from './bed.ts';
import type { Ended, Job, WayName } from './way.ts';

export type Unit = 'ms' | 'lines' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'times';

/** What CodeSync is to reach: a figure of its own, or one beside the bare command's. */
export type Goal = { readonly kind: 'atMost'; readonly value: number } | { readonly kind: 'belowLocal' };

export type Metric = {
  readonly what: string;
  readonly unit: Unit;
  readonly goals?: readonly Goal[];
  /** Where they are to be reached; at the runner unless it says otherwise. */
  readonly of?: WayName;
};

/** A figure for each metric of a line; null where there is none. A fault is a sentence about what went wrong. */
export type Outcome = { readonly figures: readonly (number | null)[]; readonly fault: string | null };
export type Outcomes = ReadonlyMap<WayName, Outcome>;

/** How often and how long everything is done. */
export type Size = {
  readonly interpreted: number;
  readonly compiled: number;
  readonly others: number;
  readonly sustainedMs: number;
  /** In each of three parts. */
  readonly floods: readonly [number, number, number];
};
export const FULL: Size = {
  interpreted: 21,
  compiled: 7,
  others: 5,
  sustainedMs: 3_000,
  floods: [20, 10, 10],
};
export const QUICK: Size = { interpreted: 5, compiled: 5, others: 5, sustainedMs: 2_000, floods: [6, 3, 3] };

export type Line = {
  readonly title: string;
  readonly metrics: readonly Metric[];
  measure(bed: Bed, ways: readonly WayName[], size: Size): Promise<Outcomes>;
};

/** A run that takes longer than this, on whatever machine, has gone wrong. */
const PATIENCE_MS = 60_000;
/** After these the engine still has a container to clear away, and the pool one to make. */
const RESTLESS: readonly WayName[] = ['runner', 'client', 'docker-run'];
/** With fewer runs, the slowest twentieth is the slowest one. */
const ENOUGH_FOR_P95 = 20;

export function rounds(language: Language, size: Size): number {
  return language === 'go' || language === 'rust' ? size.compiled : size.interpreted;
}

/** One run from its start to its end. Throws when its output is not `expected`, as far as it came through. */
export async function runOnce(bed: Bed, way: WayName, job: Job, expected: string): Promise<Ended> {
  const start = await bed.ways[way].prepare(job);
  const ended = await withinPatience(start().ended);
  check(ended, expected);
  return ended;
}

export function check({ output, truncated, trouble }: Ended, expected: string): void {
  const whole = truncated > 0 ? expected.startsWith(output) : expected === output;
  const bytes = Buffer.byteLength(output) + truncated;
  if (whole && bytes === Buffer.byteLength(expected)) return;
  const found = output.length > 80 ? `${output.slice(0, 80)}… (${bytes} bytes)` : output;
  throw new Error(`it printed ${JSON.stringify(found)}. ${trouble.trim().slice(-300)}`.trim());
}

export function withinPatience<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('it did not end')), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/**
 * Does `once` with every way by turns, so many times and once more ahead of them that is not counted; what has a fault
 * is left out from then on.
 */
export async function byTurns<T>(
  bed: Bed,
  ways: readonly WayName[],
  times: number,
  once: (way: WayName) => Promise<T>,
  figuresOf: (taken: readonly T[]) => (number | null)[],
): Promise<Outcomes> {
  const taken = new Map<WayName, T[]>(ways.map((way) => [way, []]));
  const faults = new Map<WayName, string>();
  let rested = false;
  for (let round = -1; round < times; round++) {
    for (const way of ways) {
      if (faults.has(way)) continue;
      if (!rested) await bed.rested();
      rested = !RESTLESS.includes(way);
      try {
        const one = await once(way);
        if (round >= 0) taken.get(way)!.push(one);
      } catch (error) {
        faults.set(way, faultOf(error));
      }
    }
  }
  return new Map(
    ways.map((way) => {
      const fault = faults.get(way) ?? null;
      return [way, { figures: fault === null ? figuresOf(taken.get(way)!) : [], fault }];
    }),
  );
}

export function faultOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The median, and the 95th percentile where there is enough for one. */
export function spread(values: readonly number[]): [number, number | null] {
  return [median(values), values.length < ENOUGH_FOR_P95 ? null : quantile(values, 0.95)];
}

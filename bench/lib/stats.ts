/**
 * Repeated timing: warmed up, and with medians, because a mean follows the one run that something else disturbed.
 *
 * What is timed is synchronous work, by the processor time of its thread: on a quiet machine that is what a clock
 * shows, and on one that has other things to do it still is. Processes that are timed run with `--single-threaded-gc`,
 * so that no other thread does a part of the work.
 */
import { processorMs } from './processor-time.ts';

export type Timing = {
  /** The median, in milliseconds. */
  readonly ms: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
};

/** Runs of one measurement, unless one of them takes seconds. */
export const RUNS = 5;
/** Short runs are repeated until this much was measured, so that small sizes are not one tick of the clock. */
const ENOUGH_MS = 300;
const MOST_RUNS = 301;
/** A compiler that optimises while it runs needs about so long to come to rest. */
const WARM_UP_MS = 300;

/** One run: makes ready without being timed, and gives the work, which gives its check. */
export type Prepare = () => () => () => void;

/**
 * Times what `prepare` makes ready; the check of each run is not timed.
 *
 * @param patienceMs no run begins after it, except the first; so there may be fewer runs than `RUNS`.
 * @throws what a check throws.
 */
export function time(prepare: Prepare, patienceMs: number): Timing {
  const began = performance.now();
  const once = (): number => {
    const work = prepare();
    const since = processorMs();
    const check = work();
    const ms = processorMs() - since;
    check();
    return ms;
  };
  let first = once();
  const roundMs = performance.now() - began;
  if (roundMs * (RUNS + 1) < patienceMs) {
    while (performance.now() - began < WARM_UP_MS) once();
    first = once();
  }
  const runs = [first];
  let measured = first;
  while (performance.now() - began + roundMs < patienceMs) {
    if (runs.length >= RUNS && (measured >= ENOUGH_MS || runs.length >= MOST_RUNS)) break;
    const ms = once();
    runs.push(ms);
    measured += ms;
  }
  return { ms: median(runs), least: Math.min(...runs), most: Math.max(...runs), runs: runs.length };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which `share` (0 to 1) of the values lie; infinite when there are none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.POSITIVE_INFINITY;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

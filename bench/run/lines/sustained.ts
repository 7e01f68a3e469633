/** Run after run, faster than sandboxes can be made: what a whole class does that presses Run at once. */
import type { Bed } from '../bed.ts';
import { faultOf, type Line, type Outcome, runOnce, spread } from '../measure.ts';
import { HELLO } from '../programs.ts';
import type { WayName } from '../way.ts';

/** The pool is used up in this time; what follows is measured. */
const LEAD_MS = 1_000;

/** @param abreast how many run at a time; a room has up to four. */
export function sustainedLine(abreast: number): Line {
  return {
    title: abreast === 1 ? 'Run after run, Python' : `Run after run, Python, ${abreast} at a time`,
    metrics: [
      { what: 'runs a second', unit: 'perSecond' },
      { what: 'first byte, p50', unit: 'ms' },
      { what: 'first byte, p95', unit: 'ms' },
    ],
    async measure(bed, ways, { sustainedMs }) {
      const outcomes = new Map<WayName, Outcome>();
      for (const way of ways) {
        await bed.rested();
        const taken: number[] = [];
        const began = performance.now() + LEAD_MS;
        const until = began + sustainedMs;
        try {
          await Promise.all(Array.from({ length: abreast }, () => work(bed, way, began, until, taken)));
          const figures = [(taken.length * 1000) / sustainedMs, ...spread(taken)];
          outcomes.set(way, { figures, fault: null });
        } catch (error) {
          outcomes.set(way, { figures: [], fault: faultOf(error) });
        }
      }
      return outcomes;
    },
  };
}

/** Runs until the time is over; notes the first byte of each run that ended between `began` and `until`. */
async function work(bed: Bed, way: WayName, began: number, until: number, taken: number[]): Promise<void> {
  const text = HELLO.python(0);
  while (performance.now() < until) {
    const run = await runOnce(bed, way, { language: 'python', text }, 'hello 0\n');
    if (run.endedAt >= began && run.endedAt < until) taken.push(run.firstByteAt - run.startedAt);
  }
}

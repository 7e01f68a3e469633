/** Programs that print far more than anybody reads: how fast it goes through, and what it leaves in memory. */
import { residentBytes } from '../../lib/processes.ts';
import { median } from '../../lib/stats.ts';
import type { Bed } from '../bed.ts';
import { byTurns, faultOf, type Line, type Outcome, type Outcomes, runOnce, type Size } from '../measure.ts';
import { flood, lines } from '../programs.ts';
import type { WayName } from '../way.ts';

/** Just below the 16 MiB that end a run, of which 1 MiB is shown. */
const LARGE = flood(255);
/** All of it is shown. */
const SHOWN = flood(16);
const LINES = lines(24_000);
const SAMPLE_MS = 5;
/** No growth, but for when garbage happens to be collected. */
const FLAT = { kind: 'atMost', value: 1.1 } as const;

export const floodLine: Line = {
  title: 'A flood of output, from its first byte to the end of the run',
  metrics: [
    { what: '15.9 MiB in pieces of 64 KiB', unit: 'bytesPerSecond' },
    { what: '1 MiB in such pieces, all shown', unit: 'bytesPerSecond' },
    { what: '0.96 MiB in short lines, all shown', unit: 'bytesPerSecond' },
  ],
  async measure(bed, ways, size) {
    const found: Outcomes[] = [];
    for (const { text, output, bytes } of [LARGE, SHOWN, LINES]) {
      const once = async (way: WayName): Promise<number> => {
        const { firstByteAt, endedAt } = await runOnce(bed, way, { language: 'python', text }, output);
        return (bytes * 1000) / (endedAt - firstByteAt);
      };
      found.push(await byTurns(bed, ways, size.others, once, (taken) => [median(taken)]));
    }
    return new Map(
      ways.map((way) => {
        const outcomes = found.map((outcome) => outcome.get(way)!);
        const fault = outcomes.find(({ fault }) => fault !== null)?.fault ?? null;
        return [way, { figures: outcomes.map(({ figures }) => figures[0] ?? null), fault }];
      }),
    );
  },
};

/**
 * Floods one after another, in three parts. In the first one, what is kept fills up: of a room, the
 * output of its last twenty runs.
 */
export const memoryLine: Line = {
  title: 'Memory under floods, one after another',
  metrics: [
    { what: 'the runner before', unit: 'bytes' },
    { what: 'the runner at its peak', unit: 'bytes' },
    {
      what: 'the runner’s peak in the last part, over that in the middle one',
      unit: 'times',
      goals: [FLAT],
    },
    { what: 'the server before', unit: 'bytes' },
    { what: 'the server at its peak', unit: 'bytes' },
    {
      what: 'the server’s peak in the last part, over that in the middle one',
      unit: 'times',
      goals: [FLAT],
      of: 'client',
    },
  ],
  async measure(bed, ways, { floods }) {
    const outcomes = new Map<WayName, Outcome>();
    for (const way of ways) {
      if (way !== 'runner' && way !== 'client') continue;
      await bed.rested();
      try {
        outcomes.set(way, { figures: await memory(bed, way, floods), fault: null });
      } catch (error) {
        outcomes.set(way, { figures: [], fault: faultOf(error) });
      }
    }
    return outcomes;
  },
};

async function memory(bed: Bed, way: WayName, floods: Size['floods']): Promise<number[]> {
  const pids = [bed.processes.runner, bed.processes.server];
  const before = pids.map((pid) => residentBytes([pid]));
  const peaks = pids.map(() => [0, 0, 0]);
  let part = 0;
  const sample = setInterval(() => {
    pids.forEach((pid, i) => {
      peaks[i]![part] = Math.max(peaks[i]![part]!, residentBytes([pid]));
    });
  }, SAMPLE_MS);
  try {
    for (; part < 3; part++) {
      for (let n = 0; n < floods[part]!; n++) {
        await runOnce(bed, way, { language: 'python', text: LARGE.text }, LARGE.output);
      }
    }
  } finally {
    clearInterval(sample);
  }
  return pids.flatMap((_, i) => [before[i]!, Math.max(...peaks[i]!), peaks[i]![2]! / peaks[i]![1]!]);
}

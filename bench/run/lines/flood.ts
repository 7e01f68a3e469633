/** Programs that print far more than anybody reads. */
import { residentBytes } from '../../lib/processes.ts';
import { median } from '../../lib/stats.ts';
import type { Bed } from '../bed.ts';
import { byTurns, type Line, runOnce } from '../measure.ts';
import { flood, lines } from '../programs.ts';
import type { WayName } from '../way.ts';

/** Just below the 16 MiB that end a run, of which 1 MiB is shown. */
const LARGE = flood(255);
/** All of it is shown. */
const SHOWN = flood(16);
const LINES = lines(24_000);
const SAMPLE_MS = 5;

type Taken = {
  readonly rates: readonly number[];
  /** Resident memory at its highest, of the runner and of the server. */
  readonly peaks: readonly [number, number];
};

export const floodLine: Line = {
  title: 'A flood of output',
  metrics: [
    { what: '15.9 MiB in pieces of 64 KiB', unit: 'bytesPerSecond' },
    { what: '1 MiB in such pieces, all shown', unit: 'bytesPerSecond' },
    { what: '0.96 MiB in short lines, all shown', unit: 'bytesPerSecond' },
    { what: 'memory of the runner at the peak', unit: 'bytes' },
    { what: 'memory of the server at the peak', unit: 'bytes' },
    { what: 'the runner’s peak, last over first', unit: 'bytes' },
    { what: 'the server’s peak, last over first', unit: 'bytes' },
  ],
  measure: (bed, ways, size) =>
    byTurns(
      bed,
      ways,
      size.others,
      (way) => once(bed, way),
      (taken) => figures(taken),
    ),
};

async function once(bed: Bed, way: WayName): Promise<Taken> {
  const watched = way === 'runner' || way === 'client' ? [bed.processes.runner, bed.processes.server] : [];
  const peaks: [number, number] = [0, 0];
  const sample = setInterval(() => {
    watched.forEach((pid, i) => {
      peaks[i] = Math.max(peaks[i]!, residentBytes([pid]));
    });
  }, SAMPLE_MS);
  try {
    const rates: number[] = [];
    for (const { text, output, bytes } of [LARGE, SHOWN, LINES]) {
      const { firstByteAt, endedAt } = await runOnce(bed, way, { language: 'python', text }, output);
      rates.push((bytes * 1000) / (endedAt - firstByteAt));
    }
    return { rates, peaks };
  } finally {
    clearInterval(sample);
  }
}

function figures(taken: readonly Taken[]): (number | null)[] {
  const rates = [0, 1, 2].map((i) => median(taken.map(({ rates }) => rates[i]!)));
  if (taken[0]!.peaks[0] === 0) return rates;
  const highest = ([0, 1] as const).map((i) => Math.max(...taken.map(({ peaks }) => peaks[i])));
  const growth = ([0, 1] as const).map((i) => taken.at(-1)!.peaks[i] - taken[0]!.peaks[i]);
  return [...rates, ...highest, ...growth];
}

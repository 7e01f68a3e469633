/** The pool when all of it was taken at once: how long a run waits then, and when it is full again. */
import { Language } from '@codesync/protocol';
import { WARM } from '../../../apps/runner/src/limits.ts';
import { median } from '../../lib/stats.ts';
import type { Bed } from '../bed.ts';
import { byTurns, type Line, runOnce, withinPatience } from '../measure.ts';
import { hello, WAITS } from '../programs.ts';
import type { WayName } from '../way.ts';

type Taken = { readonly waited: number; readonly full: number | null; readonly all: number | null };

export const recoveryLine: Line = {
  title: 'A pool that is empty',
  metrics: [
    { what: 'first byte of a Python run that begins then, p50', unit: 'ms' },
    { what: 'until Python’s pool is full again, that run served, p50', unit: 'ms' },
    { what: 'all sandboxes taken at once, until all are there again, p50', unit: 'ms' },
  ],
  measure: (bed, ways, size) =>
    byTurns(
      bed,
      ways.filter((way) => way !== 'local' && way !== 'docker-exec'),
      size.others,
      (way) => once(bed, way),
      (taken) => [
        median(taken.map(({ waited }) => waited)),
        taken[0]!.full === null ? null : median(taken.map(({ full }) => full!)),
        taken[0]!.all === null ? null : median(taken.map(({ all }) => all!)),
      ],
    ),
};

async function once(bed: Bed, way: WayName): Promise<Taken> {
  const { text, output } = hello('python');
  if (way === 'docker-run')
    return {
      waited: waitOf(await runOnce(bed, way, { language: 'python', text }, output)),
      full: null,
      all: null,
    };
  const start = await bed.ways[way].prepare({ language: 'python', text });
  const holders = await takeAll(bed, ['python'], WAITS);
  await withinPatience(Promise.all(holders.map(({ spoke }) => spoke)));
  const emptyAt = performance.now();
  const waited = waitOf(await withinPatience(start().ended));
  await withinPatience(bed.full(['python']));
  const full = performance.now() - emptyAt;
  for (const holder of holders) holder.stop();
  await Promise.all(holders.map(({ ended }) => ended));
  if (way !== 'runner') return { waited, full, all: null };

  await bed.rested();
  const takenAt = performance.now();
  // Each ends at once: the compilers refuse it, and to an interpreter it is a program that does nothing.
  const takers = await takeAll(bed, Language.options, '');
  await Promise.all(takers.map(({ ended }) => ended));
  await bed.rested();
  return { waited, full, all: performance.now() - takenAt };
}

/** A run in every sandbox that these languages have waiting. */
async function takeAll(bed: Bed, languages: readonly Language[], text: string) {
  const starts = await Promise.all(
    languages.flatMap((language) =>
      Array.from({ length: WARM[language] }, () => bed.ways.runner.prepare({ language, text })),
    ),
  );
  return starts.map((start) => start());
}

function waitOf({
  startedAt,
  firstByteAt,
}: {
  readonly startedAt: number;
  readonly firstByteAt: number;
}): number {
  return firstByteAt - startedAt;
}
